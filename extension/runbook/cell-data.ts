import { type CellResult, cellResultShape, type RunbookCell } from "@handrail/protocol";
import * as vscode from "vscode";

/** Language of script cells. */
export const cellLanguage = "shellscript";

const mimes = {
  stdout: "application/vnd.code.notebook.stdout",
  stderr: "application/vnd.code.notebook.stderr",
} as const;

/** What a cell has written and how it ended, as VS Code shows it: an output for each stream. */
export function outputsOf(
  { stdout, stderr }: { stdout: string; stderr: string },
  result: CellResult | undefined,
): vscode.NotebookCellOutput[] {
  const { NotebookCellOutputItem: Item, NotebookCellOutput: Output } = vscode;
  const items = [
    ...(stdout === "" ? [] : [Item.stdout(stdout)]),
    ...(stderr === "" ? [] : [Item.stderr(stderr)]),
  ];
  // What wrote nothing still says how it ended.
  const shown = items.length > 0 || !result ? items : [Item.stdout("")];
  return shown.map((item) => new Output([item], result ? { result } : {}));
}

/** How a cell ran, by its outputs. */
export function resultOf(outputs: readonly vscode.NotebookCellOutput[]): CellResult | undefined {
  const result = cellResultShape.safeParse(outputs[0]?.metadata?.["result"]);
  return result.success ? result.data : undefined;
}

/** A cell as VS Code makes one. */
export function toCellData(cell: RunbookCell): vscode.NotebookCellData {
  if (cell.kind === "markdown") {
    return new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, cell.text, "markdown");
  }
  const { result, text } = cell;
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, cellLanguage);
  data.outputs = outputsOf(cell, result);
  if (!result) return data;
  const { startedAt: startTime, durationMs, exitCode } = result;
  const timing = { startTime, endTime: startTime + durationMs };
  data.executionSummary = { success: exitCode === 0, timing };
  return data;
}

/** A cell as it is kept. */
export function fromCell(cell: {
  readonly kind: vscode.NotebookCellKind;
  readonly text: string;
  readonly outputs: readonly vscode.NotebookCellOutput[];
}): RunbookCell {
  const { kind, text, outputs } = cell;
  if (kind === vscode.NotebookCellKind.Markup) return { kind: "markdown", text };
  const result = resultOf(outputs);
  const written = (mime: string) =>
    outputs
      .flatMap(({ items }) => items)
      .filter((item) => item.mime === mime)
      .map(({ data }) => new TextDecoder().decode(data))
      .join("");
  return {
    ...{ kind: "script", text, stdout: written(mimes.stdout), stderr: written(mimes.stderr) },
    ...(result ? { result } : {}),
  };
}
