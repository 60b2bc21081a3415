/**
 * The program that runs with an administrator's rights, started by the client through sudo or pkexec
 * and by nobody else. It does one thing, which it is told on standard input: a shell, a script, or the
 * start of the client. It listens nowhere; when the client is gone its standard input ends, and with
 * it all that it has started but a client.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ScriptProcess } from "../../core/script/host.ts";
import { scriptHost } from "../script/process.ts";
import { shellOf } from "../shell/environment.ts";
import { type TerminalProcess, terminalHost } from "../shell/terminal.ts";
import { Lines } from "../window/message.ts";
import { ElevatedOrder, type ElevatedReport } from "./message.ts";

/** With so much waiting for the client, no more is read. */
const highWaterBytes = 256 * 1024;
/** What was asked to end is left to the system after this time, ms. */
const exitWithinMs = 4000;
/** As shells say of what cannot be run. */
const cannotRun = 126;

type OrderOf<Name extends ElevatedOrder["order"]> = Extract<ElevatedOrder, { order: Name }>;

class ElevatedWork {
  #shell: TerminalProcess | undefined;
  #script: ScriptProcess | undefined;
  #client: ChildProcess | undefined;
  #isPaused = false;

  obey(order: ElevatedOrder): void {
    switch (order.order) {
      case "shell":
        return this.#begin(() => this.#startShell(order));
      case "script":
        return this.#begin(() => this.#startScript(order));
      case "client":
        return this.#begin(() => this.#startClient(order));
      case "input":
        return this.#shell?.write(Buffer.from(order.bytes, "base64"), () =>
          this.#report({ report: "taken" }),
        );
      case "resize":
        return this.#shell?.resize(order);
      case "pause":
      case "resume":
        this.#isPaused = order.order === "pause";
        return this.#pace();
      case "end":
        return this.#end(false);
      case "kill":
        return this.#end(true);
    }
  }

  ready(): void {
    this.#report({ report: "ready", shell: shellOf(process.env) });
  }

  /** The client is gone: nothing may go on for it. One that was started is on its own. */
  left(): void {
    if (!this.#shell && !this.#script) process.exit();
    this.#shell?.hangUp();
    this.#script?.kill();
    setTimeout(() => {
      this.#shell?.killAll();
      process.exit();
    }, exitWithinMs);
  }

  /** Whoever asks for a second thing is no client of ours. */
  #begin(start: () => void): void {
    if (this.#shell ?? this.#script ?? this.#client) process.exit(1);
    try {
      start();
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      this.#output("stderr", Buffer.from(`${words}\n`));
      this.#exited(cannotRun);
    }
  }

  #startShell({ nonce, columns, rows, variables }: OrderOf<"shell">): void {
    this.#shell = terminalHost({ ...process.env, ...variables }).start({
      ...{ nonce, size: { columns, rows } },
      output: (bytes) => this.#output("stdout", bytes),
      exited: (code) => this.#exited(code),
    });
  }

  #startScript({ text, added, variables }: OrderOf<"script">): void {
    this.#script = scriptHost({ ...process.env, ...variables }).start({
      order: { text, variables: added },
      output: (stream, bytes) => this.#output(stream, bytes),
      exited: (code) => this.#exited(code),
    });
  }

  /** In a session of its own, with nothing of this program's: it stays when this one goes. */
  #startClient({ join, variables }: OrderOf<"client">): void {
    const client = spawn(process.execPath, [...process.execArgv, programPath(), "--join", "-"], {
      env: { ...process.env, ...variables },
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    this.#client = client;
    client.once("error", () => this.#exited(cannotRun));
    client.once("exit", (code) => this.#exited(code ?? 1));
    client.stdin.on("error", () => undefined);
    client.stdin.end(join);
    client.unref();
  }

  #end(isAtOnce: boolean): void {
    this.#shell?.hangUp();
    if (isAtOnce) this.#script?.kill();
    else this.#script?.end();
    this.#client?.kill(isAtOnce ? "SIGKILL" : "SIGTERM");
    if (!this.#shell && !this.#script && !this.#client) process.exit();
  }

  #output(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    const isFull = !this.#report({
      report: "output",
      stream,
      bytes: Buffer.from(bytes).toString("base64"),
    });
    if (isFull) this.#pace();
  }

  /** Reads on while the client wants it and has taken what it got. */
  #pace(): void {
    const worker = this.#shell ?? this.#script;
    const isFull = process.stdout.writableLength >= highWaterBytes;
    if (this.#isPaused || isFull) worker?.pause();
    else worker?.resume();
  }

  drained(): void {
    this.#pace();
  }

  #exited(code: number): void {
    // The rights go with the shell: whatever it has left running has them too.
    this.#shell?.killAll();
    // Not before it has arrived, and what was written before it.
    this.#report({ report: "exited", code }, () => process.exit());
  }

  /** Whether little enough waits. */
  #report(report: ElevatedReport, written?: () => void): boolean {
    process.stdout.write(`${JSON.stringify(report)}\n`, written);
    return process.stdout.writableLength < highWaterBytes;
  }
}

/** The client, which lies beside this program when it is bundled. */
function programPath(): string {
  const isBundled = import.meta.url.endsWith(".mjs");
  return fileURLToPath(new URL(isBundled ? "./app.mjs" : "../main.ts", import.meta.url));
}

function run(): void {
  if (process.geteuid?.() !== 0) throw new Error("this program is for an administrator's rights");
  // The client has set it for what it reads of sudo; the customer's own language comes with an order.
  delete process.env["LC_ALL"];
  const work = new ElevatedWork();
  const lines = new Lines();
  process.stdin.on("data", (bytes: Buffer) => {
    for (const line of lines.push(bytes)) work.obey(ElevatedOrder.parse(JSON.parse(line)));
  });
  process.stdin.once("end", () => work.left());
  // The client went without a word.
  process.stdout.on("error", () => work.left());
  process.stdout.on("drain", () => work.drained());
  work.ready();
}

run();
