import * as vscode from "vscode";
import { OutputFilter } from "../shell/output-filter.ts";
import { brokenText, endText } from "./end-text.ts";
import type { RunEnd, RunListener } from "./script-run.ts";

const interrupt = "\u0003";

/** Runs the script; follows it to its end. */
export type StartRun = (listener: RunListener, signal: AbortSignal) => Promise<RunEnd>;

/**
 * A terminal that shows what a script writes on the customer's computer, and takes nothing but
 * Ctrl-C, which cancels it, as closing does.
 */
export class ScriptTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #done = new vscode.EventEmitter<number | void>();
  readonly #start: StartRun;
  readonly #stop = new AbortController();
  readonly #streams = { stdout: new Shown(), stderr: new Shown() };
  #end: RunEnd | "broken" | undefined;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#done.event;

  constructor(start: StartRun) {
    this.#start = start;
  }

  open(): void {
    const output: RunListener["output"] = (stream, bytes) =>
      this.#written.fire(this.#streams[stream].push(bytes));
    this.#start({ output }, this.#stop.signal).then(
      (end) => this.#over(end, endText(end)),
      (error: unknown) => this.#over("broken", brokenText(error)),
    );
  }

  close(): void {
    this.#stop.abort();
    this.#written.dispose();
    this.#done.dispose();
  }

  handleInput(text: string): void {
    if (!this.#end) {
      if (text.includes(interrupt)) this.#stop.abort();
      return;
    }
    this.#done.fire(this.#end === "broken" ? undefined : this.#end.code);
  }

  #over(end: RunEnd | "broken", text: string): void {
    this.#end = end;
    this.#say(text);
    this.#say(vscode.l10n.t("press any key to close the terminal"));
  }

  /** A line of the console's own, dim, so that it is not taken for the script's. */
  #say(text: string): void {
    this.#written.fire(`\r\n\u001b[0;2m[${text}]\u001b[0m\r\n`);
  }
}

/** One stream of bytes as a terminal may show it: without what would attack the viewer. */
class Shown {
  readonly #decoder = new TextDecoder();
  readonly #filter = new OutputFilter();

  push(bytes: Uint8Array): string {
    const text = this.#filter.push(this.#decoder.decode(bytes, { stream: true }));
    // There is no terminal at the other end that would do so.
    return text.replace(/\r?\n/g, "\r\n");
  }
}
