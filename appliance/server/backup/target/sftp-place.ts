import { createHash, randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { RemoteBackup, SftpTarget } from "@handrail/protocol/upkeep";
import ssh, { type Client, type ConnectConfig, type SFTPWrapper } from "ssh2";
import { type LineWay, openSocket } from "../../line/open-socket.ts";
import {
  isListed,
  type LocalFile,
  maxListed,
  type Place,
  silenceMs,
  type Told,
  tryName,
} from "./place.ts";
import { TargetError, toTargetError } from "./target-error.ts";

/** Source: draft-ietf-secsh-filexfer-02, section 7. */
const endOfFile = 1;
const noSuchFile = 2;
const permissionDenied = 3;
const failure = 4;

/** What stands before the name of a file that is not whole yet. */
const partPrefix = ".part-";
const readyWithinMs = 20_000;
/** Names of a folder that are read, others' among them. */
const maxEntries = 100_000;

/** A new key, Ed25519, as OpenSSH writes it. */
export function makeSshKey(): string {
  return ssh.utils.generateKeyPairSync("ed25519").private;
}

/** What is public of it, a line as `authorized_keys` has it. */
export function publicSshKey(key: string): string {
  const parsed = ssh.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return `ssh-ed25519 ${parsed.getPublicSSH().toString("base64")} handrail-backups`;
}

/**
 * Signs in at a server by SSH, and speaks SFTP (draft-ietf-secsh-filexfer-02, as OpenSSH does).
 * @throws TargetError
 */
export async function openSftpPlace(
  target: SftpTarget,
  credentials: { password: string } | { privateKey: string },
  line: LineWay,
): Promise<Place> {
  const { host, port, name, hostKey } = target;
  const socket = await openSocket({ host, port }, line);
  const client = new ssh.Client();
  let shown: string | undefined;
  const config: ConnectConfig = {
    sock: socket,
    username: name,
    ...credentials,
    readyTimeout: readyWithinMs,
    keepaliveInterval: silenceMs / 4,
    keepaliveCountMax: 3,
    hostVerifier(key: Buffer) {
      const digest = createHash("sha256").update(key).digest("base64").replace(/=+$/, "");
      shown = `SHA256:${digest}`;
      return shown === hostKey;
    },
  };
  try {
    const sftp = await signIn(client, config, line.signal);
    return new SftpPlace(client, sftp, { folder: target.folder, signal: line.signal });
  } catch (cause) {
    client.destroy();
    socket.destroy();
    if (shown === undefined || shown === hostKey) throw connectError(cause, shown !== undefined);
    const fault = hostKey === undefined ? "host-key-unknown" : "host-key-changed";
    throw new TargetError(fault, { fingerprint: shown, cause });
  }
}

async function signIn(
  client: Client,
  config: ConnectConfig,
  signal: AbortSignal,
): Promise<SFTPWrapper> {
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  const stop = () => reject(new TargetError("cancelled"));
  signal.addEventListener("abort", stop, { once: true });
  // An error after the first one has nobody to tell: what is being done fails by the line's end.
  client.on("error", reject);
  client.once("close", () => reject(new TargetError("lost")));
  client.once("ready", () => {
    client.sftp((error, sftp) => {
      if (error) reject(new TargetError("no-ssh", { cause: error }));
      else resolve(sftp);
    });
  });
  client.connect(config);
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

function connectError(cause: unknown, hasGreeted: boolean): TargetError {
  const level = cause instanceof Error && "level" in cause ? cause.level : undefined;
  if (level === "client-authentication") return new TargetError("authentication", { cause });
  if (level === "client-timeout") return new TargetError("timeout", { cause });
  if (level === "handshake" || level === "protocol") return new TargetError("no-ssh", { cause });
  const error = toTargetError(cause);
  // Whoever takes the connection and ends it before its key has another language.
  return error.fault === "lost" && !hasGreeted ? new TargetError("no-ssh", { cause }) : error;
}

/** A folder over SFTP. */
class SftpPlace implements Place {
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #folder: string;
  readonly #broken: Promise<never>;
  readonly #left = new AbortController();

  constructor(
    client: Client,
    sftp: SFTPWrapper,
    { folder, signal }: { folder: string; signal: AbortSignal },
  ) {
    this.#client = client;
    this.#sftp = sftp;
    this.#folder = folder;
    this.#broken = new Promise((_resolve, reject) => {
      const cancel = () => reject(new TargetError("cancelled"));
      if (signal.aborted) cancel();
      signal.addEventListener("abort", cancel, { once: true, signal: this.#left.signal });
      client.once("error", (cause) => reject(new TargetError("lost", { cause })));
      client.once("close", () => reject(new TargetError("lost")));
    });
    // Whoever does nothing at that moment learns of it with the next thing.
    this.#broken.catch(() => undefined);
  }

  async list(): Promise<RemoteBackup[]> {
    const folder = this.#folder === "" ? "." : this.#folder;
    const handle = await this.#call<Buffer>((done) => this.#sftp.opendir(folder, done));
    const found: RemoteBackup[] = [];
    try {
      for (let seen = 0; ;) {
        const entries = await this.#entriesOf(handle);
        if (entries === undefined) break;
        seen += Math.max(1, entries.length);
        found.push(...entries.map(described).filter(isListed));
        if (seen > maxEntries || found.length > maxListed) throw new TargetError("rejected");
      }
    } finally {
      await this.#call((done) => this.#sftp.close(handle, done)).catch(() => undefined);
    }
    return found.sort((a, b) => (a.name < b.name ? 1 : -1));
  }

  /** The next ones of an open folder; undefined behind the last. */
  async #entriesOf(handle: Buffer): Promise<Entry[] | undefined> {
    try {
      return await this.#call<Entry[]>((done) => this.#sftp.readdir(handle, done));
    } catch (error) {
      const { cause } = toTargetError(error);
      if (cause instanceof Error && "code" in cause && cause.code === endOfFile) return undefined;
      throw error;
    }
  }

  async send({ name, path: from, sizeBytes }: LocalFile, told: Told): Promise<void> {
    await this.#mustFit(sizeBytes);
    const part = this.#in(partPrefix + name);
    const step = (doneBytes: number) => told(doneBytes);
    try {
      await this.#call((done) => this.#sftp.fastPut(from, part, { step, mode: 0o600 }, done));
      const { size } = await this.#stat(part);
      if (size !== sizeBytes) throw new TargetError("lost");
      await this.#rename(part, this.#in(name));
    } catch (error) {
      await this.#isFullOr(error, sizeBytes);
      // What is left of it goes with the next try; a server that is gone cannot be tidied now.
      await this.#unlink(part).catch(() => undefined);
      throw error;
    }
  }

  async fetch({ name, sizeBytes }: RemoteBackup, to: string, told: Told): Promise<void> {
    const step = (doneBytes: number) => told(doneBytes);
    try {
      const { size } = await this.#stat(this.#in(name));
      if (size !== sizeBytes) throw new TargetError("lost");
      // With the size given, no more is read, whatever the server says of its file then.
      const options = { step, fileSize: sizeBytes };
      await this.#call((done) => this.#sftp.fastGet(this.#in(name), to, options, done));
    } catch (error) {
      await rm(to, { force: true });
      const isMissing = error instanceof TargetError && error.fault === "no-folder";
      throw isMissing ? new TargetError("not-found", { cause: error }) : error;
    }
  }

  remove(name: string): Promise<void> {
    return this.#unlink(this.#in(name));
  }

  async try(): Promise<void> {
    const folder = this.#folder === "" ? "." : this.#folder;
    const attributes = await this.#stat(folder);
    if (!attributes.isDirectory()) throw new TargetError("no-folder");
    const file = this.#in(`${tryName}-${randomBytes(6).toString("hex")}`);
    const text = Buffer.alloc(4096, "Handrail\n");
    try {
      await this.#call((done) => this.#sftp.writeFile(file, text, done));
    } catch (error) {
      // Made, and not written: on a full disk it is there all the same.
      await this.#unlink(file).catch(() => undefined);
      await this.#isFullOr(error, text.length);
      throw error;
    }
    await this.#unlink(file);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#left.abort();
    this.#client.end();
    this.#client.destroy();
    return Promise.resolve();
  }

  #in(name: string): string {
    return path.posix.join(this.#folder, name);
  }

  #stat(place: string): Promise<Attributes> {
    return this.#call((done) => this.#sftp.stat(place, done));
  }

  #unlink(place: string): Promise<void> {
    return this.#call((done) => this.#sftp.unlink(place, done));
  }

  /** Over what has that name: a try before may have got so far, and not known it. */
  async #rename(from: string, to: string): Promise<void> {
    try {
      await this.#call((done) => this.#sftp.ext_openssh_rename(from, to, done));
    } catch (error) {
      if (!isUnknown(error)) throw error;
      await this.#call((done) => this.#sftp.rename(from, to, done));
    }
  }

  /** @throws TargetError `full` */
  async #mustFit(sizeBytes: number): Promise<void> {
    const free = await this.#freeBytes();
    if (free !== undefined && free < sizeBytes) throw new TargetError("full");
  }

  /** A server says no more than that it failed: whether its disk is full is asked. */
  async #isFullOr(error: unknown, sizeBytes: number): Promise<void> {
    if (error instanceof TargetError && error.fault === "rejected") await this.#mustFit(sizeBytes);
  }

  /** What is free there; undefined where the server does not say it. */
  async #freeBytes(): Promise<number | undefined> {
    const place = this.#folder === "" ? "." : this.#folder;
    try {
      const said = await this.#call<Room>((done) => this.#sftp.ext_openssh_statvfs(place, done));
      return Number(said.f_bavail) * Number(said.f_frsize);
    } catch (error) {
      if (isUnknown(error) || toTargetError(error).fault === "rejected") return undefined;
      throw error;
    }
  }

  async #call<T = void>(
    work: (done: (error?: Error | null, value?: unknown) => void) => void,
  ): Promise<T> {
    const working = new Promise<T>((resolve, reject) => {
      work((error, value) => {
        if (error) reject(sftpError(error));
        else resolve(value as T);
      });
    });
    // The loser of the two is nobody's business.
    working.catch(() => undefined);
    return Promise.race([this.#broken, working]);
  }
}

interface Attributes {
  readonly size: number;
  /** Unix seconds. */
  readonly mtime: number;
  isDirectory(): boolean;
}

/** A name of a folder. A server may leave attributes out. */
interface Entry {
  readonly filename: string;
  readonly attrs: Partial<Attributes>;
}

function described({ filename, attrs }: Entry): RemoteBackup {
  const { size = Number.NaN, mtime = 0 } = attrs;
  return { name: filename, sizeBytes: size, madeAt: mtime * 1000 };
}

interface Room {
  readonly f_bavail: number | bigint;
  readonly f_frsize: number | bigint;
}

/** What ssh2 throws for a request that the server has not said it knows. */
function isUnknown(error: unknown): boolean {
  return error instanceof Error && /does not support/.test(error.message);
}

function sftpError(cause: Error): Error {
  const code = "code" in cause ? cause.code : undefined;
  switch (code) {
    case noSuchFile:
      return new TargetError("no-folder", { cause });
    case permissionDenied:
      return new TargetError("no-right", { cause });
    case failure:
      return new TargetError("rejected", { cause });
    default:
      return toTargetError(cause);
  }
}
