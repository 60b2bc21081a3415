import { type ChildProcess, spawn } from "node:child_process";
import type { ElevationRefusal } from "@handrail/protocol";
import { ReportReader } from "./message.ts";
import type { StartLine } from "./way.ts";

/** How much of what the system says of a failure is looked at. */
const maxSaid = 8192;
const lineFeed = 10;

/** A program that has the rights and is ready. */
export interface Ready {
  readonly child: ChildProcess;
  readonly shell: string;
}

/** `missing`: the program that gives the rights is not on this computer. */
export type Outcome = Ready | ElevationRefusal | "missing" | "unknown";

/** What an attempt is made with. */
export interface AttemptOptions {
  readonly env: NodeJS.ProcessEnv;
  /** For the prompts of the line; overwritten by whoever gave it. */
  readonly password?: Uint8Array | undefined;
  readonly timeoutMs: number;
  /** Nobody wants the rights any more. */
  readonly signal: AbortSignal;
}

/** Starts a program as the line says, and waits until it has the rights or will not get them. */
export function attempt(line: StartLine, options: AttemptOptions): Promise<Outcome> {
  const { password, signal, timeoutMs } = options;
  const child = spawn(line.program, [...line.args], {
    // What is said of a failure is read here.
    env: { ...options.env, LC_ALL: "C" },
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, so that the window that asks goes with it.
    detached: true,
  });
  child.stdin.on("error", () => undefined);
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const give = (outcome: Outcome) => {
    resolve(outcome);
    if (typeof outcome === "string") abandon(child);
  };
  const stop = () => give("cancelled");
  signal.addEventListener("abort", stop);
  const timer = setTimeout(() => give("too-slow"), timeoutMs);
  const write = (bytes: Uint8Array) => child.stdin.write(bytes, () => bytes.fill(0));
  const said = new Answers(line, write, password);
  child.stderr.on("data", (bytes: Buffer) => {
    if (said.hear(bytes.toString())) give("wrong-password");
  });
  child.stdout.on("data", readyReader(child, give));
  child.once("error", (error) => give(isMissing(error) ? "missing" : "failed"));
  child.once("close", (code) => {
    give(line.refusalOf(said.text, code ?? undefined) ?? "unknown");
  });
  if (signal.aborted) stop();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    said.forget();
    child.stdout.removeAllListeners("data");
  });
}

/** Hears what the system asks and says, and gives the password to each prompt once. */
class Answers {
  readonly #prompts: RegExp[];
  readonly #again: RegExp | undefined;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #line: Uint8Array | undefined;
  #heard = "";
  text = "";

  constructor(
    { prompts }: StartLine,
    write: (bytes: Uint8Array) => void,
    password: Uint8Array | undefined,
  ) {
    this.#prompts = [...prompts];
    this.#again = prompts.at(-1);
    this.#write = write;
    this.#line = password && Uint8Array.of(...password, lineFeed);
  }

  /** True: the same is asked once more, so that what it was told is wrong. */
  hear(text: string): boolean {
    this.text = (this.text + text).slice(-maxSaid);
    this.#heard = (this.#heard + text).slice(-maxSaid);
    const next = this.#prompts[0] ?? this.#again;
    if (!next?.test(this.#heard)) return false;
    this.#heard = "";
    if (!this.#line || this.#prompts.shift() === undefined) return true;
    // The stream keeps it until it is written: a copy of its own for each, which is overwritten then.
    this.#write(this.#line.slice());
    return false;
  }

  forget(): void {
    this.#line?.fill(0);
  }
}

function readyReader(child: ChildProcess, give: (outcome: Outcome) => void) {
  const reader = new ReportReader();
  return (bytes: Buffer) => {
    const reports = reader.push(bytes);
    if (!reports) return give("failed");
    const [report] = reports;
    if (report) give(report.report === "ready" ? { child, shell: report.shell } : "failed");
  };
}

/** Its input ends, at which whatever has the rights ends; what has not hears a signal. */
function abandon(child: ChildProcess): void {
  child.stdin?.end();
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // All that is left of the group belongs to an administrator, and has no input any more.
    child.kill("SIGTERM");
  }
}

/** Also where nobody may look for it: in a folder of the path that is another's. */
function isMissing(error: Error): boolean {
  return "code" in error && (error.code === "ENOENT" || error.code === "EACCES");
}
