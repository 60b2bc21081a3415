import { part, type Sentence } from "./fact.ts";

/** What the audit log says of keeping and deleting, in English. */
export const en = {
  "retention.changed": (f) =>
    `Changed how long recordings are kept: ${f("retention")} (before: ${f("retentionBefore")})`,
  "retention.purged": (f) =>
    `Deleted ${f("what")} of sessions that ended from ${f("from")} to ${f("to")} (number: ${f("count")}, ${f("sizeBytes")}): ${part("the site keeps them so many days: ", f("keepDays")) || "the disk needed the room"}`,
  "session.kept": () => "Has everything of the session kept for ever",
  "session.no-longer-kept": () => "No longer has the session kept for ever",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "retention.changed": (f) =>
    `A changé la durée de conservation : ${f("retention")} (avant : ${f("retentionBefore")})`,
  "retention.purged": (f) =>
    `A supprimé ${f("what")} de sessions terminées du ${f("from")} au ${f("to")} (nombre : ${f("count")}, ${f("sizeBytes")}) : ${part("le site les garde ce nombre de jours : ", f("keepDays")) || "le disque manquait de place"}`,
  "session.kept": () => "Fait garder pour toujours tout ce qui concerne la session",
  "session.no-longer-kept": () => "Ne fait plus garder la session pour toujours",
};

/** What is deleted of sessions. */
export const purgedKinds = {
  en: { recordings: "the recordings", snapshots: "the snapshots" },
  fr: { recordings: "les enregistrements", snapshots: "les instantanés" },
};

/** How settings are told. */
export const retentionWords = {
  en: {
    recordingDays: (days: number) => `recordings ${days} d`,
    snapshotDays: (days: number) => `snapshots ${days} d`,
    minimumFreeGigabytes: (size: number) => `the oldest go when less than ${size} GB are free`,
    nothing: "everything for ever",
  },
  fr: {
    recordingDays: (days: number) => `enregistrements ${days} j`,
    snapshotDays: (days: number) => `instantanés ${days} j`,
    minimumFreeGigabytes: (size: number) =>
      `les plus anciens partent s’il reste moins de ${size} Go`,
    nothing: "tout pour toujours",
  },
};
