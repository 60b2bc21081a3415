import { type PersonLanguage, sizeText } from "@handrail/protocol";
import type { HealthFormat } from "@handrail/protocol/upkeep";

/** How a report is written where there is no page: times in UTC, as nobody's own are known. */
export function plainFormat(language: PersonLanguage): HealthFormat {
  const day = language === "fr" ? "j" : "d";
  return {
    language,
    size: (sizeBytes) => sizeText(sizeBytes, language),
    moment: (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ") + " UTC",
    duration: (durationMs) => {
      const hours = Math.floor(durationMs / 3_600_000);
      return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} ${day}`;
    },
  };
}
