import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Desktop } from "./desktop.ts";
import { processesWith } from "./leftovers.ts";
import { Program } from "./processes.ts";
import { root } from "./root.ts";

const run = promisify(execFile);

/** What the real sudo and su work with: whether this is somebody who may make accounts. */
export const mayMakeAccounts = process.getuid?.() === 0;

/**
 * An account of this machine with a password, as the customer or an administrator of a computer has
 * one, and the client in its home as the starter puts it there. Goes with all that it has started.
 */
export class ComputerAccount implements AsyncDisposable {
  readonly name: string;
  readonly password: string;
  readonly home: string;

  /** `isAdministrator`: may do everything by sudo, with its password. */
  static async make(isAdministrator: boolean): Promise<ComputerAccount> {
    const name = `hr${randomBytes(5).toString("hex")}`;
    await using undo = new AsyncDisposableStack();
    await run("useradd", ["--create-home", "--shell", "/bin/bash", name]);
    const account = undo.use(new ComputerAccount(name));
    await using set = new Program("sh", {
      args: ["-c", 'printf "%s:%s" "$name" "$password" | chpasswd'],
      env: { ...process.env, name, password: account.password },
    });
    if ((await set.ended()) !== 0) throw new Error(set.output);
    if (isAdministrator) await writeFile(account.#rule, `${name} ALL=(ALL) ALL\n`, { mode: 0o440 });
    undo.move();
    return account;
  }

  private constructor(name: string) {
    this.name = name;
    this.password = `pw ${randomBytes(12).toString("hex")} '"$!`;
    this.home = path.join("/home", name);
  }

  /** Puts the client where the starter does; its program. */
  async installClient(): Promise<string> {
    const folder = path.join(this.home, "client");
    await cp(path.join(root, "dist/client/linux-x64"), folder, { recursive: true });
    await cp(process.execPath, path.join(folder, "node"), { dereference: true });
    await chmod(path.join(folder, "node"), 0o755);
    await run("chown", ["-R", `${this.name}:`, folder]);
    return folder;
  }

  /** The command that starts the client as this account: it reads its secret from standard input. */
  async clientCommand(): Promise<string[]> {
    const folder = await this.installClient();
    const script = [
      'join=$(cat "$HANDRAIL_JOIN_FILE") && rm "$HANDRAIL_JOIN_FILE"',
      "unset HANDRAIL_JOIN_FILE",
      // What a crash leaves lies where it may be written, and goes with the account.
      `cd ${this.home}; ulimit -c unlimited`,
      `printf %s "$join" | exec setpriv --reuid ${this.name} --regid ${this.name} --init-groups \\`,
      `  ${folder}/node ${folder}/app.mjs --join - "$@"`,
    ];
    return ["sh", "-c", script.join("\n"), "client"];
  }

  /** A file as this account reads it. @throws Error with the reason why it cannot */
  read(file: string): string {
    const as = ["--reuid", this.name, "--regid", this.name, "--init-groups"];
    return execFileSync("setpriv", [...as, "cat", file], { encoding: "utf8", stdio: "pipe" });
  }

  /** What of a desktop's environment is another for this account. */
  environment(desktop: Desktop): Record<string, string> {
    const { home, name } = this;
    const own = { HOME: home, TMPDIR: home, XDG_RUNTIME_DIR: home, USER: name, LOGNAME: name };
    return { ...own, SHELL: "/bin/bash", DISPLAY: desktop.display };
  }

  get #rule(): string {
    return path.join("/etc/sudoers.d", this.name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#rule, { force: true });
    const { uid } = await stat(this.home);
    // What was started from here with an administrator's rights, too.
    const started = (await processesWith(this.home)).map(({ pid }) => pid);
    for (const pid of [...(await processesOf(uid)), ...started]) kill(pid);
    await run("userdel", ["--force", "--remove", this.name]).catch((error: unknown) => {
      // It tells of a missing mailbox in the same way.
      if (!String(error).includes("mail spool")) throw error;
    });
  }
}

async function processesOf(uid: number): Promise<number[]> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const owners = await Promise.all(
    // It may end while it is looked at.
    pids.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")),
  );
  return pids.filter((_pid, at) => owners[at]?.includes(`\nUid:\t${uid}\t`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
