import { type Fact, part, type Sentence } from "./fact.ts";

function changes(f: Fact, mark: string, words: readonly string[]): string {
  return (["name", "address", "seats"] as const)
    .map(
      (fact, i) =>
        part(`${mark} ${words[i] ?? fact} `, f(`${fact}Before`), "") + part(" → ", f(fact)),
    )
    .join("");
}

/** What is said of the site’s settings, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  "site.changed": (f) => `Changed the site${changes(f, ";", ["name", "address", "seats"])}`,
} satisfies Record<string, Sentence>;

/** The same in French. */
export const fr: typeof en = {
  "site.changed": (f) => `A modifié le site${changes(f, " ;", ["nom", "adresse", "postes"])}`,
};
