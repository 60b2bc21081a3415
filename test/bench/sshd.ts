import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { Program } from "../support/processes.ts";
import { freePort } from "../support/free-port.ts";

const sshd = "/usr/sbin/sshd";

/** Debian's OpenSSH server on loopback, which lets in whoever runs the benchmark, by a key. */
export class Sshd implements AsyncDisposable {
  readonly #program: Program;
  readonly #folder: string;
  /** What `ssh` and `sftp` are to be called with, before the host. */
  readonly options: readonly string[];
  /** The host, as `ssh` and `sftp` take it. */
  readonly host = `${userInfo().username}@127.0.0.1`;

  static async start(): Promise<Sshd> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-sshd-"));
    const port = await freePort();
    const [hostKey, userKey] = [path.join(folder, "host-key"), path.join(folder, "user-key")];
    for (const file of [hostKey, userKey]) await makeKey(file);
    const publicKey = await readFile(`${userKey}.pub`, "utf8");
    await writeFile(path.join(folder, "authorized"), publicKey, { mode: 0o600 });
    const config = path.join(folder, "sshd_config");
    await writeFile(
      config,
      `ListenAddress 127.0.0.1
Port ${port}
HostKey ${hostKey}
AuthorizedKeysFile ${folder}/authorized
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PrintMotd no
PrintLastLog no
Subsystem sftp /usr/lib/openssh/sftp-server
`,
    );
    const [, hostPublic = ""] = (await readFile(`${hostKey}.pub`, "utf8")).split(" ");
    const known = path.join(folder, "known-hosts");
    await writeFile(known, `[127.0.0.1]:${port} ssh-ed25519 ${hostPublic}\n`);
    // Where Debian keeps the folder that sshd goes to before anybody has signed in.
    const mkdir = new Program("mkdir", { args: ["-p", "/run/sshd"] });
    await mkdir.ended();
    const program = new Program(sshd, { args: ["-D", "-e", "-f", config] });
    await program.line(/Server listening/);
    const options = [
      ...["-F", "none", "-o", `Port=${port}`, "-o", `IdentityFile=${userKey}`],
      ...["-o", `UserKnownHostsFile=${known}`, "-o", "BatchMode=yes"],
    ];
    return new Sshd(program, folder, options);
  }

  private constructor(program: Program, folder: string, options: readonly string[]) {
    this.#program = program;
    this.#folder = folder;
    this.options = options;
  }

  /** The server's process, whose children are the sessions. */
  get pid(): number {
    return this.#program.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function makeKey(file: string): Promise<void> {
  const child = spawn("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]);
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`ssh-keygen ended with ${String(code)}`);
}
