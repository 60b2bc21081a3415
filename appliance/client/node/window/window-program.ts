import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DesktopStart } from "../desktop-user.ts";
import { MissingLibraryError } from "../native.ts";
import { Lines, type Order, Report } from "./message.ts";

/** How the window's program is started. */
export interface WindowProgramOptions {
  /** The fixed texts of the window, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** For instance ":0"; without it the environment's DISPLAY. */
  readonly display?: string | undefined;
  /** The program; default: the one beside this file. */
  readonly program?: string | undefined;
  /** As whom it is started; default: as this program. */
  readonly desktop?: DesktopStart | undefined;
  /** Whether what GTK complains of is seen where this program was started; default: it is not. */
  readonly isVerbose?: boolean | undefined;
}

/** What is heard of the window's program once it is ready. */
export interface WindowProgramEvents {
  reported(report: Report): void;
  /** It ended by itself. */
  ended(): void;
}

const killAfterMs = 2000;

/** The window's program lies beside this one, in the form this one is run in. */
function besideThis(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./window-process.${extension}`, import.meta.url));
}

/** One process with one window, from its start to its end. */
export class WindowProgram implements Disposable {
  readonly #child: ChildProcess;
  readonly #events: WindowProgramEvents;
  #isOver = false;

  /**
   * Resolves once the window is ready for orders. Rejects with MissingLibraryError where GTK 3 is not
   * installed, or Error when there is no display.
   */
  static start(options: WindowProgramOptions, events: WindowProgramEvents): Promise<WindowProgram> {
    const child = spawnProgram(options);
    const lines = new Lines();
    let ready: WindowProgram | undefined;
    return new Promise((resolve, reject) => {
      child.stdout?.on("data", (bytes: Buffer) => {
        for (const line of lines.push(bytes)) {
          const report = Report.parse(JSON.parse(line));
          if (report.report === "failed" && !ready) reject(failure(report));
          else if (report.report === "ready") resolve((ready = new WindowProgram(child, events)));
          else ready?.receive(report);
        }
      });
      child.once("error", reject);
      child.once("exit", () => {
        ready?.exited();
        reject(new Error("the help window ended before it was open"));
      });
    });
  }

  private constructor(child: ChildProcess, events: WindowProgramEvents) {
    this.#child = child;
    this.#events = events;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  order(order: Order): void {
    if (!this.#isOver) this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** To be called with each report. */
  receive(report: Report): void {
    if (!this.#isOver) this.#events.reported(report);
  }

  /** To be called when the process has ended. */
  exited(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.ended();
  }

  [Symbol.dispose](): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), killAfterMs);
    timer.unref();
    this.#child.once("exit", () => clearTimeout(timer));
  }
}

function spawnProgram(options: WindowProgramOptions): ChildProcess {
  const display = options.display === undefined ? {} : { DISPLAY: options.display };
  const child = spawn(process.execPath, [options.program ?? besideThis()], {
    ...options.desktop,
    // Only X11 lets a window stay above the others, and it is the X screen that is shown.
    env: { ...(options.desktop?.env ?? process.env), ...display, GDK_BACKEND: "x11" },
    stdio: ["pipe", "pipe", options.isVerbose ? "inherit" : "ignore"],
  });
  // Writing to a window that has just ended is no fault: its end is heard of otherwise.
  child.stdin.on("error", () => undefined);
  const open: Order = { order: "open", texts: { ...options.texts } };
  child.stdin.write(`${JSON.stringify(open)}\n`);
  return child;
}

function failure(message: Extract<Report, { report: "failed" }>): Error {
  const { missing, reason } = message;
  if (missing) return new MissingLibraryError(missing.library, missing.packages, reason);
  return new Error(`the help window cannot be opened: ${reason}`);
}
