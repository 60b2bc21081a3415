import {
  type Channel,
  maxDataBytes,
  type ScriptCustomerMessage,
  scriptCustomerMessage,
  type ScriptEnd,
  scriptEnds,
  type ScriptOrder,
} from "@handrail/protocol";
import { type Clock, Timer } from "../clock.ts";
import type { ToolUse } from "../tools.ts";
import type { ScriptHost, ScriptProcess } from "./host.ts";

/** From this many bytes in the channel on, the script has to wait. */
const highWaterBytes = 64 * 1024;
/** What a script may write in all; one that writes more is ended. */
export const maxScriptOutputBytes = 16 * 1024 * 1024;
/** A message of output and its tag are one frame. */
const maxOutputBytes = maxDataBytes - 1;
/** Of the interpreter's path. */
const maxProgramLength = 256;
/** What the wire's exit code holds. */
const maxCode = 0x7fff;

/** What a run is made of. */
export interface RunParts {
  readonly order: ScriptOrder;
  readonly use: ToolUse;
  readonly host: ScriptHost;
  readonly clock: Clock;
  /** Over, whoever ended it; called once. */
  readonly over: () => void;
}

/**
 * One script that runs, and the channel that it was started through. Its output goes out as fast as
 * the channel takes it. It ends by itself, when it is cancelled, after its time or too much output,
 * or with its channel; with it ends what it has started.
 */
export class ScriptRun {
  readonly #parts: RunParts;
  readonly #process: ScriptProcess;
  readonly #limit: Timer;
  readonly #begunAt: number;
  #written = 0;
  #why: ScriptEnd = "exited";
  #isOver = false;

  /** @throws Error when the script cannot be started */
  constructor(parts: RunParts) {
    this.#parts = parts;
    const { clock, host, order } = parts;
    this.#begunAt = clock.now();
    this.#limit = new Timer(clock);
    this.#process = host.start({
      order,
      output: (stream, bytes) => this.#output(stream, bytes),
      exited: (code) => this.#exited(code),
    });
    this.#say({ type: "started", program: this.#process.program.slice(0, maxProgramLength) });
    this.#limit.set(order.limitMs, () => this.end("time"));
  }

  get #channel(): Channel {
    return this.#parts.use.channel;
  }

  /** Ends the script and says why; its last words come first. */
  end(why: ScriptEnd): void {
    if (this.#isOver || this.#why !== "exited") return;
    this.#why = why;
    // What is paused would never be read to its end.
    this.#process.resume();
    this.#process.end();
  }

  /** The script may not go on: it has no last words. */
  kill(): void {
    if (this.#isOver) return;
    this.end("cancelled");
    this.#process.kill();
  }

  /** Less waits in the channel. */
  drained(): void {
    // The frame that made room is still being taken: whatever is sent now would overtake it.
    void Promise.resolve().then(() => this.#pace());
  }

  #output(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    if (this.#why === "output") return;
    const rest = maxScriptOutputBytes - this.#written;
    const kept = bytes.subarray(0, rest);
    this.#written += kept.length;
    for (let at = 0; at < kept.length; at += maxOutputBytes) {
      this.#say({ type: stream, bytes: kept.subarray(at, at + maxOutputBytes) });
    }
    if (bytes.length > rest) this.end("output");
    else this.#pace();
  }

  #pace(): void {
    if (this.#isOver || this.#why !== "exited") return;
    if (this.#channel.queuedBytes >= highWaterBytes) this.#process.pause();
    else this.#process.resume();
  }

  #exited(code: number): void {
    this.#isOver = true;
    this.#limit.clear();
    const { order, use, clock, over } = this.#parts;
    const { name, revision, sha256 } = order;
    const durationMs = Math.min(Math.round(clock.now() - this.#begunAt), 0xffff_ffff);
    const exitCode = Math.max(-maxCode, Math.min(maxCode, code));
    const why = this.#why;
    const because = why === "exited" ? {} : { because: why };
    const rights = order.grant === undefined ? {} : { isElevated: true };
    const detail = { name, revision, sha256, exitCode, durationMs, ...because, ...rights };
    use.report("script.ran", detail);
    this.#say({ type: "ended", code: exitCode, durationMs, why: scriptEnds.indexOf(why) });
    this.#channel.close();
    over();
  }

  #say(message: ScriptCustomerMessage): void {
    this.#channel.send(scriptCustomerMessage.encode(message));
  }
}
