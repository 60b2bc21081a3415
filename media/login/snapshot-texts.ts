import type { SnapshotState } from "@handrail/protocol";

/** What is said of the snapshot of a session's start, in English. */
export const en = {
  title: "The computer at the start",
  text: "How the customer’s computer was when the session began. The audit log says who looks at it.",
  show: "Show the computer",
  saveMarkdown: "Save as Markdown",
  saveJson: "Save as JSON",
  allRows: (count: number) => `Show all ${count} rows`,
  states: {
    none: "",
    taken: "kept",
    refused: "the customer said no",
    failed: "it could not be read; the events say why",
  } satisfies Record<SnapshotState, string>,
};

/** The same in French. */
export const fr: typeof en = {
  title: "L’ordinateur au début",
  text: "L’état de l’ordinateur du client au début de la session. Le journal d’audit dit qui le regarde.",
  show: "Afficher l’ordinateur",
  saveMarkdown: "Enregistrer en Markdown",
  saveJson: "Enregistrer en JSON",
  allRows: (count) => `Afficher les ${count} lignes`,
  states: {
    none: "",
    taken: "gardé",
    refused: "le client a dit non",
    failed: "il n’a pas pu être lu ; les événements disent pourquoi",
  },
};
