import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ssh from "ssh2";

const { STATUS_CODE } = ssh.utils.sftp;

/**
 * A server that speaks SFTP and lies: its folder has no end, and its one file neither. What is sent to
 * it, it throws away.
 */
export class SftpLiar implements AsyncDisposable {
  /** What it says of the file that it gives without an end. */
  readonly sizeBytes = 100_000;
  /** What its folder does: gives names for ever, gives one and ends, or never answers. */
  folder: "endless" | "short" | "silent" = "endless";
  /** How often names were asked for. */
  asked = 0;
  /** What it says of the file in the folder. */
  attributes: Partial<ssh.Attributes>;
  readonly hostKey: string;
  readonly #server: ssh.Server;

  /** @param name of the file, which its folder has again and again */
  static async start(name: string): Promise<SftpLiar> {
    const key = ssh.utils.generateKeyPairSync("ed25519").private;
    const liar = new SftpLiar(key, name);
    liar.#server.listen(0, "127.0.0.1");
    await once(liar.#server, "listening");
    return liar;
  }

  private constructor(key: string, name: string) {
    this.attributes = { mode: 0o100600, uid: 0, gid: 0, size: this.sizeBytes, atime: 0, mtime: 0 };
    const parsed = ssh.utils.parseKey(key);
    if (parsed instanceof Error) throw parsed;
    const digest = createHash("sha256").update(parsed.getPublicSSH()).digest("base64");
    this.hostKey = `SHA256:${digest.replace(/=+$/, "")}`;
    this.#server = new ssh.Server({ hostKeys: [key] }, (client) => {
      client.on("authentication", (asked) => asked.accept());
      client.on("session", (accept) => {
        accept().on("sftp", (open) => this.#lie(open(), name));
      });
      client.on("error", () => undefined);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }

  #lie(sftp: ssh.SFTPWrapper, name: string): void {
    const handle = Buffer.from("handle");
    const done = (id: number) => sftp.status(id, STATUS_CODE.OK);
    sftp.on("OPENDIR", (id) => sftp.handle(id, handle));
    sftp.on("OPEN", (id) => sftp.handle(id, handle));
    sftp.on("READDIR", (id) => this.#name(sftp, id, name));
    sftp.on("STAT", (id) => sftp.attrs(id, this.#said));
    sftp.on("FSTAT", (id) => sftp.attrs(id, { ...this.#said, size: 2 ** 40 }));
    sftp.on("READ", (id, _handle, _at, length) => sftp.data(id, Buffer.alloc(length, 1)));
    for (const taken of ["WRITE", "FSETSTAT", "RENAME", "REMOVE", "CLOSE"]) sftp.on(taken, done);
  }

  #name(sftp: ssh.SFTPWrapper, id: number, name: string): void {
    this.asked += 1;
    if (this.folder === "silent") return;
    const isOver = this.folder === "short" && this.asked > 1;
    if (isOver) return sftp.status(id, STATUS_CODE.EOF);
    const entry = { filename: name, longname: name, attrs: this.#said };
    sftp.name(
      id,
      Array.from({ length: this.folder === "short" ? 1 : 1_000 }, () => entry),
    );
  }

  /** A server may leave attributes out, which the types do not know. */
  get #said(): ssh.Attributes {
    return this.attributes as ssh.Attributes;
  }
}
