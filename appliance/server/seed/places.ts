import path from "node:path";

/** Where what a seed says is written, and what is known of seeds; tests have folders of their own. */
export interface SeedPlaces {
  /** Folder in the place of `/`. */
  readonly root: string;
  /** Folder of root's, in which it is kept how far a seed has come. */
  readonly state: string;
  /** Folder of the server's data. */
  readonly data: string;
}

/** Those of the appliance's image. */
export const imagePlaces = {
  root: "/",
  state: "/opt/handrail/seed",
  data: "/var/lib/handrail",
} as const satisfies SeedPlaces;

/** How the names of update keys begin that a seed has brought. */
export const seedKeyPrefix = "seed-";
/** Folder of the keys that updates are checked with. */
export const updateKeysFolder = "etc/handrail/update-keys";

/** The files in the folder of what is known of seeds. */
export function stateFiles({ state }: Pick<SeedPlaces, "state">) {
  return {
    /** The whole seed, for root alone, from when it is taken until all of it is done. */
    accepted: path.join(state, "accepted.json"),
    /** When it was done, and which fields it had. */
    applied: path.join(state, "applied.json"),
    refused: {
      en: path.join(state, "refused-en.txt"),
      fr: path.join(state, "refused-fr.txt"),
    },
  };
}
