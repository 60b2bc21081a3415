import { part, type Sentence } from "./fact.ts";

/** What the audit log says of the snapshot of a session's start, in English. */
export const en = {
  "snapshot.taken": (f) =>
    `Kept how the customer’s computer was at the start: ${f("categories")} categories${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "snapshot.refused": () => "Refused to have a record kept of how the computer was at the start",
  "snapshot.failed": (f) => `Could not keep how the computer was at the start: ${f("code")}`,
  "snapshot.opened": () => "Opened the record of how the customer’s computer was at the start",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "snapshot.taken": (f) =>
    `A gardé l’état initial de l’ordinateur du client : ${f("categories")} catégories${part(", ", f("sizeBytes"))}${part(", SHA-256 ", f("sha256"))}`,
  "snapshot.refused": () => "A refusé que l’état initial de l’ordinateur soit gardé",
  "snapshot.failed": (f) => `N’a pas pu garder l’état initial de l’ordinateur : ${f("code")}`,
  "snapshot.opened": () => "A ouvert le relevé de l’état initial de l’ordinateur du client",
};

/** Why there is none. */
export const snapshotReasons = {
  en: {
    "frame-too-large": "the computer told more than is kept",
    "protocol-violation": "what the computer told makes no sense",
    "too-slow": "it took too long",
    unavailable: "the computer cannot say, or its line broke off",
  },
  fr: {
    "frame-too-large": "l’ordinateur en a dit plus que ce qui est gardé",
    "protocol-violation": "ce que l’ordinateur a dit n’a pas de sens",
    "too-slow": "c’était trop long",
    unavailable: "l’ordinateur ne peut pas le dire, ou sa ligne a été coupée",
  },
};
