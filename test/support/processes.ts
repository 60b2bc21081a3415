import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { poll } from "./poll.ts";

/** How a program is started; standard input is closed. */
export interface ProgramOptions {
  args?: readonly string[];
  cwd?: string;
  /** The whole environment; that of the tests when absent. */
  env?: NodeJS.ProcessEnv;
}

const running = new Set<Program>();

/**
 * A program that runs beside the tests, with all the processes it starts: it leads a process group,
 * and disposing ends the group.
 */
export class Program implements AsyncDisposable {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = "";
  #hasEnded = false;

  constructor(name: string, options: ProgramOptions = {}) {
    this.name = name;
    // The system itself ends the program when we are killed and cannot.
    const guarded = ["--pdeathsig", "KILL", name, ...(options.args ?? [])];
    this.#child = spawn("setpriv", guarded, {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: options.env ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#output += text));
    }
    running.add(this);
    this.#ended = this.#ending().then((error) => {
      this.#output += error?.message ?? "";
      this.#hasEnded = true;
    });
  }

  /** The process id, which is also that of the group. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.#child.pid;
  }

  /** All it has written so far to standard output and standard error, in order of arrival. */
  get output(): string {
    return this.#output;
  }

  /** Waits for the end. Resolves to the exit code, or to null when a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /**
   * Waits until its output matches, and returns the match. Fails at once, with the output, when the
   * program ends first.
   */
  line(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    return this.until(`it writes ${pattern}`, () => pattern.exec(this.#output), timeoutMs);
  }

  /** Waits for a condition as `poll` does. Fails at once when the program ends first. */
  async until<T>(
    what: string,
    ask: () => T | Promise<T>,
    timeoutMs = 30_000,
  ): ReturnType<typeof poll<T>> {
    const ended = Symbol();
    const answer = await poll(
      `${this.name}: ${what}`,
      async () => (await ask()) || (this.#hasEnded && ended),
      timeoutMs,
    ).catch((cause: unknown) => {
      throw new Error(`${this.name} wrote:\n${this.#output}`, { cause });
    });
    if (answer === ended) {
      throw new Error(`${this.name} ended before ${what}; it wrote:\n${this.#output}`);
    }
    return answer;
  }

  /** Sends a signal to the program and all that it started. */
  signal(name: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch (error) {
      // Nobody of the group is left.
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }

  /** Asks the group to end, and kills it after five seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    running.delete(this);
    this.signal("SIGTERM");
    const timer = setTimeout(() => this.signal("SIGKILL"), 5_000);
    await this.#ended;
    clearTimeout(timer);
    // The leader may end before those it started.
    this.signal("SIGKILL");
  }

  /** Resolves to the reason when it could not even start. */
  async #ending(): Promise<Error | undefined> {
    try {
      const closed = new Promise((resolve) => this.#child.once("close", resolve));
      await once(this.#child, "exit");
      // Its last words may still be in the pipe, which what it started may keep open for ever.
      await Promise.race([closed, sleep(200)]);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

// Last resort for a run of the tests that is itself cut short.
process.once("exit", () => {
  for (const program of running) program.signal("SIGKILL");
});
