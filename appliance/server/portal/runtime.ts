import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { toHandrailError } from "@handrail/protocol";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { type ArchiveEntry, packTar } from "../tar.ts";

/** A customer client with all that it needs to run, as one archive. Hashes are SHA-256 in hex. */
export interface Runtime {
  /** Of the archive, which is also its name. */
  readonly archiveSha256: string;
  /** Of the file SHA256SUMS in it, which names every other file. */
  readonly contentsSha256: string;
  readonly sizeBytes: number;
  readonly file: string;
}

/** The platforms that there are clients for. */
export const platforms = ["linux-x64"] as const;
/** One of them. */
export type Platform = (typeof platforms)[number];

const descriptionShape = z.object({
  archiveSha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentsSha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
});
const descriptionName = "archive.json";
/** What is run by itself, and not by another program of these. */
const programs: readonly string[] = ["node", "askpass.sh"];

/**
 * The archives that customers' computers fetch: the built client and this appliance's own Node,
 * packed when it is first needed and again when either has changed.
 */
export class Runtimes {
  readonly #clientDirectory: string;
  readonly #archiveDirectory: string;
  readonly #log: Log;
  readonly #clock: Clock;
  #packing: Promise<Runtime | undefined> | undefined;

  constructor(options: { clientDirectory: string; dataDirectory: string; log: Log; clock: Clock }) {
    this.#clientDirectory = options.clientDirectory;
    this.#archiveDirectory = path.join(options.dataDirectory, "client");
    this.#log = options.log;
    this.#clock = options.clock;
  }

  /** Whether a client for the platform has been built. */
  has(platform: Platform): boolean {
    const isOurs = platform === `${process.platform}-${process.arch}`;
    return isOurs && existsSync(path.join(this.#clientDirectory, platform, "app.mjs"));
  }

  /** The archive for a platform, packed if need be; undefined when there is no client for it. */
  async get(platform: Platform): Promise<Runtime | undefined> {
    if (!this.has(platform)) return undefined;
    this.#packing ??= this.#prepare(platform).catch((error: unknown) => {
      this.#log.error("client.packing-failed", { platform, error: toHandrailError(error) });
      this.#packing = undefined;
      return undefined;
    });
    return this.#packing;
  }

  async #prepare(platform: Platform): Promise<Runtime> {
    const startedMs = this.#clock.monotonicMs();
    const folder = path.join(this.#archiveDirectory, platform);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = await listFiles(path.join(this.#clientDirectory, platform));
    const sums = await checksums(files);
    const contentsSha256 = createHash("sha256").update(sums).digest("hex");
    const known = await findPacked(folder, contentsSha256);
    if (known) return known;
    this.#log.info("client.packing-started", { platform });
    const content = Buffer.from(sums);
    const entries: ArchiveEntry[] = [
      ...files,
      { name: "SHA256SUMS", mode: 0o600, sizeBytes: content.length, source: { content } },
    ];
    const runtime = await pack(folder, entries, contentsSha256);
    const durationMs = Math.round(this.#clock.monotonicMs() - startedMs);
    this.#log.info("client.packed", { platform, durationMs, sizeBytes: runtime.sizeBytes });
    return runtime;
  }
}

async function listFiles(directory: string): Promise<ArchiveEntry[]> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = found
    .filter((each) => each.isFile())
    .map((each) => path.join(each.parentPath, each.name))
    .toSorted();
  const described = files.map((file) => describeFile(path.relative(directory, file), file));
  return Promise.all([...described, describeFile("node", process.execPath)]);
}

async function describeFile(name: string, file: string): Promise<ArchiveEntry> {
  const { size } = await stat(file);
  return { name, mode: programs.includes(name) ? 0o700 : 0o600, sizeBytes: size, source: { file } };
}

/** As `sha256sum` writes and reads it. */
async function checksums(files: readonly ArchiveEntry[]): Promise<string> {
  const lines = files.map(async ({ name, source }) => {
    const hash = createHash("sha256");
    if ("file" in source) await pipeline(createReadStream(source.file), hash);
    return `${hash.digest("hex")}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

async function findPacked(folder: string, contentsSha256: string): Promise<Runtime | undefined> {
  const file = path.join(folder, descriptionName);
  if (!existsSync(file)) return undefined;
  const description = descriptionShape.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!description.success || description.data.contentsSha256 !== contentsSha256) return undefined;
  const archive = path.join(folder, `${description.data.archiveSha256}.tar.gz`);
  const isWhole = existsSync(archive) && (await stat(archive)).size === description.data.sizeBytes;
  return isWhole ? { ...description.data, file: archive } : undefined;
}

async function pack(
  folder: string,
  entries: readonly ArchiveEntry[],
  contentsSha256: string,
): Promise<Runtime> {
  const draft = path.join(folder, "draft");
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  const target = createWriteStream(draft, { mode: 0o600, flush: true });
  await pipeline(Readable.from(packTar(entries)), createGzip({ level: 6 }), measure, target);
  const archiveSha256 = hash.digest("hex");
  const file = path.join(folder, `${archiveSha256}.tar.gz`);
  await rename(draft, file);
  const description = { archiveSha256, contentsSha256, sizeBytes };
  await writeFile(path.join(folder, descriptionName), JSON.stringify(description));
  await removeOthers(folder, file);
  return { ...description, file };
}

async function removeOthers(folder: string, current: string): Promise<void> {
  const names = await readdir(folder);
  const others = names
    .filter((name) => name.endsWith(".tar.gz"))
    .map((name) => path.join(folder, name))
    .filter((file) => file !== current);
  await Promise.all(others.map((file) => rm(file)));
}
