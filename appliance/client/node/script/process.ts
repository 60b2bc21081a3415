/**
 * Runs scripts on Linux: by what their `#!` line names, from a file without a name, in a session of
 * their own (setsid), so that whatever they have started is found and ended with them.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { constants } from "node:os";
import { interpreterOf } from "@handrail/protocol";
import type { ScriptHost, ScriptProcess, ScriptStart } from "../../core/script/host.ts";
import { environmentOf, homeOf } from "../shell/environment.ts";
import { groupsOfSession, signalGroups } from "../shell/process-group.ts";
import { openHidden } from "./hidden-file.ts";

/** The script's place among the descriptors that its interpreter gets. */
const scriptDescriptor = 3;
/** What is left when the script has ended may still write for so long. */
const lastWordsMs = 1_000;
/** What was asked to end and has not is killed. */
const killAfterMs = 2_000;
/** As shells say of a program that is not there. */
const notFoundCode = 127;

/** Scripts of the user whose desktop this is. */
export function scriptHost(environment: NodeJS.ProcessEnv): ScriptHost {
  return { platform: "linux", start: (start) => new RunningScript(start, environment) };
}

class RunningScript implements ScriptProcess {
  readonly program: string;
  readonly #start: ScriptStart;
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;
  #code: number | undefined;
  #isOver = false;

  constructor(start: ScriptStart, environment: NodeJS.ProcessEnv) {
    this.#start = start;
    const { text, variables } = start.order;
    const { program, args } = interpreterOf(text);
    this.program = program;
    const file = openHidden(text, environment);
    try {
      this.#child = spawn(program, [...args, `/dev/fd/${scriptDescriptor}`], {
        cwd: homeOf(environment),
        env: { ...environmentOf(environment, "/bin/sh"), ...variables },
        stdio: ["ignore", "pipe", "pipe", file],
        detached: true,
      });
    } finally {
      closeSync(file);
    }
    this.#child.stdout?.on("data", (bytes: Buffer) => start.output("stdout", bytes));
    this.#child.stderr?.on("data", (bytes: Buffer) => start.output("stderr", bytes));
    this.#child.once("error", (error) => this.#failed(error));
    this.#child.once("exit", (code, signal) => this.#exited(codeOf(code, signal)));
    this.#child.once("close", () => this.#over());
  }

  pause(): void {
    this.#child.stdout?.pause();
    this.#child.stderr?.pause();
  }

  resume(): void {
    if (this.#isOver) return;
    this.#child.stdout?.resume();
    this.#child.stderr?.resume();
  }

  end(): void {
    if (this.#isOver) return;
    // A program that was stopped hears of it only when it goes on.
    this.#signal("SIGTERM", "SIGCONT");
    this.#after(killAfterMs, () => this.kill());
  }

  kill(): void {
    if (this.#isOver) return;
    this.#signal("SIGKILL");
    // What has got out of the session may hold its output open for ever.
    this.#after(lastWordsMs, () => {
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      this.#over();
    });
  }

  /** What it has left in the background goes too, after its last words. */
  #exited(code: number): void {
    this.#code = code;
    this.#after(lastWordsMs, () => this.end());
  }

  #failed(error: Error): void {
    if (this.#child.pid !== undefined) return;
    const words = `${this.program}: ${error.message}\n`;
    this.#start.output("stderr", new TextEncoder().encode(words));
    this.#code = notFoundCode;
    this.#over();
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    // It has closed its output and may still be there.
    this.#signal("SIGKILL");
    this.#start.exited(this.#code ?? -constants.signals.SIGKILL);
  }

  #after(delayMs: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, delayMs);
  }

  #signal(...signals: NodeJS.Signals[]): void {
    const { pid } = this.#child;
    if (pid !== undefined) signalGroups(groupsOfSession(pid), ...signals);
  }
}

/** Negative: ended by that signal. */
function codeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal ? -constants.signals[signal] : 0);
}
