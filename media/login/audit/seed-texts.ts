import { part, type Sentence } from "./fact.ts";

/** What the audit log says of what an appliance was told before its first start, in English. */
export const en = {
  "seed.applied": (f) =>
    `Set the appliance up by a seed (${f("settings")})${part("; site ", f("siteAddress"))}${part("; first administrator ", f("account"))}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "seed.applied": (f) =>
    `A installé l’appliance par une amorce (${f("settings")})${part(" ; site ", f("siteAddress"))}${part(" ; premier administrateur ", f("account"))}`,
};
