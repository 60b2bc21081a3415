import { type RunbookCell, runbookShape } from "@handrail/protocol";
import { plainText } from "./plain-text.ts";

/** Most bytes of a runbook that are read. */
const maxFileBytes = 32 * 1024 * 1024;

/** The cells of a `.runbook` file; an empty file is an empty runbook. @throws Error for any other */
export function readRunbook(bytes: Uint8Array): RunbookCell[] {
  if (bytes.length > maxFileBytes) throw new Error("the runbook is too large");
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") return [];
  return runbookShape.parse(JSON.parse(text)).cells.map(neutralised);
}

/** A `.runbook` file: JSON with a line for each value, so that versions can be compared. */
export function writeRunbook(cells: readonly RunbookCell[]): Uint8Array {
  const runbook = { handrailRunbook: 1, cells };
  return new TextEncoder().encode(`${JSON.stringify(runbook, undefined, 2)}\n`);
}

/** A runbook comes from anywhere: what it says was output is treated like output. */
function neutralised(cell: RunbookCell): RunbookCell {
  if (cell.kind === "markdown") return cell;
  const { stdout, stderr, result } = cell;
  const plain = { ...cell, stdout: plainText(stdout), stderr: plainText(stderr) };
  if (!result) return plain;
  const { computer, ending } = result;
  return {
    ...plain,
    result: { ...result, computer: plainText(computer), ending: plainText(ending) },
  };
}
