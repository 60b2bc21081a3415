import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { administrator, type Answer, type Reached } from "../support/appliance.ts";
import { type Asked, Asking } from "../support/ask.ts";
import { Admin } from "../support/signed-in.ts";
import type { Machine } from "./machine.ts";

const patienceMs = 10_000;
/** An appliance takes no larger ones. */
const pieceBytes = 4 * 1024 * 1024;

/** The site that a machine serves; after `letIn`, its operator's command too. */
export class Site implements Reached, Disposable {
  readonly #machine: Machine;
  readonly #asking = new Asking(() => this.url);
  readonly #keyFile: string;

  /** `keyFile`: of the private key that is used for SSH. */
  constructor(machine: Machine, keyFile = "") {
    this.#machine = machine;
    this.#keyFile = keyFile;
  }

  get port(): number {
    return this.#machine.port(443);
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  ask(where: string, options: Asked = {}): Promise<Answer> {
    return this.#asking.ask(where, options);
  }

  /** What the site says of itself to everybody; undefined while it does not answer. */
  async facts(): Promise<{ fingerprint: string } | undefined> {
    // QEMU takes every connection, also while nobody behind it answers.
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, patienceMs);
    const answer = await Promise.race([this.ask("/api/site").catch(() => undefined), promise]);
    clearTimeout(timer);
    return answer?.status === 200
      ? (JSON.parse(answer.text) as { fingerprint: string })
      : undefined;
  }

  /** Waits until it answers. */
  async answers(): Promise<{ fingerprint: string }> {
    return this.#machine.until("the site answers", () => this.facts());
  }

  /** Makes the first administrator with the code that the console shows, and signs in. */
  async setUp(): Promise<Admin> {
    const [, code = ""] = await this.#machine.shows(/Set-up code +([A-Z0-9-]{19})/);
    await this.answers();
    const answer = await this.ask("/login/api/set-up", { json: { code, ...administrator } });
    if (answer.status !== 201) throw new Error(`set-up was refused: ${answer.text}`);
    return this.signIn();
  }

  async signIn(): Promise<Admin> {
    const admin = new Admin(this);
    const answer = await admin.signIn();
    if (answer.status !== 200) throw new Error(`no sign-in: ${answer.text}`);
    return admin;
  }

  /** Lets the holder of a key in by SSH, as an administrator does. */
  async letIn(admin: Admin, authorisedKey: string): Promise<void> {
    const form = { authorisedKey, password: administrator.password };
    const answer = await admin.write("machine/ssh", form, "PATCH");
    if (answer.status !== 200) throw new Error(`SSH was not switched on: ${answer.text}`);
  }

  /** Runs a command of a shell, as root by SSH. @throws when it fails, or nobody is let in */
  async shell(command: string, keyFile = this.#keyFile): Promise<string> {
    const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "BatchMode=yes"];
    const given = options.flatMap((option) => ["-o", option]);
    const where = ["-p", String(this.#machine.port(22)), "root@127.0.0.1"];
    const args = ["-q", "-F", "none", "-i", keyFile, ...given, ...where, command];
    return (await promisify(execFile)("ssh", args, { timeout: 180_000 })).stdout;
  }

  /** Runs the `handrail` command on the machine. */
  command(...args: string[]): Promise<string> {
    return this.shell(`handrail ${args.map((each) => `'${each}'`).join(" ")}`);
  }

  /** A file with which a console signs in by itself, beside the key for SSH. */
  async consoleCredential(name: string = administrator.name): Promise<string> {
    const file = path.join(path.dirname(this.#keyFile), `console-${name}.json`);
    const json = await this.command("console-credential", "--representative", name);
    await writeFile(file, json, { mode: 0o600 });
    return file;
  }

  /** Has the site known by the address by which this computer reaches it. */
  async takeName(): Promise<void> {
    await this.command("site", "--address", this.url);
    await this.command("restart", "--server");
    await this.#machine.until("the site has its address", async () => {
      if (!(await this.facts())) return undefined;
      const answer = await this.ask("/.well-known/oauth-authorization-server");
      return answer.text.includes(this.url) || undefined;
    });
  }

  [Symbol.dispose](): void {
    this.#asking[Symbol.dispose]();
  }
}

/** Sends a file in pieces, each where the one before has ended, as the pages do. */
export async function sendPieces(
  file: Blob,
  send: (at: number, bytes: Buffer) => Promise<Answer>,
): Promise<void> {
  for (let at = 0; at < file.size; at += pieceBytes) {
    const bytes = Buffer.from(await file.slice(at, at + pieceBytes).arrayBuffer());
    const answer = await send(at, bytes);
    if (answer.status !== 200) throw new Error(`the piece at ${at} was refused: ${answer.text}`);
  }
}

/** Waits until the machine's site answers. */
export async function siteAnswers(machine: Machine): Promise<{ fingerprint: string }> {
  using site = new Site(machine);
  return await site.answers();
}

/** What visitors of the plain port are answered. */
export async function statusOf(machine: Machine): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = plainRequest({ port: machine.port(80) }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Whether whoever connects to the port is told something. QEMU itself takes every connection. */
export async function speaks(machine: Machine, inside: number): Promise<boolean> {
  const socket = connect(machine.port(inside), "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("data", () => resolve(true));
    socket.once("close", () => resolve(false));
    socket.once("error", () => resolve(false));
    socket.setTimeout(20_000, () => {
      resolve(false);
      socket.destroy();
    });
  });
}
