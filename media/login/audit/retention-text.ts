import { retentionShape } from "@handrail/protocol/upkeep";
import type { Language } from "../language.tsx";
import { readJson } from "./schedule-text.ts";
import { retentionWords } from "./retention-texts.ts";

/** How long things are kept, from the JSON that the audit log has of it. */
export function retentionText(json: string, language: Language): string {
  const words = retentionWords[language];
  const settings = retentionShape.safeParse(readJson(json)).data;
  if (!settings) return json;
  const { recordingDays, snapshotDays, minimumFreeGigabytes } = settings;
  const parts = [
    ...(recordingDays === undefined ? [] : [words.recordingDays(recordingDays)]),
    ...(snapshotDays === undefined ? [] : [words.snapshotDays(snapshotDays)]),
    ...(minimumFreeGigabytes === undefined
      ? []
      : [words.minimumFreeGigabytes(minimumFreeGigabytes)]),
  ];
  return parts.join(", ") || words.nothing;
}
