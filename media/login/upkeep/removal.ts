import type { Removal } from "@handrail/protocol/upkeep";
import { localeOf } from "../format.ts";
import type { Language } from "../language.tsx";
import type { Texts } from "../texts.ts";

/** That something is deleted, when and why. */
export function removalText(
  { at, keepDays }: Removal,
  { language, texts }: { language: Language; texts: Texts },
): string {
  const day = new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium" }).format(at);
  const { removedByAge, removedForRoom } = texts.upkeep;
  return keepDays === undefined ? removedForRoom(day) : removedByAge(day, keepDays);
}
