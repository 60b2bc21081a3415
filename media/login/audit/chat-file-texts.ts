import { part, type Sentence } from "./fact.ts";

/** What the audit log says of files in conversations, in English. */
export const en = {
  "chat-file.offered": (f) =>
    `Sent a file in the chat: ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.opened": () => "Began to send or get a file of the chat",
  "chat-file.saved": (f) =>
    `The customer saved the file ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.given": (f) =>
    `Got from the customer the file ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.refused": (f) => `The file ${f("name")} was not sent: ${f("because")}`,
  "chat-file.closed": () => "Finished sending or getting a file of the chat",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "chat-file.offered": (f) =>
    `A envoyé un fichier dans la discussion : ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.opened": () => "A commencé à envoyer ou à obtenir un fichier de la discussion",
  "chat-file.saved": (f) =>
    `Le client a enregistré le fichier ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.given": (f) =>
    `A obtenu du client le fichier ${f("name")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "chat-file.refused": (f) => `Le fichier ${f("name")} n’a pas été envoyé : ${f("because")}`,
  "chat-file.closed": () => "A fini d’envoyer ou d’obtenir un fichier de la discussion",
};

/** Why a file was not sent. */
export const chatFileReasons = {
  en: {
    gone: "it is no longer there",
    changed: "it has been changed, or did not arrive as it was sent",
  },
  fr: {
    gone: "il n’est plus là",
    changed: "il a été modifié, ou n’est pas arrivé tel qu’il a été envoyé",
  },
};
