import { systemWords } from "@handrail/protocol";
import type { DeedFacts } from "./deed-texts.ts";

/** What the customer reads about the snapshot that is kept with the session, in English. */
export const en = {
  consent: {
    snapshot: {
      title: (name: string) => `${name} would like to keep a record of how your computer is now`,
      body: () =>
        "What it says of itself is read once and kept with this session: its memory, disks, network, " +
        "users, running programs and services, installed software and errors in its log. Your files " +
        "are not opened and nothing is changed.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
  },
  uses: {
    snapshot: (name: string) => `A record of how your computer is now is being made for ${name}`,
  },
  deeds: {
    "snapshot.kept": ({ categories }: DeedFacts) =>
      `Kept with this session how your computer is now: ${listed(categories, "en")}`,
  },
};

/** In French. */
export const fr: typeof en = {
  consent: {
    snapshot: {
      title: (name: string) =>
        `${name} souhaite garder un relevé de l’état actuel de votre ordinateur`,
      body: () =>
        "Ce qu’il dit de lui-même est lu une fois et gardé avec cette session : sa mémoire, ses " +
        "disques, son réseau, ses utilisateurs, les programmes et services en cours, les logiciels " +
        "installés et les erreurs de son journal. Vos fichiers ne sont pas ouverts et rien n’est " +
        "modifié.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
  },
  uses: {
    snapshot: (name: string) => `Un relevé de l’état de votre ordinateur est fait pour ${name}`,
  },
  deeds: {
    "snapshot.kept": ({ categories }: DeedFacts) =>
      `A gardé avec cette session l’état de votre ordinateur : ${listed(categories, "fr")}`,
  },
};

/** The categories by their names, `computer memory` as `Computer, Memory`. */
function listed(categories: string | number | boolean | undefined, language: string): string {
  const names = String(categories ?? "").split(" ");
  return names.map((name) => systemWords(language).category(name)).join(", ");
}
