/**
 * The clipboard as the client sees it. It lives in a process of its own, for its memory and time:
 * programs that are slow, or that give without end, hold up nothing else. A process that ended is
 * started again at the next use.
 */
import type { ChildProcess } from "node:child_process";
import type { ClipboardCopy } from "@handrail/protocol";
import type { ClipboardHost, ClipboardReading } from "../../core/clipboard/host.ts";
import { type DesktopStart, forkProgram } from "../desktop-user.ts";
import { type ClipboardOrder, ClipboardReport } from "./message.ts";

/** Longer than the process itself takes at most. */
const answerWithinMs = 40_000;

type Answer = Exclude<ClipboardReport, { report: "ready" | "changed" }>;

class ClipboardProgram implements ClipboardHost {
  readonly #program: URL;
  readonly #desktop: DesktopStart | undefined;
  readonly #listeners = new Set<(times: number) => void>();
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  #process: ChildProcess | undefined;
  #lastId = 0;

  constructor(program: URL, desktop: DesktopStart | undefined) {
    this.#program = program;
    this.#desktop = desktop;
  }

  async read(): Promise<ClipboardReading> {
    const answer = await this.#ask((id) => ({ order: "read", id }));
    if (answer?.report === "found") return { copy: answer.copy, sha256: answer.sha256 };
    return { none: answer?.report === "none" ? answer.reason : "failed" };
  }

  async place(copy: ClipboardCopy): Promise<string | undefined> {
    const answer = await this.#ask((id) => ({ order: "place", id, copy }));
    return answer?.report === "placed" ? answer.sha256 : undefined;
  }

  onChange(listener: (times: number) => void): Disposable {
    this.#listeners.add(listener);
    this.#start();
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#ended(this.#process);
  }

  #ask(orderOf: (id: number) => ClipboardOrder): Promise<Answer | undefined> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const done = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => done(undefined), answerWithinMs);
      this.#waiting.set(id, done);
      this.#start().send(orderOf(id), (error) => {
        if (error) done(undefined);
      });
    });
  }

  #start(): ChildProcess {
    if (this.#process) return this.#process;
    const started = forkProgram(this.#program, this.#desktop);
    this.#process = started;
    started.on("message", (message) => this.#heard(ClipboardReport.parse(message)));
    started.on("error", () => this.#ended(started));
    started.on("exit", () => this.#ended(started));
    return started;
  }

  #heard(report: ClipboardReport): void {
    if (report.report === "ready") return;
    if (report.report !== "changed") return this.#waiting.get(report.id)?.(report);
    for (const listener of [...this.#listeners]) listener(report.times);
  }

  #ended(ended: ChildProcess | undefined): void {
    if (!ended || ended !== this.#process) return;
    this.#process = undefined;
    ended.kill("SIGKILL");
    for (const done of [...this.#waiting.values()]) done(undefined);
  }
}

/** `program`: that which has the clipboard. Started at the first use; without `desktop` as this one. */
export function openClipboard(program: URL, desktop?: DesktopStart): ClipboardHost {
  return new ClipboardProgram(program, desktop);
}
