import type { HealthFormat } from "@handrail/protocol/upkeep";
import { durationText, momentText, sizeText } from "../format.ts";
import type { Language } from "../language.tsx";
import type { Texts } from "../texts.ts";

/** How a reader of /login sees the values of health. */
export function healthFormat(language: Language, texts: Texts): HealthFormat {
  return {
    language,
    size: (sizeBytes) => sizeText(sizeBytes, language, texts),
    moment: (at) => momentText(at, language),
    duration: (durationMs) => durationText(durationMs, texts),
  };
}
