import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../appliance/server/clock.ts";
import { Health } from "../../appliance/server/update/health.ts";
import { freePort } from "./free-port.ts";
import { Program } from "./processes.ts";
import { placeRelease, type Signer } from "./release.ts";
import { node, root } from "./root.ts";

/**
 * A machine as the image makes it, in a folder: releases, keys, data, and a service manager that
 * starts and stops the server of the current release.
 */
export class Machine implements AsyncDisposable {
  readonly folder: string;
  readonly releasesRoot: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly #wanted: string;
  readonly #state: string;
  #server: Program | undefined;
  #socket: Server | undefined;
  #isOver = false;
  #manager = Promise.resolve();

  /** The release `tree` is the current one, and its server runs. */
  static async start(
    tree: string,
    signer: Signer,
    options: { warningMs?: number; healthTimeoutMs?: number; releasesRoot?: string } = {},
  ): Promise<Machine> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-machine-"));
    const machine = new Machine(folder, await freePort(), options.releasesRoot);
    placeRelease(tree, machine.releasesRoot);
    machine.#writeConfig(signer, options);
    machine.#manager = machine.#manage();
    await machine.serve();
    return machine;
  }

  private constructor(folder: string, port: number, releasesRoot?: string) {
    this.folder = folder;
    this.port = port;
    this.releasesRoot = releasesRoot ?? path.join(folder, "opt");
    this.dataDirectory = path.join(folder, "data");
    this.#wanted = path.join(folder, "wanted");
    this.#state = path.join(folder, "state");
    writeFileSync(this.#state, "stopped");
    mkdirSync(this.dataDirectory);
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get #socketFile(): string {
    return path.join(this.folder, "machine.sock");
  }

  /** The environment of programs that work on this machine. */
  get env(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      HANDRAIL_MACHINE_CONFIG: path.join(this.folder, "machine.json"),
      HANDRAIL_ADDRESS: "127.0.0.1",
      HANDRAIL_PORT: String(this.port),
      HANDRAIL_DATA_DIRECTORY: this.dataDirectory,
      HANDRAIL_RELEASES_DIRECTORY: this.releasesRoot,
      HANDRAIL_UPDATE_KEYS_DIRECTORY: path.join(this.folder, "update-keys"),
      HANDRAIL_MACHINE_SOCKET: this.#socketFile,
    };
  }

  /** All that the servers have said since the last start. */
  get serverOutput(): string {
    return this.#server?.output ?? "";
  }

  /** Starts `handrail` of the checkout with these arguments. */
  command(...args: string[]): Program {
    return new Program(node, {
      args: [path.join(root, "appliance/server/handrail.ts"), ...args],
      env: this.env,
    });
  }

  /** Runs it to its end. */
  async run(...args: string[]): Promise<{ code: number | null; output: string }> {
    await using program = this.command(...args);
    const code = await program.ended();
    return { code, output: program.output };
  }

  /** Listens as the image's socket does: each connection is one program's input and output. */
  async openSocket(): Promise<string> {
    const main = path.join(root, "appliance/server/machine/main.ts");
    this.#socket = createServer({ pauseOnConnect: true }, (connection) => {
      const child = spawn(node, [main], {
        stdio: [connection, connection, "ignore"],
        env: this.env,
      });
      child.once("exit", () => connection.destroy());
    });
    this.#socket.listen(this.#socketFile);
    await once(this.#socket, "listening");
    return this.#socketFile;
  }

  /** The version of the server that says that it is well. */
  async version(): Promise<string | undefined> {
    return new Health({ address: "127.0.0.1", port: this.port }, systemClock).version();
  }

  /** Starts the server, as at the start of the machine. */
  async serve(): Promise<void> {
    await this.#ask("run", "running");
  }

  /** As when the power fails: the server is gone without a word. */
  async cutPower(): Promise<void> {
    this.#server?.signal("SIGKILL");
    await this.#ask("stop", "stopped");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#socket?.close();
    await this.#manager;
    await this.#server?.[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #writeConfig(signer: Signer, options: { warningMs?: number; healthTimeoutMs?: number }): void {
    const keys = path.join(this.folder, "update-keys");
    mkdirSync(keys);
    writeFileSync(path.join(keys, "release.pem"), signer.publicPem);
    const config = {
      releasesRoot: this.releasesRoot,
      updateKeysDirectory: keys,
      dataDirectory: this.dataDirectory,
      serverConfigFile: path.join(this.folder, "server.json"),
      warnCommand: this.#script("warn", `kill -USR2 "$(cat ${this.folder}/pid)"`),
      stopCommand: this.#script("stop", this.#asking("stop", "stopped")),
      startCommand: this.#script("start", this.#asking("run", "running")),
      rebootCommand: this.#script("reboot", `touch ${this.folder}/rebooted`),
      powerOffCommand: this.#script("power-off", `touch ${this.folder}/powered-off`),
      warningMs: options.warningMs ?? 0,
      healthTimeoutMs: options.healthTimeoutMs ?? 30_000,
    };
    writeFileSync(path.join(this.folder, "machine.json"), JSON.stringify(config));
  }

  #script(name: string, body: string): string[] {
    const file = path.join(this.folder, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
    return [file];
  }

  #asking(wish: string, state: string): string {
    return (
      `echo ${wish} > ${this.#wanted}.draft && mv ${this.#wanted}.draft ${this.#wanted}\n` +
      `until [ ! -e ${this.#wanted} ] && [ "$(cat ${this.#state})" = ${state} ]; do sleep 0.05; done`
    );
  }

  async #ask(wish: string, state: string): Promise<void> {
    const program = new Program("sh", { args: ["-c", this.#asking(wish, state)] });
    await program.ended();
  }

  /** The service manager: does what the file `wanted` says, and says in `state` how it is. */
  async #manage(): Promise<void> {
    while (!this.#isOver) {
      if (existsSync(this.#wanted)) await this.#obey();
      else await sleep(20);
    }
  }

  async #obey(): Promise<void> {
    writeFileSync(this.#state, "changing");
    // Taken away before it is done: a wish that comes meanwhile is another one.
    const taken = `${this.#wanted}.taken`;
    renameSync(this.#wanted, taken);
    const isServing = readFileSync(taken, "utf8").trim() === "run";
    await this.#server?.[Symbol.asyncDispose]();
    if (isServing) {
      const main = path.join(this.releasesRoot, "current/appliance/server/main.js");
      this.#server = new Program(node, { args: [main], env: this.env });
      writeFileSync(path.join(this.folder, "pid"), String(this.#server.pid));
    }
    writeFileSync(this.#state, isServing ? "running" : "stopped");
  }
}
