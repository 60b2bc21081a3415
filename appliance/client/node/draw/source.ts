/**
 * Drawing as the client sees it. It is done in a process of its own, which is started with the first
 * stroke, again when it has ended, and killed when nothing may be drawn any more: whatever it shows
 * goes with it at once, however much of it was still to be shown.
 */
import type { ChildProcess } from "node:child_process";
import type { DrawHost } from "../../core/draw/tool.ts";
import { type DesktopStart, forkProgram } from "../desktop-user.ts";
import type { DrawOrder } from "./message.ts";

/** Orders that the process is given before it has carried out the first of them. */
const maxUnderway = 8;
/** Messages of one use that wait for it: some 15 seconds of a hand that draws. */
const maxWaiting = 512;

class DrawProgram implements DrawHost {
  readonly #program: URL;
  readonly #desktop: DesktopStart | undefined;
  readonly #failed: (reason: string) => void;
  #process: ChildProcess | undefined;
  /** The uses of the orders that the process has not carried out yet, the oldest first. */
  #underway: number[] = [];
  /** What each use is to draw then; they take turns, the first is next. */
  readonly #waiting = new Map<number, DrawOrder[]>();

  constructor(program: URL, failed: (reason: string) => void, desktop: DesktopStart | undefined) {
    this.#program = program;
    this.#desktop = desktop;
    this.#failed = failed;
  }

  draw(use: number, by: string, message: Uint8Array): boolean {
    const waiting = this.#waiting.get(use) ?? [];
    if (waiting.length >= maxWaiting) return false;
    waiting.push({ order: "draw", use, by, message });
    this.#waiting.set(use, waiting);
    this.#next();
    return true;
  }

  clear(use?: number): void {
    if (use === undefined) return this[Symbol.dispose]();
    this.#waiting.delete(use);
    if (!this.#process) return;
    if (!this.#underway.includes(use)) return this.#tell(this.#process, { order: "clear", use });
    // It would come after what is being drawn, which may take its time.
    this.#kill();
    this.#next();
  }

  [Symbol.dispose](): void {
    this.#waiting.clear();
    this.#kill();
  }

  #kill(): void {
    const started = this.#process;
    this.#process = undefined;
    this.#underway = [];
    started?.kill("SIGKILL");
  }

  #next(): void {
    while (this.#underway.length < maxUnderway) {
      const [turn] = this.#waiting;
      if (!turn) return;
      const [use, orders] = turn;
      const order = orders.shift();
      this.#waiting.delete(use);
      if (orders.length > 0) this.#waiting.set(use, orders);
      if (order) this.#tell(this.#start(), order);
    }
  }

  #start(): ChildProcess {
    if (this.#process) return this.#process;
    const started = forkProgram(this.#program, this.#desktop);
    this.#process = started;
    started.on("message", () => this.#shown(started));
    started.on("error", (error) => this.#ended(started, error.message));
    started.on("exit", () => this.#ended(started, "nothing can be drawn on this screen"));
    return started;
  }

  #tell(to: ChildProcess, order: DrawOrder): void {
    this.#underway.push(order.use);
    to.send(order, (error) => {
      if (error) this.#ended(to, error.message);
    });
  }

  /** The screen shows what the oldest order is about. */
  #shown(by: ChildProcess): void {
    if (by !== this.#process) return;
    this.#underway.shift();
    this.#next();
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
