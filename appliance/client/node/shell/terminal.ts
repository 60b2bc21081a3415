import { randomBytes } from "node:crypto";
import { ReadStream } from "node:tty";
import { type IPty, spawn } from "@lydell/node-pty";
import type { ShellHost, ShellProcess, ShellStart, TerminalSize } from "../../core/shell/host.ts";
import { TerminalDescriptor } from "./descriptor.ts";
import { environmentOf, homeOf, shellOf } from "./environment.ts";
import { integrationOf } from "./integration.ts";
import { foregroundGroups, groupsOfSession, killSession, signalGroups } from "./process-group.ts";

/** What does not go by itself when its terminal is closed is killed after this time, ms. */
const killAfterMs = 2000;

/** A shell here, of which nothing need be left. */
export interface TerminalProcess extends ShellProcess {
  /** Kills all that belongs to its session, also what it has left there. */
  killAll(): void;
}

/** Opens shells here. */
export interface TerminalHost extends ShellHost {
  start(start: ShellStart): TerminalProcess;
}

/** Opens the user's shell; `environment` is the client's own. */
export function terminalHost(environment: NodeJS.ProcessEnv): TerminalHost {
  return {
    nonce: () => randomBytes(16).toString("hex"),
    start: (start) => new TerminalShell(environment, start),
  };
}

/**
 * A shell in a pseudoterminal. The library starts it and tells of its end; reading and writing are
 * done here, because the library reads on when it should wait, loses what is unread at the end, and
 * stops the whole program while a terminal does not take what is written.
 */
class TerminalShell implements TerminalProcess {
  readonly program: string;
  readonly isElevated = process.geteuid?.() === 0;
  readonly #start: ShellStart;
  readonly #pty: IPty;
  readonly #descriptor: TerminalDescriptor;
  #exitCode: number | undefined;
  #isPaused = true;
  #hasReadAll = false;
  #isHungUp = false;
  #isOver = false;

  constructor(environment: NodeJS.ProcessEnv, start: ShellStart) {
    this.#start = start;
    this.program = shellOf(environment);
    const variables = environmentOf(environment, this.program);
    const { args, variables: more } = integrationOf(this.program, start.nonce, variables);
    this.#pty = spawn(this.program, [...args], {
      name: "xterm-256color",
      cols: start.size.columns,
      rows: start.size.rows,
      cwd: homeOf(environment),
      env: { ...variables, ...more },
      // Tells the terminal's driver that a letter may be several bytes; nothing is read as text.
      encoding: "utf8",
    });
    this.#pty.onExit(({ exitCode, signal }) => this.#exited(signal ? -signal : exitCode));
    this.#descriptor = takeOver(this.#pty);
    this.resume();
  }

  write(bytes: Uint8Array, taken: () => void): void {
    this.#descriptor.write(bytes, taken);
  }

  resize(size: TerminalSize): void {
    if (!this.#isOver) this.#descriptor.resize(size);
  }

  pause(): void {
    this.#isPaused = true;
    this.#descriptor.unwatch();
  }

  resume(): void {
    if (!this.#isPaused || this.#isOver) return;
    this.#isPaused = false;
    if (this.#exitCode !== undefined) this.#drain();
    else if (!this.#hasReadAll) this.#descriptor.watch(() => this.#read());
  }

  hangUp(): void {
    if (this.#isHungUp || this.#exitCode !== undefined) return this.#over();
    this.#isHungUp = true;
    const { pid } = this.#pty;
    // A program that was stopped hears of it only when it goes on.
    signalGroups(groupsOfSession(pid), "SIGHUP", "SIGCONT");
    setTimeout(() => {
      if (this.#exitCode === undefined) signalGroups(foregroundGroups(pid), "SIGKILL");
    }, killAfterMs).unref();
  }

  killAll(): void {
    killSession(this.#pty.pid);
  }

  /** Once: others have their turn before there is more. */
  #read(): void {
    const result = this.#descriptor.read();
    if (typeof result !== "string") return this.#start.output(result);
    if (result === "end") {
      // It would stay readable for ever; the shell's own end comes next.
      this.#hasReadAll = true;
      this.#descriptor.unwatch();
    }
    this.#over();
  }

  #exited(code: number): void {
    this.#exitCode = code;
    this.#descriptor.unwatch();
    if (this.#isHungUp) this.#over();
    else this.#drain();
  }

  /** What the shell has left comes first, as fast as it is wanted. */
  #drain(): void {
    setImmediate(() => {
      if (this.#isOver || this.#isPaused) return;
      this.#read();
      this.#drain();
    });
  }

  #over(): void {
    if (this.#isOver || this.#exitCode === undefined) return;
    this.#isOver = true;
    this.#descriptor[Symbol.dispose]();
    this.#start.exited(this.#exitCode);
  }
}

/**
 * A descriptor of ours for the terminal, in place of the library's own stream, which goes before it
 * reads anything. The library declares neither of the two.
 */
function takeOver(pty: IPty): TerminalDescriptor {
  if (!("fd" in pty && typeof pty.fd === "number")) throw new Error("a terminal has a descriptor");
  if (!("_socket" in pty && pty._socket instanceof ReadStream)) throw new Error("and a stream");
  const descriptor = new TerminalDescriptor(pty.fd);
  pty._socket.destroy();
  return descriptor;
}
