import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "node:tls";
import type { Reached } from "./appliance.ts";
import type { Desktop } from "./desktop.ts";
import { Program } from "./processes.ts";
import { root } from "./root.ts";
import { cookieOf } from "./signed-in.ts";

const source = path.join(root, "appliance/client/node/main.ts");

/** What a client is told to join with; see the client's `Join`. */
export interface JoinFile {
  site: string;
  fingerprint: string;
  ticket?: string;
  language?: "en" | "fr";
}

/** The fingerprint of the certificate shown on a port of this machine. */
export async function fingerprintAt(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await new Promise((resolve) => socket.once("secureConnect", resolve));
  const { raw } = new X509Certificate(socket.getPeerCertificate(true).raw);
  socket.destroy();
  return createHash("sha256").update(raw).digest("hex");
}

/** Types a session key at the portal, as a visitor does; the ticket for the client. */
export async function redeemAtPortal(
  appliance: Pick<Reached, "ask">,
  key: string,
): Promise<string> {
  const answer = await appliance.ask("/start", { form: new URLSearchParams({ key }).toString() });
  const [name, ticket] = cookieOf(answer).split("=", 2);
  if (name !== "handrail_ticket" || !ticket) throw new Error(`the key was refused: ${answer.text}`);
  return ticket;
}

/** A customer client in a process of its own, on a desktop of its own. */
export class CustomerClient implements AsyncDisposable {
  readonly program: Program;
  readonly joinFile: string;
  readonly #folder: string;

  /**
   * `command`: how it is started; from its source when absent. `more`: on top of the desktop's
   * environment.
   */
  static async start(
    desktop: Desktop,
    join: JoinFile,
    command: readonly string[] = [process.execPath, source],
    more: Readonly<Record<string, string>> = {},
  ): Promise<CustomerClient> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-client-"));
    const joinFile = path.join(folder, "join.json");
    await writeFile(joinFile, JSON.stringify(join), { mode: 0o600 });
    const [name = "", ...args] = command;
    const env = { ...desktop.env, ...more, HANDRAIL_JOIN_FILE: joinFile };
    const program = new Program(name, { args: [...args, "--verbose"], env, cwd: folder });
    return new CustomerClient(program, joinFile, folder);
  }

  private constructor(program: Program, joinFile: string, folder: string) {
    this.program = program;
    this.joinFile = joinFile;
    this.#folder = folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
