import { createHash, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { openBundle } from "../../appliance/server/update/bundle.ts";
import {
  formatIndex,
  type IndexedRelease,
  indexName,
  indexSignatureName,
  parseIndex,
  type ReleaseIndex,
} from "../../appliance/server/update/channel/release-index.ts";
import { isSignedBy, signManifest } from "../../appliance/server/update/manifest.ts";

const bundleSuffix = ".hrupdate";

/**
 * Writes what a release channel offers, `index.json` and its signature, for all bundles in a folder;
 * the notes of `handrail-1.2.0.hrupdate` are what `handrail-1.2.0.txt` says. The same bundles and
 * notes give the same bytes; where something has changed, the serial is one more than before.
 * @throws Error when a bundle or the index before was signed with another key
 */
export async function writeIndex(folder: string, keyFile: string): Promise<ReleaseIndex> {
  const key = createPrivateKey(await readFile(keyFile));
  const publicKey = createPublicKey(key);
  const before = await indexBefore(folder, publicKey);
  const names = (await readdir(folder)).filter((name) => name.endsWith(bundleSuffix)).toSorted();
  const releases: IndexedRelease[] = [];
  for (const name of names) releases.push(await releaseOf(path.join(folder, name), publicKey));
  const isSame = (serial: number) =>
    before !== undefined &&
    formatIndex({ ...before, releases, serial }).equals(formatIndex(before));
  const last = before?.serial ?? 0;
  const serial = isSame(last) ? last : last + 1;
  const index: ReleaseIndex = { format: 1, product: "handrail", serial, releases };
  const bytes = formatIndex(index);
  await replace(path.join(folder, indexSignatureName), signManifest(bytes, key));
  await replace(path.join(folder, indexName), bytes);
  return parseIndex(bytes);
}

async function releaseOf(file: string, key: KeyObject): Promise<IndexedRelease> {
  await using bundle = await openBundle(file, [key]);
  const { version, platform, committedAt } = bundle.manifest;
  const notesFile = `${file.slice(0, -bundleSuffix.length)}.txt`;
  return {
    version,
    platform,
    file: path.basename(file),
    sizeBytes: (await stat(file)).size,
    sha256: await sha256Of(file),
    releasedAt: committedAt,
    notes: existsSync(notesFile) ? (await readFile(notesFile, "utf8")).trim() : "",
  };
}

/** Serials go on from there: an appliance takes no index that is older than one it has seen. */
async function indexBefore(folder: string, key: KeyObject): Promise<ReleaseIndex | undefined> {
  const file = path.join(folder, indexName);
  if (!existsSync(file)) return undefined;
  const bytes = await readFile(file);
  const signature = await readFile(path.join(folder, indexSignatureName));
  if (isSignedBy([key], bytes, signature)) return parseIndex(bytes);
  throw new Error(`${file} is signed with another key, or was changed`);
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}

async function replace(file: string, content: Uint8Array): Promise<void> {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}
