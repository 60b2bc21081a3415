import type { Sentence } from "./fact.ts";

/** What the audit log says of bundles for support, in English. */
export const en = {
  "support.bundle-made": () => "Made a bundle for support",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "support.bundle-made": () => "A fait un paquet pour l’assistance",
};
