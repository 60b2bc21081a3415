import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { freePort } from "./free-port.ts";
import { poll } from "./poll.ts";
import { Program } from "./processes.ts";

/** What kind of server is wanted. */
export interface SftpServerOptions {
  /** A line of `authorized_keys`: who may sign in as the account of the tests. */
  readonly publicKey: string;
  /** A free one when absent. */
  readonly port?: number;
  /** Takes nothing that would change something. */
  readonly isReadOnly?: boolean;
}

/** OpenSSH's server with its own SFTP, a key of its own and no other account than that of the tests. */
export class SftpServer implements AsyncDisposable {
  readonly name = userInfo().username;
  readonly port: number;
  /** SHA-256 of its key, as OpenSSH writes it. */
  readonly hostKey: string;
  readonly #folder: string;
  readonly #program: Program;

  static async start(options: SftpServerOptions): Promise<SftpServer> {
    const { publicKey, isReadOnly = false, port = await freePort() } = options;
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-sshd-"));
    const keyFile = path.join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
    await writeFile(path.join(folder, "authorised"), `${publicKey}\n`);
    const settings = [
      ...["ListenAddress 127.0.0.1", `Port ${port}`, `HostKey ${keyFile}`, "PidFile none"],
      ...[`AuthorizedKeysFile ${folder}/authorised`, "StrictModes no", "UsePAM no"],
      ...["PermitRootLogin yes", "PasswordAuthentication yes", "Subsystem sftp internal-sftp"],
      ...[`ForceCommand internal-sftp${isReadOnly ? " -R" : ""}`, "LogLevel ERROR", "UseDNS no"],
    ];
    await writeFile(path.join(folder, "settings"), `${settings.join("\n")}\n`);
    // Debian's own unit makes it before it starts the server.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const args = ["-D", "-e", "-f", path.join(folder, "settings")];
    const program = new Program("/usr/sbin/sshd", { args });
    const said = execFileSync("ssh-keygen", ["-l", "-f", `${keyFile}.pub`]).toString();
    const server = new SftpServer({ folder, program, port, hostKey: said.split(" ")[1] ?? "" });
    await poll(`sshd listens: ${program.output}`, () => answers(port));
    return server;
  }

  private constructor(made: { folder: string; program: Program; port: number; hostKey: string }) {
    this.port = made.port;
    this.hostKey = made.hostKey;
    this.#folder = made.folder;
    this.#program = made.program;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });
}
