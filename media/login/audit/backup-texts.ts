import { part, type Sentence } from "./fact.ts";

/** What the audit log says of backups, in English. */
export const en = {
  "backup.made": (f) =>
    `Made the backup ${f("name")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})${part(", ", f("withRecordings"))}${part("; files that had gone meanwhile: ", f("missing"))}`,
  "backup.failed": (f) => `Could not make a backup: ${f("because")}`,
  "backup.downloaded": (f) => `Took the backup ${f("name")} away`,
  "backup.removed": (f) => `Deleted the backup ${f("name")}`,
  "backup.schedule-changed": (f) =>
    `Changed when backups are made: ${f("schedule")} (before: ${f("scheduleBefore")})${part(", ", f("newPassphrase"))}`,
  "backup.restored": (f) =>
    `Restored a backup of ${f("host")}, version ${f("version")}, made at ${f("firstAt")}${part(", ", f("withRecordings"))}`,
  "backup.restore-failed": (f) => `Could not restore a backup: ${f("because")}`,
  "backup.sent": (f) => `Sent the backup ${f("name")} to ${f("target")}`,
  "backup.not-sent": (f) =>
    `Could not send the backup ${f("name")} to ${f("target")}: ${f("because")}`,
  "backup.removed-there": (f) => `Deleted the backup ${f("name")} at ${f("target")}`,
  "backup.sending-cancelled": (f) => `Gave up sending backups: ${f("name")}`,
  "backup.fetched": (f) => `Fetched the backup ${f("name")} from ${f("target")}`,
  "backup.target-changed": (f) =>
    (f("target") === "" ? "Sends backups nowhere" : `Sends backups to ${f("target")}`) +
    part(" (before: ", f("targetBefore"), ")") +
    (f("newSecret") === "" ? "" : ", with a new password or secret key"),
  "backup.target-tried": (f) => `Tried where backups are sent: ${f("target")}`,
  "backup.target-failed": (f) =>
    `Tried where backups are sent, and failed: ${f("target")}: ${f("because")}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "backup.made": (f) =>
    `A fait la sauvegarde ${f("name")} (${f("sizeBytes")}, SHA-256 ${f("sha256")})${part(", ", f("withRecordings"))}${part(" ; fichiers disparus entre-temps : ", f("missing"))}`,
  "backup.failed": (f) => `N’a pas pu faire de sauvegarde : ${f("because")}`,
  "backup.downloaded": (f) => `A emporté la sauvegarde ${f("name")}`,
  "backup.removed": (f) => `A supprimé la sauvegarde ${f("name")}`,
  "backup.schedule-changed": (f) =>
    `A changé quand des sauvegardes sont faites : ${f("schedule")} (avant : ${f("scheduleBefore")})${part(", ", f("newPassphrase"))}`,
  "backup.restored": (f) =>
    `A restauré une sauvegarde de ${f("host")}, version ${f("version")}, faite le ${f("firstAt")}${part(", ", f("withRecordings"))}`,
  "backup.restore-failed": (f) => `N’a pas pu restaurer une sauvegarde : ${f("because")}`,
  "backup.sent": (f) => `A envoyé la sauvegarde ${f("name")} à ${f("target")}`,
  "backup.not-sent": (f) =>
    `N’a pas pu envoyer la sauvegarde ${f("name")} à ${f("target")} : ${f("because")}`,
  "backup.removed-there": (f) => `A supprimé la sauvegarde ${f("name")} chez ${f("target")}`,
  "backup.sending-cancelled": (f) => `A renoncé à envoyer des sauvegardes : ${f("name")}`,
  "backup.fetched": (f) => `A récupéré la sauvegarde ${f("name")} de ${f("target")}`,
  "backup.target-changed": (f) =>
    (f("target") === ""
      ? "N’envoie plus les sauvegardes"
      : `Envoie les sauvegardes à ${f("target")}`) +
    part(" (avant : ", f("targetBefore"), ")") +
    (f("newSecret") === "" ? "" : ", avec un nouveau mot de passe ou une nouvelle clé secrète"),
  "backup.target-tried": (f) => `A essayé la destination des sauvegardes : ${f("target")}`,
  "backup.target-failed": (f) =>
    `A essayé la destination des sauvegardes, en vain : ${f("target")} : ${f("because")}`,
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
    "target-unknown-name": "nobody knows the server’s name",
    "target-refused": "the server refuses the connection",
    "target-unreachable": "there is no way to the server",
    "target-timeout": "the server does not answer",
    "target-lost": "the connection was cut",
    "target-untrusted": "the certificate is not trusted",
    "target-other-certificate": "the server shows another certificate",
    "target-no-tls": "the server does not speak TLS there",
    "target-proxy": "the machine’s proxy does not lead there",
    "target-no-ssh": "the server does not speak SFTP there",
    "target-host-key-unknown": "the server’s key was not confirmed",
    "target-host-key-changed": "the server shows another key than the confirmed one",
    "target-authentication": "the name, password or key is refused",
    "target-no-folder": "there is no such folder",
    "target-no-right": "it is not allowed there",
    "target-full": "there is no room there",
    "target-no-bucket": "there is no such bucket",
    "target-wrong-region": "the bucket is in another region",
    "target-clock-skew": "the clocks differ",
    "target-not-found": "it is not there any more",
    "target-rejected": "the server refuses it without a reason",
    "target-no-space": "the appliance’s disk is full",
    "target-cancelled": "it was cancelled",
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
    "target-unknown-name": "personne ne connaît le nom du serveur",
    "target-refused": "le serveur refuse la connexion",
    "target-unreachable": "aucun chemin ne mène au serveur",
    "target-timeout": "le serveur ne répond pas",
    "target-lost": "la connexion a été coupée",
    "target-untrusted": "le certificat n’est pas reconnu",
    "target-other-certificate": "le serveur montre un autre certificat",
    "target-no-tls": "le serveur ne parle pas TLS à cet endroit",
    "target-proxy": "le proxy de la machine n’y mène pas",
    "target-no-ssh": "le serveur ne parle pas SFTP à cet endroit",
    "target-host-key-unknown": "la clé du serveur n’a pas été confirmée",
    "target-host-key-changed": "le serveur montre une autre clé que celle confirmée",
    "target-authentication": "le nom, le mot de passe ou la clé est refusé",
    "target-no-folder": "ce dossier n’existe pas",
    "target-no-right": "ce n’est pas autorisé à cet endroit",
    "target-full": "il n’y a plus de place là-bas",
    "target-no-bucket": "ce compartiment n’existe pas",
    "target-wrong-region": "le compartiment est dans une autre région",
    "target-clock-skew": "les horloges diffèrent",
    "target-not-found": "elle n’y est plus",
    "target-rejected": "le serveur refuse sans dire pourquoi",
    "target-no-space": "le disque de l’appliance est plein",
    "target-cancelled": "c’était annulé",
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
