/** What the session pane says of files in the conversation, in English. */
export const en = {
  send: "Send a file…",
  sent: "File:",
  saved: " ✓ saved by the customer",
  save: (file: string) => `Save ${file}`,
  tooLarge: (name: string, most: string) =>
    `${name} was not sent: a file in the chat holds at most ${most}.`,
  unreadable: (name: string) => `${name} was not sent: it cannot be read.`,
};

/** The same in French. */
export const fr: typeof en = {
  send: "Envoyer un fichier…",
  sent: "Fichier :",
  saved: " ✓ enregistré par le client",
  save: (file) => `Enregistrer ${file}`,
  tooLarge: (name, most) =>
    `${name} n’a pas été envoyé : un fichier de la discussion fait au plus ${most}.`,
  unreadable: (name) => `${name} n’a pas été envoyé : il ne peut pas être lu.`,
};
