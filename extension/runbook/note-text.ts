import { maxNoteLength, type RunbookCell } from "@handrail/protocol";

/** What stands where something was left out. */
const gap = "\n[…]\n";

/** A runbook as text to keep: Markdown as it is, scripts and what they wrote in fences. */
export function noteText(cells: readonly RunbookCell[]): string {
  const whole = (most: number) => cells.map((cell) => cellText(cell, most)).join("\n\n");
  let most = maxNoteLength;
  // The longest outputs make room first: what was done matters more than all of what came of it.
  while (whole(most).length > maxNoteLength && most > 100) most = Math.floor(most / 2);
  return shortened(whole(most), maxNoteLength) || gap;
}

function cellText(cell: RunbookCell, most: number): string {
  if (cell.kind === "markdown") return cell.text;
  const { result } = cell;
  const outputs = [cell.stdout, cell.stderr].filter((output) => output !== "");
  return [
    fenced(cell.text, "sh"),
    ...outputs.map((output) => fenced(shortened(output, most), "")),
    ...(result ? [`${result.ending} – ${result.computer}`] : []),
  ].join("\n\n");
}

/** In a fence that is longer than any in the text. Source: CommonMark, fenced code blocks. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([found]) => found.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** The beginning and the end of a text that is too long. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.max(0, Math.floor((most - gap.length) / 2));
  return (text.slice(0, half) + gap + text.slice(text.length - half)).toWellFormed();
}
