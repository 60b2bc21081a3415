import { part, type Sentence } from "./fact.ts";

/** What the audit log says of where it is sent, in English. */
export const en = {
  "syslog.changed": (f) =>
    `Changed where the audit log is sent: ${f("target") || "nowhere"}` +
    part(" (before: ", f("targetBefore"), ")"),
  "syslog.tested": (f) => `Tried to send a test message to ${f("target")}: ${f("syslogOutcome")}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "syslog.changed": (f) =>
    `A modifié où va le journal d’audit : ${f("target") || "nulle part"}` +
    part(" (avant : ", f("targetBefore"), ")"),
  "syslog.tested": (f) =>
    `A essayé d’envoyer un message d’essai à ${f("target")} : ${f("syslogOutcome")}`,
};

/** What came of a test message. */
export const syslogOutcomes = {
  en: {
    sent: "it was sent",
    "unknown-name": "nobody knows the server’s name",
    refused: "the server refused the connection",
    unreachable: "there was no way to the server",
    timeout: "the server did not answer",
    untrusted: "the server’s certificate was not trusted",
    "other-certificate": "the server showed another certificate than the pinned one",
    "no-tls": "the server did not speak TLS",
    lost: "the server cut the connection",
    proxy: "the machine’s proxy did not lead there",
  },
  fr: {
    sent: "il est parti",
    "unknown-name": "personne ne connaît le nom du serveur",
    refused: "le serveur a refusé la connexion",
    unreachable: "aucun chemin ne menait au serveur",
    timeout: "le serveur n’a pas répondu",
    untrusted: "le certificat du serveur n’était pas accepté",
    "other-certificate": "le serveur a présenté un autre certificat que celui accepté",
    "no-tls": "le serveur ne parlait pas TLS",
    lost: "le serveur a coupé la connexion",
    proxy: "le proxy de la machine n’y menait pas",
  },
};
