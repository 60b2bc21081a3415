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

/** The files of the machine that a seed writes. A factory reset takes them away: packer's `reset`. */
export const systemFiles = {
  language: "etc/handrail/language",
  network: "etc/systemd/network/10-handrail.network",
  timeServers: "etc/systemd/timesyncd.conf.d/handrail.conf",
  proxy: "etc/apt/apt.conf.d/53handrail-proxy",
  /** While it is there, this is a jumpoint: no server starts. */
  jumpoint: "etc/handrail/jumpoint",
} as const;

/** The link that says in which zone the machine is. */
export const timeZoneLink = "etc/localtime";
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
