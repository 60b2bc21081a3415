import { oneLine } from "@handrail/protocol";
import type { Clock } from "../clock.ts";

const maxCommandLength = 4000;
const maxDirectoryLength = 1000;

/** What a shell did with one command line; a type and no interface, so that it is a record. */
export type CommandRun = {
  /** In one line; empty: the shell could not tell. */
  command: string;
  /** Where it was begun. */
  directory: string;
  exitCode: number;
  durationMs: number;
};

/**
 * Makes sense of the marks of a shell: `D` the directory, `S` a command line begins, `X` it has
 * ended with this code. What is typed at a prompt of a program, a password above all, is no command
 * line, and no shell marks it.
 */
export class CommandLog {
  readonly #clock: Clock;
  readonly #ran: (run: CommandRun) => void;
  #directory = "";
  #running: { command: string; directory: string; startedAt: number } | undefined;

  constructor(clock: Clock, ran: (run: CommandRun) => void) {
    this.#clock = clock;
    this.#ran = ran;
  }

  mark(kind: string, text: string): void {
    if (kind === "D") this.#directory = lineOf(text, maxDirectoryLength);
    else if (kind === "S") this.#begin(lineOf(text, maxCommandLength));
    else if (kind === "X" && /^\d{1,3}$/.test(text)) this.#end(Number(text));
  }

  /** The shell itself has ended, perhaps by its last command line. */
  ended(code: number): void {
    this.#end(code);
  }

  #begin(command: string): void {
    this.#running = { command, directory: this.#directory, startedAt: this.#clock.now() };
  }

  #end(exitCode: number): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    const { command, directory, startedAt } = running;
    const durationMs = Math.round(this.#clock.now() - startedAt);
    this.#ran({ command, directory, exitCode, durationMs });
  }
}

function lineOf(text: string, maxLength: number): string {
  const line = oneLine(text);
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).toWellFormed()}…`;
}
