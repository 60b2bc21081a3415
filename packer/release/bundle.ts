import { createPrivateKey } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { type ArchiveEntry, packTar } from "../../appliance/server/tar.ts";
import {
  archiveName,
  type Manifest,
  manifestName,
  parseManifest,
  signatureName,
  signManifest,
} from "../../appliance/server/update/manifest.ts";

/** A release ready to be handed on. */
export interface Bundle {
  readonly file: string;
  readonly sizeBytes: number;
}

/**
 * Packs the release tree `tree` into one file, `handrail-<version>.hrupdate`: a plain tar archive
 * of the manifest, its signature, and the files in Zstandard. The same tree gives the same bytes.
 * @throws Error when the key is no Ed25519 key, or the tree is not what its manifest says
 */
export async function writeBundle(options: {
  tree: string;
  file: string;
  /** Private key, PEM, PKCS #8. */
  keyFile: string;
  /** 1 (fast) to 22 (small). */
  level?: number;
}): Promise<Bundle> {
  const { tree, file, level = 12 } = options;
  const manifest = await readFile(path.join(tree, manifestName));
  const key = createPrivateKey(await readFile(options.keyFile));
  const signature = signManifest(manifest, key);
  const work = await mkdtemp(path.join(path.dirname(file), ".bundle-"));
  try {
    const archive = path.join(work, archiveName);
    const entries = entriesOf(tree, parseManifest(manifest));
    await pipeline(
      Readable.from(packTar(entries)),
      createZstdCompress({
        params: {
          [constants.ZSTD_c_compressionLevel]: level,
          [constants.ZSTD_c_checksumFlag]: 1,
        },
      }),
      createWriteStream(archive),
    );
    const draft = path.join(work, "bundle");
    const parts: ArchiveEntry[] = [
      partOf(manifestName, manifest),
      partOf(signatureName, signature),
      {
        name: archiveName,
        mode: 0o644,
        sizeBytes: (await stat(archive)).size,
        source: { file: archive },
      },
    ];
    await pipeline(Readable.from(packTar(parts)), createWriteStream(draft, { flush: true }));
    await rename(draft, file);
    return { file, sizeBytes: (await stat(file)).size };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The files of a release as its archive has them. */
function entriesOf(tree: string, { files, links }: Manifest): ArchiveEntry[] {
  return [
    ...files.map(({ path: name, mode, sizeBytes }) => ({
      name,
      mode,
      sizeBytes,
      source: { file: path.join(tree, name) },
    })),
    ...links.map(({ path: name, target }) => ({
      name,
      mode: 0o777,
      sizeBytes: 0,
      source: { link: target },
    })),
  ];
}

function partOf(name: string, content: Buffer): ArchiveEntry {
  return { name, mode: 0o644, sizeBytes: content.length, source: { content } };
}
