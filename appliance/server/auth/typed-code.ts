import { randomInt } from "node:crypto";

/** What cannot be mistaken for something else on a machine's console or on paper. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ23456789";

/** A new code that somebody types, in groups of four like `BCDF-2345`: 19 bits for each group. */
export function makeTypedCode(groups: number): string {
  return Array.from({ length: groups }, () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(""),
  ).join("-");
}

/** A code as it is compared: case, spaces and dashes make no difference. */
export function normaliseTypedCode(typed: string): string {
  return typed
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");
}
