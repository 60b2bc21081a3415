import type { Texts } from "./texts.ts";

// The appliance has the same limits and the last word.
const maxNameLength = 64;
const maxShownLength = 100;
const namePattern = /^[\p{L}\p{N}._@+-]*$/u;

/** What is wrong with a name for signing in; undefined for a good one, and for none yet. */
export function nameFault(typed: string, { form }: Texts): string | undefined {
  const name = typed.trim();
  if (!namePattern.test(name)) return form.nameLetters;
  return name.length > maxNameLength ? form.tooLong(maxNameLength, name.length) : undefined;
}

/** What is wrong with a name that others see; undefined for a good one, and for none yet. */
export function shownNameFault(typed: string, { form }: Texts): string | undefined {
  const { length } = typed.trim();
  return length > maxShownLength ? form.tooLong(maxShownLength, length) : undefined;
}
