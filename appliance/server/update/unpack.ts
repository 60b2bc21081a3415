import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import type { OpenBundle } from "./bundle.ts";
import { syncFileSystem } from "./durable.ts";
import { type Manifest, type ManifestFile, manifestName } from "./manifest.ts";
import { readTar, type UnpackedEntry } from "./untar.ts";
import { toUpdateError, UpdateError } from "./update-error.ts";

/**
 * Unpacks a bundle into a new folder and makes it durable: exactly what its manifest names, each
 * byte of it as the manifest says. Called again, it begins anew.
 * @param told called with the share that is done, 0 to 1
 * @throws UpdateError `damaged`, `no-space`, `failed`; the folder is gone then
 */
export async function unpack(
  { manifest, manifestBytes, archive }: OpenBundle,
  folder: string,
  told: (done: number) => void,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const target = new Target(folder, manifest, told);
    await pipeline(Readable.from(archive), createZstdDecompress(), (plain: AsyncIterable<Buffer>) =>
      target.fill(plain),
    );
    await writeFile(path.join(folder, manifestName), manifestBytes, { mode: 0o644 });
    await syncFileSystem(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw asDamage(error);
  }
}

/** Whatever is wrong with the bytes is damage; what is wrong with the disk is not. */
function asDamage(error: unknown): UpdateError {
  if (error instanceof UpdateError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^E[A-Z]+$/.test(code) || !(error instanceof Error)) return toUpdateError(error);
  return new UpdateError("damaged", `The bundle is damaged: ${error.message}.`, { cause: error });
}

/** The folder that a release is unpacked into. */
class Target {
  readonly #folder: string;
  readonly #files: Map<string, ManifestFile>;
  readonly #links: Map<string, string>;
  readonly #made = new Set<string>();
  readonly #totalBytes: number;
  readonly #told: (done: number) => void;
  #writtenBytes = 0;

  constructor(folder: string, { files, links }: Manifest, told: (done: number) => void) {
    this.#folder = folder;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#links = new Map(links.map(({ path: place, target }) => [place, target]));
    this.#totalBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    this.#told = told;
  }

  async fill(archive: AsyncIterable<Buffer>): Promise<void> {
    for await (const entry of readTar(archive)) {
      if (entry.link === undefined) await this.#write(entry);
      else await this.#link(entry.name, entry.link);
    }
    const [missing] = [...this.#files.keys(), ...this.#links.keys()];
    if (missing !== undefined) throw new UpdateError("damaged", `The bundle lacks ${missing}.`);
  }

  async #write({ name, sizeBytes, content }: UnpackedEntry): Promise<void> {
    const file = this.#files.get(name);
    if (file?.sizeBytes !== sizeBytes) throw strange(name);
    this.#files.delete(name);
    const hash = createHash("sha256");
    const to = await this.#place(name);
    const hashed = async function* () {
      for await (const piece of content) {
        hash.update(piece);
        yield piece;
      }
    };
    await pipeline(hashed(), createWriteStream(to, { flags: "wx", mode: file.mode }));
    if (hash.digest("hex") !== file.sha256) throw strange(name);
    this.#writtenBytes += sizeBytes;
    this.#told(this.#writtenBytes / this.#totalBytes);
  }

  async #link(name: string, target: string): Promise<void> {
    if (this.#links.get(name) !== target) throw strange(name);
    this.#links.delete(name);
    await symlink(target, await this.#place(name));
  }

  /** Paths of the manifest stay in the folder; no folder on the way is a link, for those are new. */
  async #place(name: string): Promise<string> {
    const folder = path.join(this.#folder, path.dirname(name));
    if (!this.#made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o755 });
    this.#made.add(folder);
    return path.join(this.#folder, name);
  }
}

function strange(name: string): UpdateError {
  return new UpdateError("damaged", `${name} in the bundle is not what the manifest says.`);
}
