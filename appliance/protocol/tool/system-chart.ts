import type { SystemFields, SystemReport } from "./system.ts";
import type { SystemReading } from "./system-snapshot.ts";
import type { SystemWords } from "./system-text.ts";
import { valueText } from "./system-value.ts";

/** One bar of a chart: how much of something is in use. `percent` 0 to 100. */
export interface SystemBar {
  readonly label: string;
  readonly percent: number;
  /** What the bar says, in words. */
  readonly text: string;
}

/** The bars of a category; none for those that have nothing to draw. */
export function barsOf(
  { category, answer }: SystemReading,
  words: SystemWords,
): readonly SystemBar[] {
  if (answer.answer === "failed") return [];
  switch (category) {
    case "processor":
      return processorBars(answer.report, words);
    case "memory":
      return memoryBars(answer.report, words);
    case "disks":
      return rowsOf(answer.report, "fileSystems").flatMap((row) =>
        barOf(row, { label: String(row["mount"] ?? ""), share: "usedPercent" }, words),
      );
    default:
      return [];
  }
}

function processorBars(report: SystemReport, words: SystemWords): SystemBar[] {
  const all = { label: words.field("loadPercent"), share: "loadPercent" };
  const cores = rowsOf(report, "cores").flatMap((row) =>
    barOf(row, { label: `${words.field("core")} ${row["core"]}`, share: "loadPercent" }, words),
  );
  return [...barOf(report.facts, all, words), ...cores];
}

function memoryBars({ facts }: SystemReport, words: SystemWords): SystemBar[] {
  const used = { label: words.category("memory"), share: "usedPercent" };
  const bars = barOf({ ...facts, sizeBytes: facts["totalBytes"] ?? 0 }, used, words);
  const { swapTotalBytes: total, swapUsedBytes: part } = facts;
  if (typeof total !== "number" || typeof part !== "number" || total <= 0) return bars;
  const swap = { sizeBytes: total, usedBytes: part, usedPercent: (part / total) * 100 };
  const label = words.field("swapTotalBytes");
  return [...bars, ...barOf(swap, { label, share: "usedPercent" }, words)];
}

/** A bar of a share among the fields, with the amounts behind it where they are known. */
function barOf(
  fields: SystemFields,
  { label, share }: { label: string; share: string },
  words: SystemWords,
): SystemBar[] {
  const percent = fields[share];
  if (typeof percent !== "number") return [];
  const { usedBytes, sizeBytes } = fields;
  const amounts = [usedBytes, sizeBytes].filter((each) => typeof each === "number" && each > 0);
  const texts = amounts.map((each) => valueText("sizeBytes", each ?? 0, words));
  const text = [valueText(share, percent, words), texts.join(" / ")].filter(Boolean).join(" · ");
  return [{ label, percent: Math.min(Math.max(percent, 0), 100), text }];
}

function rowsOf({ lists }: SystemReport, name: string): readonly SystemFields[] {
  return lists.find((list) => list.name === name)?.rows ?? [];
}
