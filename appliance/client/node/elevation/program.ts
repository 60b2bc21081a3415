import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { interpreterOf } from "@handrail/protocol";
import type { ElevatedProgram } from "../../core/elevation/host.ts";
import type { ScriptProcess, ScriptStart } from "../../core/script/host.ts";
import type { ShellProcess, ShellStart } from "../../core/shell/host.ts";
import { type ElevatedOrder, type ElevatedReport, ReportReader } from "./message.ts";

/** A client that was started comes back into its session within this time, ms. */
const clientWithinMs = 45_000;
/** What does not end when it is told to has its input closed, ms. */
const endWithinMs = 6000;
/** Of a program that has ended without saying how. */
const unknownCode = 1;

/** What the program's own work is told. */
interface Worker {
  output(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  exited(code: number): void;
}

/** What a program with the rights is started with. */
export interface ElevatedStart {
  readonly child: ChildProcess;
  /** Path of the administrator's shell. */
  readonly shell: string;
  /** For the programs that it starts. */
  readonly variables: Readonly<Record<string, string>>;
  /** What a client is told that comes back with the secret; see `Join`. */
  readonly joinWith: (secret: string) => string;
}

/** The client's end of its program with an administrator's rights. */
export class RunningElevated implements ElevatedProgram {
  readonly shells;
  readonly scripts;
  readonly ended: Promise<void>;
  readonly #start: ElevatedStart;
  readonly #taken: (() => void)[] = [];
  #worker: Worker | undefined;
  #isUsed = false;
  #isPaused = false;
  #isReleased = false;
  #hasEnded = false;

  /** The program has reported that it is ready. */
  constructor(start: ElevatedStart) {
    this.#start = start;
    const { child } = start;
    this.shells = {
      nonce: () => randomBytes(16).toString("hex"),
      start: (shell: ShellStart) => this.#startShell(shell),
    };
    this.scripts = {
      platform: "linux" as const,
      start: (script: ScriptStart) => this.#startScript(script),
    };
    const reader = new ReportReader();
    child.stdout?.on("data", (bytes: Buffer) => {
      const reports = reader.push(bytes);
      if (reports) for (const report of reports) this.#hear(report);
      else this.#giveUp();
    });
    this.ended = new Promise((resolve) => {
      child.once("close", () => {
        this.#hasEnded = true;
        this.#over(unknownCode);
        resolve();
      });
    });
  }

  async startClient(secret: string): Promise<boolean> {
    this.#use();
    const over = Promise.withResolvers<false>();
    this.#worker = { output: () => undefined, exited: () => over.resolve(false) };
    const { variables, joinWith } = this.#start;
    this.#order({ order: "client", join: joinWith(secret), variables: { ...variables } });
    // That it has come the link tells, and not this program: there is no other answer here than no.
    const timer = setTimeout(() => over.resolve(false), clientWithinMs).unref();
    return over.promise.finally(() => clearTimeout(timer));
  }

  release(): void {
    this.#isReleased = true;
    this.#start.child.stdin?.end();
  }

  [Symbol.dispose](): void {
    if (this.#hasEnded) return;
    const { stdin } = this.#start.child;
    if (this.#isReleased) return;
    if (!this.#isUsed) return void stdin?.end();
    this.#order({ order: "kill" });
    const timer = setTimeout(() => stdin?.end(), endWithinMs);
    void this.ended.then(() => clearTimeout(timer));
  }

  #startShell({ size, nonce, output, exited }: ShellStart): ShellProcess {
    this.#use();
    this.#worker = { output: (_stream, bytes) => output(bytes), exited };
    const { shell, variables } = this.#start;
    this.#order({ order: "shell", nonce, ...size, variables: { ...variables } });
    return {
      program: shell,
      isElevated: true,
      write: (bytes, taken) => this.#write(bytes, taken),
      resize: ({ columns, rows }) => this.#order({ order: "resize", columns, rows }),
      pause: () => this.#setPaused(true),
      resume: () => this.#setPaused(false),
      hangUp: () => this.#order({ order: "end" }),
    };
  }

  #startScript({ order, output, exited }: ScriptStart): ScriptProcess {
    this.#use();
    this.#worker = { output, exited };
    const { variables } = this.#start;
    const { text, variables: added } = order;
    this.#order({ order: "script", text, added, variables: { ...variables } });
    return {
      program: interpreterOf(text).program,
      pause: () => this.#setPaused(true),
      resume: () => this.#setPaused(false),
      end: () => this.#order({ order: "end" }),
      kill: () => this.#order({ order: "kill" }),
    };
  }

  /** It is told once, for it is asked after all that is shown. */
  #setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    this.#order({ order: isPaused ? "pause" : "resume" });
  }

  #use(): void {
    if (this.#isUsed) throw new Error("a grant is for one thing");
    this.#isUsed = true;
  }

  #write(bytes: Uint8Array, taken: () => void): void {
    if (this.#hasEnded) return taken();
    this.#taken.push(taken);
    this.#order({ order: "input", bytes: Buffer.from(bytes).toString("base64") });
  }

  #order(order: ElevatedOrder): void {
    if (!this.#hasEnded) this.#start.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** What it says is nothing that our program says: it loses its input and whoever listens. */
  #giveUp(): void {
    const { stdin, stdout } = this.#start.child;
    stdin?.end();
    stdout?.destroy();
    this.#over(unknownCode);
  }

  #hear(report: ElevatedReport): void {
    switch (report.report) {
      case "ready":
        return;
      case "output":
        return this.#worker?.output(report.stream, Buffer.from(report.bytes, "base64"));
      case "taken":
        return this.#taken.shift()?.();
      case "exited":
        return this.#over(report.code);
    }
  }

  #over(code: number): void {
    const worker = this.#worker;
    this.#worker = undefined;
    for (const taken of this.#taken.splice(0)) taken();
    worker?.exited(code);
  }
}
