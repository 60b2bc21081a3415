/**
 * Drawing as the client sees it. It is done in a process of its own, which is started with the first
 * stroke, again when it has ended, and killed when nothing may be drawn any more: whatever it shows
 * goes with it at once.
 */
import { type ChildProcess, fork } from "node:child_process";
import type { DrawHost } from "../../core/draw/tool.ts";
import type { DesktopStart } from "../desktop-user.ts";
import type { DrawOrder } from "./message.ts";

class DrawProgram implements DrawHost {
  readonly #program: URL;
  readonly #desktop: DesktopStart | undefined;
  readonly #failed: (reason: string) => void;
  #process: ChildProcess | undefined;

  constructor(program: URL, failed: (reason: string) => void, desktop: DesktopStart | undefined) {
    this.#program = program;
    this.#desktop = desktop;
    this.#failed = failed;
  }

  draw(use: number, by: string, message: Uint8Array): void {
    this.#tell(this.#start(), { order: "draw", use, by, message });
  }

  clear(use?: number): void {
    if (!this.#process) return;
    this.#tell(this.#process, { order: "clear", ...(use === undefined ? {} : { use }) });
  }

  [Symbol.dispose](): void {
    const started = this.#process;
    this.#process = undefined;
    started?.kill("SIGKILL");
  }

  #start(): ChildProcess {
    if (this.#process) return this.#process;
    const started = fork(this.#program, [], {
      ...this.#desktop,
      ...{ execArgv: [], serialization: "advanced", stdio: ["ignore", "ignore", "ignore", "ipc"] },
    });
    this.#process = started;
    started.on("error", (error) => this.#ended(started, error.message));
    started.on("exit", () => this.#ended(started, "nothing can be drawn on this screen"));
    return started;
  }

  #tell(to: ChildProcess, order: DrawOrder): void {
    to.send(order, (error) => {
      if (error) this.#ended(to, error.message);
    });
  }

  #ended(ended: ChildProcess, reason: string): void {
    if (ended !== this.#process) return;
    this[Symbol.dispose]();
    this.#failed(reason);
  }
}

/**
 * `program`: that which draws; without `desktop` as this one. `failed`: it has ended, and with it
 * whatever was shown.
 */
export function openDrawing(
  program: URL,
  failed: (reason: string) => void,
  desktop?: DesktopStart,
): DrawHost {
  return new DrawProgram(program, failed, desktop);
}
