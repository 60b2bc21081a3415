import { part, type Sentence } from "./fact.ts";
import { syslogOutcomes } from "./syslog-texts.ts";

/** What the audit log says of mail, in English. */
export const en = {
  "mail.changed": (f) =>
    `Changed how mail is sent: ${f("mail") || "not at all"}` +
    part(", ", f("newPassword")) +
    part(" (before: ", f("mailBefore"), ")"),
  "mail.tested": (f) =>
    `Tried to send a test mail to ${f("to")} by ${f("mail")}: ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
  "mail.sent": (f) => `Sent a mail to ${f("to")}: ${f("mailSubject")}`,
  "key.mailed": (f) => `Had the session key sent by e-mail to ${f("to")}`,
  "key.mail-failed": (f) =>
    `The e-mail with the session key to ${f("to")} did not go: ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
  "mail.given-up": (f) =>
    `Gave up a mail to ${f("to")}: ${f("mailSubject")}. The reason: ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "mail.changed": (f) =>
    `A modifié l’envoi du courrier : ${f("mail") || "aucun"}` +
    part(", ", f("newPassword")) +
    part(" (avant : ", f("mailBefore"), ")"),
  "mail.tested": (f) =>
    `A essayé d’envoyer un message d’essai à ${f("to")} par ${f("mail")} : ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
  "mail.sent": (f) => `A envoyé un message à ${f("to")} : ${f("mailSubject")}`,
  "key.mailed": (f) => `A fait envoyer la clé de session par e-mail à ${f("to")}`,
  "key.mail-failed": (f) =>
    `L’e-mail avec la clé de session à ${f("to")} n’est pas parti : ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
  "mail.given-up": (f) =>
    `A abandonné un message à ${f("to")} : ${f("mailSubject")}. La raison : ${f("mailOutcome")}` +
    part(" (", f("answer"), ")"),
};

/** What came of a mail, and of a new password. */
export const mailWords = {
  en: {
    newPassword: "with a new password",
    outcomes: {
      ...syslogOutcomes.en,
      "not-private": "the server is in no private network",
      "no-starttls": "the server did not offer STARTTLS",
      "no-smtp": "what answered was no mail server",
      authentication: "the name or the password was not taken",
      "no-authentication": "the server wanted a name and a password, or took none",
      sender: "the sender’s address was not taken",
      recipient: "the server took no mail for this address",
      "too-large": "the mail was too large",
      "refused-mail": "the server refused the mail",
    },
  },
  fr: {
    newPassword: "avec un nouveau mot de passe",
    outcomes: {
      ...syslogOutcomes.fr,
      "not-private": "le serveur n’est pas dans un réseau privé",
      "no-starttls": "le serveur n’offrait pas STARTTLS",
      "no-smtp": "ce qui répondait n’était pas un serveur de courrier",
      authentication: "le nom ou le mot de passe n’a pas été accepté",
      "no-authentication": "le serveur voulait un nom et un mot de passe, ou n’en prenait pas",
      sender: "l’adresse de l’expéditeur n’a pas été acceptée",
      recipient: "le serveur ne prenait pas de courrier pour cette adresse",
      "too-large": "le message était trop grand",
      "refused-mail": "le serveur a refusé le message",
    },
  },
};
