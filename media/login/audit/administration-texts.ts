import { ofName } from "../../kit/french.ts";
import { part, type Sentence } from "./fact.ts";

/** What the audit log says of accounts, teams, and what is defined for all sessions, in English. */
export const en = {
  "site.set-up": () => "Set the site up as its first administrator",
  "account.added": (f) => `Added the account ${f("account")} (${f("role")})`,
  "account.changed": (f) => `Changed the account ${f("account")}: ${f("changes")}`,
  "account.signed-out": (f) => `Signed ${f("account")} out everywhere`,
  "password.reset": (f) => `Set a new password for ${f("account")}`,
  "team.added": (f) => `Added the team ${f("team")}${part(" with ", f("members"))}`,
  "team.changed": (f) =>
    `Changed the team ${f("team")}${part(", now called ", f("name"))}${part(", now with ", f("members"))}`,
  "team.removed": (f) => `Deleted the team ${f("team")}`,
  "canned-message.added": (f) => `Added the canned message “${f("name")}”`,
  "canned-message.changed": (f) => `Changed the canned message “${f("name")}”`,
  "canned-message.removed": (f) => `Deleted the canned message “${f("name")}”`,
  "field.added": (f) => `Added the field “${f("name")}”`,
  "field.changed": (f) => `Changed the field “${f("name")}”`,
  "field.removed": (f) => `Deleted the field “${f("name")}”`,
  "question.added": (f) => `Added the question “${f("name")}” to a survey`,
  "question.changed": (f) => `Changed the question “${f("name")}” of a survey`,
  "question.removed": (f) => `Deleted the question “${f("name")}” of a survey`,
  "survey.exported": () => "Took the answers to the surveys away as a file",
  "survey.answered": (f) => `Answered the survey (${f("answers")})`,
  "audit.exported": (f) => `Took the audit log away as a file (${f("format")})`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "site.set-up": () => "A mis le site en service comme premier administrateur",
  "account.added": (f) => `A ajouté le compte ${f("account")} (${f("role")})`,
  "account.changed": (f) => `A modifié le compte ${f("account")} : ${f("changes")}`,
  "account.signed-out": (f) => `A déconnecté ${f("account")} partout`,
  "password.reset": (f) => `A changé le mot de passe ${ofName(f("account"))}`,
  "team.added": (f) => `A ajouté l’équipe ${f("team")}${part(" avec ", f("members"))}`,
  "team.changed": (f) =>
    `A modifié l’équipe ${f("team")}${part(", désormais ", f("name"))}${part(", désormais avec ", f("members"))}`,
  "team.removed": (f) => `A supprimé l’équipe ${f("team")}`,
  "canned-message.added": (f) => `A ajouté le message prédéfini « ${f("name")} »`,
  "canned-message.changed": (f) => `A modifié le message prédéfini « ${f("name")} »`,
  "canned-message.removed": (f) => `A supprimé le message prédéfini « ${f("name")} »`,
  "field.added": (f) => `A ajouté le champ « ${f("name")} »`,
  "field.changed": (f) => `A modifié le champ « ${f("name")} »`,
  "field.removed": (f) => `A supprimé le champ « ${f("name")} »`,
  "question.added": (f) => `A ajouté à un questionnaire la question « ${f("name")} »`,
  "question.changed": (f) => `A modifié la question « ${f("name")} » d’un questionnaire`,
  "question.removed": (f) => `A supprimé la question « ${f("name")} » d’un questionnaire`,
  "survey.exported": () => "A exporté les réponses aux questionnaires",
  "survey.answered": (f) => `A répondu au questionnaire (${f("answers")})`,
  "audit.exported": (f) => `A exporté le journal d’audit (${f("format")})`,
};
