import { part, type Sentence } from "./fact.ts";

/** What the audit log says of the clipboard, in English. */
export const en = {
  "clipboard-to-customer.opened": () => "Began to send to the customer’s clipboard",
  "clipboard-to-customer.placed": (f) =>
    `Put on the customer’s clipboard: ${f("format")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "clipboard-to-customer.refused": (f) =>
    `Could not send to the customer’s clipboard: ${f("because")}`,
  "clipboard-to-customer.closed": () => "Finished sending to the customer’s clipboard",
  "clipboard-from-customer.opened": () => "Began to get what the customer copies",
  "clipboard-from-customer.given": (f) =>
    `Got from the customer’s clipboard: ${f("format")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "clipboard-from-customer.refused": (f) => `Did not get the customer’s clipboard: ${f("because")}`,
  "clipboard-from-customer.closed": () => "Finished getting what the customer copies",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "clipboard-to-customer.opened": () => "A commencé à envoyer vers le presse-papiers du client",
  "clipboard-to-customer.placed": (f) =>
    `A mis dans le presse-papiers du client : ${f("format")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "clipboard-to-customer.refused": (f) =>
    `N’a pas pu envoyer vers le presse-papiers du client : ${f("because")}`,
  "clipboard-to-customer.closed": () => "A fini d’envoyer vers le presse-papiers du client",
  "clipboard-from-customer.opened": () => "A commencé à obtenir ce que le client copie",
  "clipboard-from-customer.given": (f) =>
    `A obtenu du presse-papiers du client : ${f("format")}${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "clipboard-from-customer.refused": (f) =>
    `N’a pas obtenu le presse-papiers du client : ${f("because")}`,
  "clipboard-from-customer.closed": () => "A fini d’obtenir ce que le client copie",
};

/** Why something was not sent or given. */
export const reasons = {
  en: {
    secret: "a password manager marks it as secret",
    format: "neither text nor an image",
    "too-large": "too large",
    large: "too large to follow by itself",
    "too-slow": "the program it was copied in did not give it in time",
    "too-often": "copied too often",
    failed: "the clipboard could not be used",
  },
  fr: {
    secret: "un gestionnaire de mots de passe le marque comme secret",
    format: "ni texte ni image",
    "too-large": "trop volumineux",
    large: "trop volumineux pour suivre de lui-même",
    "too-slow": "le programme d’où vient la copie ne l’a pas donnée à temps",
    "too-often": "copié trop souvent",
    failed: "le presse-papiers n’a pas pu être utilisé",
  },
};
