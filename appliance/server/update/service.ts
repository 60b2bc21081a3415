import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { MachineConfig } from "./machine-config.ts";
import { UpdateError } from "./update-error.ts";

/** A server that has not stopped by then will not: it lets go of everyone within seconds. */
const commandTimeoutMs = 120_000;

type Commands = Pick<MachineConfig, "warnCommand" | "stopCommand" | "startCommand">;

/** The server as the machine's service manager sees it. */
export class Service {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** Tells the server to warn everyone. Whether one runs at all is not known: false when not. */
  async warn(): Promise<boolean> {
    return runCommand(this.#commands.warnCommand).then(
      () => true,
      () => false,
    );
  }

  /** @throws UpdateError `did-not-stop` */
  async stop(): Promise<void> {
    await runCommand(this.#commands.stopCommand).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UpdateError("did-not-stop", `The server did not stop: ${reason.trim()}.`, {
        cause,
      });
    });
  }

  /** @throws UpdateError `not-healthy` when the service manager cannot start it */
  async start(): Promise<void> {
    await runCommand(this.#commands.startCommand).catch((cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UpdateError("not-healthy", `The server did not start: ${reason.trim()}.`, {
        cause,
      });
    });
  }
}

/** Runs a command of the machine's settings. @throws Error with what it said */
export async function runCommand([program = "", ...args]: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args, { timeout: commandTimeoutMs });
}
