/** A fact of an event by its name, in the reader's words; empty when there is none. */
export type Fact = (name: string) => string;

/** What happened, after the name of who did it. */
export type Sentence = (fact: Fact) => string;

/** A part of a sentence that is left out when there is nothing to say in it. */
export function part(before: string, fact: string, behind = ""): string {
  return fact === "" ? "" : before + fact + behind;
}
