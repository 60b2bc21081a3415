import { part, type Sentence } from "./fact.ts";

/** What the audit log says of backups, in English. */
export const en = {
  "backup.made": (f) =>
    `Made the backup ${f("name")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})${part(", ", f("withRecordings"))}`,
  "backup.failed": (f) => `Could not make a backup: ${f("because")}`,
  "backup.downloaded": (f) => `Took the backup ${f("name")} away`,
  "backup.removed": (f) => `Deleted the backup ${f("name")}`,
  "backup.schedule-changed": (f) =>
    `Changed when backups are made: ${f("schedule")} (before: ${f("scheduleBefore")})${part(", ", f("newPassphrase"))}`,
  "backup.restored": (f) =>
    `Restored a backup of ${f("host")}, version ${f("version")}, made at ${f("firstAt")}${part(", ", f("withRecordings"))}`,
  "backup.restore-failed": (f) => `Could not restore a backup: ${f("because")}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "backup.made": (f) =>
    `A fait la sauvegarde ${f("name")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})${part(", ", f("withRecordings"))}`,
  "backup.failed": (f) => `N’a pas pu faire de sauvegarde : ${f("because")}`,
  "backup.downloaded": (f) => `A emporté la sauvegarde ${f("name")}`,
  "backup.removed": (f) => `A supprimé la sauvegarde ${f("name")}`,
  "backup.schedule-changed": (f) =>
    `A changé quand des sauvegardes sont faites : ${f("schedule")} (avant : ${f("scheduleBefore")})${part(", ", f("newPassphrase"))}`,
  "backup.restored": (f) =>
    `A restauré une sauvegarde de ${f("host")}, version ${f("version")}, faite le ${f("firstAt")}${part(", ", f("withRecordings"))}`,
  "backup.restore-failed": (f) => `N’a pas pu restaurer une sauvegarde : ${f("because")}`,
};

/** Why a backup was not made, or not restored. */
export const backupReasons = {
  en: {
    "backup-not-a-backup": "the file is no backup of Handrail",
    "backup-newer": "it was made by a newer version",
    "backup-wrong-passphrase": "the passphrase is another one",
    "backup-damaged": "it was cut short or changed after it was made",
    "backup-too-many-files": "it lists more files than a backup can have",
    "backup-no-space": "there is not enough room on the disk",
    "backup-failed": "it did not work",
    "backup-busy": "another restore was not finished",
    "backup-passphrase": "there was no passphrase",
    "backup-set-up": "the appliance is set up",
  },
  fr: {
    "backup-not-a-backup": "le fichier n’est pas une sauvegarde de Handrail",
    "backup-newer": "elle a été faite par une version plus récente",
    "backup-wrong-passphrase": "la phrase secrète est une autre",
    "backup-damaged": "elle a été tronquée ou modifiée après coup",
    "backup-too-many-files": "elle énumère plus de fichiers qu’une sauvegarde ne peut en avoir",
    "backup-no-space": "il n’y a pas assez de place sur le disque",
    "backup-failed": "cela n’a pas fonctionné",
    "backup-busy": "une autre restauration n’était pas terminée",
    "backup-passphrase": "il n’y avait pas de phrase secrète",
    "backup-set-up": "l’appliance est configurée",
  },
};

/** How a schedule is told; `at` is the time of day. */
export const scheduleWords = {
  en: {
    off: "none by themselves",
    daily: (at: string) => `daily at ${at}`,
    weekly: (day: string, at: string) => `on ${day} at ${at}`,
    keep: (count: number) => `the last ${count} are kept`,
    recordings: "with recordings",
    noRecordings: "without recordings",
    newPassphrase: "with a new passphrase",
  },
  fr: {
    off: "aucune automatiquement",
    daily: (at: string) => `chaque jour à ${at}`,
    weekly: (day: string, at: string) => `le ${day} à ${at}`,
    keep: (count: number) => `les ${count} dernières sont gardées`,
    recordings: "avec les enregistrements",
    noRecordings: "sans les enregistrements",
    newPassphrase: "avec une nouvelle phrase secrète",
  },
};
