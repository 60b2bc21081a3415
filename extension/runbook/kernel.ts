import type { CellResult, Lsid } from "@handrail/protocol";
import * as vscode from "vscode";
import { brokenText, endText } from "../script/end-text.ts";
import { hashOf, type ScriptDesk } from "../script/script-desk.ts";
import { cellLanguage, outputsOf } from "./cell-data.ts";
import { CellOutput } from "./cell-output.ts";
import { runName } from "./run-name.ts";

/** How often what a cell writes is shown anew, ms. */
const showEveryMs = 200;
/** Of a notebook's type, as the manifest declares it. */
export const notebookType = "handrail-runbook";

/** A customer's computer as what runs the cells of a runbook. */
export class Kernel implements vscode.Disposable {
  readonly lsid: Lsid;
  readonly #desk: ScriptDesk;
  readonly #controller: vscode.NotebookController;
  readonly #computer: string;
  readonly #elevated: WeakSet<vscode.TextDocument>;
  #order = 0;

  /**
   * `computer`: its name, for results. `elevated`: cells that are to run with an administrator's
   * rights the next time, and only then.
   */
  constructor(
    desk: ScriptDesk,
    lsid: Lsid,
    names: { label: string; computer: string },
    elevated: WeakSet<vscode.TextDocument>,
  ) {
    this.#elevated = elevated;
    const { label, computer } = names;
    this.lsid = lsid;
    this.#desk = desk;
    this.#computer = computer;
    const id = `handrail-session-${lsid}`;
    this.#controller = vscode.notebooks.createNotebookController(id, notebookType, label);
    this.#controller.supportedLanguages = [cellLanguage];
    this.#controller.supportsExecutionOrder = true;
    this.#controller.executeHandler = async (cells) => {
      // One after the other, as they stand; what fails stops those below it.
      for (const cell of cells) if (!(await this.#run(cell))) return;
    };
  }

  set label(label: string) {
    if (this.#controller.label !== label) this.#controller.label = label;
  }

  dispose(): void {
    this.#controller.dispose();
  }

  /** Whether it ended as it should. */
  async #run(cell: vscode.NotebookCell): Promise<boolean> {
    const execution = this.#controller.createNotebookCellExecution(cell);
    execution.executionOrder = ++this.#order;
    const startedAt = Date.now();
    execution.start(startedAt);
    await execution.clearOutput();
    const output = new CellOutput();
    const show = (result?: CellResult) =>
      execution.replaceOutput(outputsOf(output.texts(omittedText), result));
    const showing = setInterval(() => void show(), showEveryMs);
    const result = await this.#follow(cell, output, execution.token).finally(() =>
      clearInterval(showing),
    );
    await show({ ...result, startedAt });
    const isGood = result.exitCode === 0;
    execution.end(isGood, startedAt + result.durationMs);
    return isGood;
  }

  async #follow(
    cell: vscode.NotebookCell,
    output: CellOutput,
    token: vscode.CancellationToken,
  ): Promise<Omit<CellResult, "startedAt">> {
    const stop = new AbortController();
    const subscription = token.onCancellationRequested(() => stop.abort());
    const listener = { output: output.push.bind(output) };
    const computer = this.#computer;
    const { path, scheme } = cell.notebook.uri;
    const runbook = scheme === "untitled" ? vscode.l10n.t("Unsaved runbook") : path;
    const name = runName(runbook, vscode.l10n.t("cell {0}", cell.index + 1));
    const begunAt = Date.now();
    try {
      const source = { name, text: cell.document.getText() };
      const isElevated = this.#elevated.delete(cell.document);
      const needs = ["shell"] as const;
      const wanted = { source, name, needs, sha256: hashOf(source.text), isElevated };
      const options = { listener, signal: stop.signal };
      const end = await this.#desk.run(this.lsid, wanted, options);
      const { code, durationMs, why } = end;
      const exitCode = why === "exited" ? { exitCode: code } : {};
      return { computer, durationMs, ...exitCode, ending: endText(end) };
    } catch (error) {
      const ending = brokenText(error);
      output.push("stderr", new TextEncoder().encode(`${ending}\n`));
      return { computer, durationMs: Date.now() - begunAt, ending };
    } finally {
      subscription.dispose();
    }
  }
}

function omittedText(count: number): string {
  return vscode.l10n.t("[… {0} more characters]", count);
}
