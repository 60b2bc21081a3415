/**
 * Gets an administrator's rights on Linux, for one program of ours at a time: the customer is asked by
 * the desktop's polkit agent where there is one, and where there is none, or polkit says no, by sudo's
 * askpass program, which is a window of ours; or an account and its password that a representative has typed are given to sudo or su, on
 * their standard input alone.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ElevationRefusal } from "@handrail/protocol";
import type {
  ElevatedProgram,
  ElevationWay,
  Elevator,
  PasswordWords,
} from "../../core/elevation/host.ts";
import { attempt, type Outcome } from "./attempt.ts";
import { handedOnOf } from "./environment.ts";
import { RunningElevated } from "./program.ts";
import { askpassLine, type Command, credentialsLine, polkitLine } from "./way.ts";

/** For so long the customer may look for a password, and a program may think about one, ms. */
const typedWithinMs = 120_000;
const checkedWithinMs = 45_000;

/** What getting the rights rests on. */
export interface ElevatorOptions {
  /** The client's own. */
  readonly env: NodeJS.ProcessEnv;
  /** The program that gets the rights. */
  readonly program: URL;
  /** The window that asks for a password. */
  readonly askpass: URL;
  /** What a client is told that comes back with the secret; see `Join`. */
  readonly joinWith: (secret: string) => string;
}

export function openElevator(options: ElevatorOptions): Elevator {
  return { elevate: (way, signal) => elevate(options, way, signal) };
}

async function elevate(
  options: ElevatorOptions,
  way: ElevationWay,
  signal: AbortSignal,
): Promise<ElevatedProgram | ElevationRefusal> {
  if (process.geteuid?.() === 0) return "elevated";
  const outcome =
    way.way === "customer"
      ? await byCustomer(options, way, signal)
      : await byCredentials(options, way, signal);
  if (outcome === "missing") return "no-way";
  if (outcome === "unknown") return "failed";
  if (typeof outcome === "string") return outcome;
  const { env, joinWith } = options;
  return new RunningElevated({ ...outcome, variables: handedOnOf(env), joinWith });
}

async function byCustomer(
  options: ElevatorOptions,
  { words, isAgain }: Extract<ElevationWay, { way: "customer" }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { env } = options;
  if (!env["DISPLAY"]) return "no-window";
  const limits = { timeoutMs: typedWithinMs, signal };
  // What polkit had to say it has said by the time that sudo hears a wrong password.
  const byPolkit = isAgain
    ? "missing"
    : await attempt(polkitLine(commandOf(options)), { env, ...limits });
  // Without an agent that answers, polkit gives no reason that one could tell the customer. What it
  // does not let this account do, sudo may.
  if (byPolkit !== "missing" && byPolkit !== "unknown" && byPolkit !== "not-allowed") {
    return byPolkit;
  }
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-askpass-"));
  try {
    const once = path.join(folder, "once");
    await writeFile(once, "", { flag: "wx" });
    const asking = { ...env, ...askpassVariables(options, words), HANDRAIL_ASKPASS_ONCE: once };
    const bySudo = await attempt(askpassLine(commandOf(options)), { env: asking, ...limits });
    return bySudo === "missing" ? byPolkit : bySudo;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function byCredentials(
  options: ElevatorOptions,
  { account, password }: Extract<ElevationWay, { way: "credentials" }>,
  signal: AbortSignal,
): Promise<Outcome> {
  const prompt = `handrail-${randomBytes(8).toString("hex")}`;
  const line = credentialsLine(account, commandOf(options), prompt);
  // A line feed would end the password, and what follows would reach the program as an order.
  const isOneLine = !password.includes(10) && !password.includes(13) && !password.includes(0);
  if (!line || !isOneLine) return "wrong-password";
  const { env } = options;
  return attempt(line, { env, password, signal, timeoutMs: checkedWithinMs });
}

function commandOf({ program }: ElevatorOptions): Command {
  return [process.execPath, ...process.execArgv, fileURLToPath(program)];
}

/** What sudo's askpass program finds in its environment, which nobody else gets. */
function askpassVariables(
  { askpass }: ElevatorOptions,
  words: PasswordWords,
): Record<string, string> {
  return {
    SUDO_ASKPASS: fileURLToPath(new URL("./askpass.sh", askpass)),
    HANDRAIL_NODE: process.execPath,
    HANDRAIL_ASKPASS: fileURLToPath(askpass),
    HANDRAIL_ASKPASS_WORDS: JSON.stringify(words),
  };
}
