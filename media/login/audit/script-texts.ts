import { part, type Sentence } from "./fact.ts";

/** What canned scripts, their runs and notes are told with. `fr` has the same keys. */
export const en = {
  "script.added": (f) =>
    `Added the script “${f("script")}” (revision ${f("revision")}, SHA-256 ${f("sha256")})`,
  "script.changed": (f) =>
    `Changed the script “${f("script")}”${part(", before “", f("nameBefore"), "”")} ` +
    `(revision ${f("revision")}, SHA-256 before ${f("sha256Before")}, now ${f("sha256")})`,
  "script.removed": (f) =>
    `Deleted the script “${f("script")}” (revision ${f("revision")}, SHA-256 ${f("sha256Before")})`,
  "script.opened": (f) =>
    `Started the script “${f("name")}” on the customer’s computer ` +
    `(revision ${f("revision")}, SHA-256 ${f("sha256")})`,
  "script.ran": (f) =>
    `The script “${f("name")}” ended with exit code ${f("exitCode")}` +
    `${part(" after ", f("durationMs"))}${part(": ", f("because"))} (revision ${f("revision")})`,
  "script.closed": (f) => `The script is over${part(": ", f("because"))}`,
  "note.kept": (f) =>
    `Kept a note${part(": “", f("title"), "”")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})`,
} as const satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: { readonly [K in keyof typeof en]: Sentence } = {
  "script.added": (f) =>
    `A ajouté le script « ${f("script")} » (révision ${f("revision")}, SHA-256 ${f("sha256")})`,
  "script.changed": (f) =>
    `A modifié le script « ${f("script")} »${part(", auparavant « ", f("nameBefore"), " »")} ` +
    `(révision ${f("revision")}, SHA-256 avant ${f("sha256Before")}, maintenant ${f("sha256")})`,
  "script.removed": (f) =>
    `A supprimé le script « ${f("script")} » (révision ${f("revision")}, ` +
    `SHA-256 ${f("sha256Before")})`,
  "script.opened": (f) =>
    `A lancé le script « ${f("name")} » sur l’ordinateur du client ` +
    `(révision ${f("revision")}, SHA-256 ${f("sha256")})`,
  "script.ran": (f) =>
    `Le script « ${f("name")} » s’est terminé avec le code de sortie ${f("exitCode")}` +
    `${part(" après ", f("durationMs"))}${part(" : ", f("because"))} (révision ${f("revision")})`,
  "script.closed": (f) => `Le script est terminé${part(" : ", f("because"))}`,
  "note.kept": (f) =>
    `A conservé une note${part(" : « ", f("title"), " »")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})`,
};

/** Why a script was ended. */
export const scriptReasons = {
  en: { cancelled: "cancelled", time: "it took too long", output: "it wrote too much" },
  fr: { cancelled: "annulé", time: "il a duré trop longtemps", output: "il a trop écrit" },
};
