import { part, type Sentence } from "./fact.ts";

/** What the audit log says of updates, in English. */
export const en = {
  "update.installed": (f) =>
    `Installed release ${f("version")}; before it was ${f("versionBefore")}`,
  "update.rolled-back": (f) => `Went back from release ${f("versionBefore")} to ${f("version")}`,
  "update.failed": (f) =>
    `Release ${f("version")} was not installed, ${f("versionBefore")} goes on: ${f("because")}${part("; ", f("isDatabaseRestored"))}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "update.installed": (f) =>
    `A installé la version ${f("version")} ; avant, c’était la ${f("versionBefore")}`,
  "update.rolled-back": (f) =>
    `Est revenu de la version ${f("versionBefore")} à la ${f("version")}`,
  "update.failed": (f) =>
    `La version ${f("version")} n’a pas été installée, la ${f("versionBefore")} continue : ${f("because")}${part(" ; ", f("isDatabaseRestored"))}`,
};

/** Why a release was not installed, once that was begun. */
export const updateReasons = {
  en: {
    "update-damaged": "the file is damaged",
    "update-no-space": "there is not enough room on the disk",
    "update-did-not-stop": "the server could not be stopped",
    "update-database-copy": "the database could not be copied",
    "update-not-healthy": "it was not well in time",
    "update-interrupted": "it was cut short",
    "update-failed": "it did not work",
  },
  fr: {
    "update-damaged": "le fichier est endommagé",
    "update-no-space": "il n’y a pas assez de place sur le disque",
    "update-did-not-stop": "le serveur n’a pas pu être arrêté",
    "update-database-copy": "la base de données n’a pas pu être copiée",
    "update-not-healthy": "elle n’a pas bien fonctionné à temps",
    "update-interrupted": "elle a été interrompue",
    "update-failed": "cela n’a pas fonctionné",
  },
};

/** What is said when the database was put back. */
export const restoredWords = {
  en: "the database is as it was before",
  fr: "la base de données est comme avant",
};
