import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { z } from "zod";
import { UpdateError } from "./update-error.ts";
import { versionShape } from "./release-version.ts";

/**
 * What a release is made of, as it lies beside its files and is signed in a bundle. Paths are
 * relative, with slashes, and stay inside the release. Whoever has checked the signature of a
 * manifest knows every byte of the release.
 */
const segment = "(?!\\.{1,2}(?:/|$))[\\x21-\\x2e\\x30-\\x7e]+";
const placeShape = z
  .string()
  .max(255)
  .regex(new RegExp(`^${segment}(?:/${segment})*$`));

const fileShape = z.strictObject({
  path: placeShape,
  /** As chmod takes it: 0o755 for programs, 0o644 for all else. */
  mode: z.union([z.literal(0o755), z.literal(0o644)]),
  sizeBytes: z.int().nonnegative(),
  /** Hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A symbolic link to a place in the same release. */
const linkShape = z
  .strictObject({ path: placeShape, target: z.string().max(100) })
  .refine(staysInside, { error: "a link leads out of the release" });

const manifestShape = z.strictObject({
  format: z.literal(1),
  product: z.literal("handrail"),
  version: versionShape,
  /** Of the source: 40 hex digits. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Unix ms of that commit. */
  committedAt: z.int().nonnegative(),
  /** As Node calls it, "linux-x64". */
  platform: z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/),
  /** Version of the Node in it. */
  node: z.string().regex(/^[0-9.]{1,20}$/),
  /** How many schema files it knows: a database with more cannot be opened by it. */
  schema: z.int().positive(),
  files: z.array(fileShape).max(50_000),
  links: z.array(linkShape).max(1_000),
});

/** What a release is made of. */
export type Manifest = z.infer<typeof manifestShape>;
/** One of its files. */
export type ManifestFile = Manifest["files"][number];

/** The manifest's name in a release and in a bundle. */
export const manifestName = "manifest.json";
/** Its signature in a bundle: 64 bytes, Ed25519 over the manifest's very bytes (RFC 8032). */
export const signatureName = "manifest.sig";
/** The files of a bundle: a tar archive in Zstandard (RFC 8878). */
export const archiveName = "release.tar.zst";
/** A longer manifest is none of ours, bytes. */
export const maxManifestBytes = 16 * 1024 * 1024;

/** Reads a manifest. @throws UpdateError `damaged` */
export function parseManifest(bytes: Uint8Array): Manifest {
  try {
    return manifestShape.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (cause) {
    throw new UpdateError("damaged", "Its manifest cannot be read.", { cause });
  }
}

/** The bytes of a manifest: one content has one text, with a file in each line. */
export function formatManifest(manifest: Manifest): Buffer {
  const { files, links, ...rest } = manifestShape.parse(manifest);
  const lines = (each: readonly object[]) => each.map((one) => JSON.stringify(one)).join(",\n");
  const head = JSON.stringify(rest).slice(0, -1);
  return Buffer.from(`${head},\n"files":[\n${lines(files)}],\n"links":[\n${lines(links)}]}\n`);
}

/** Whether one of the keys has signed these bytes. */
export function isSignedBy(
  keys: readonly KeyObject[],
  bytes: Uint8Array,
  signature: Uint8Array,
): boolean {
  return keys.some((key) => verify(null, bytes, key, signature));
}

/** The signature over a manifest's bytes. `key`: private, Ed25519. @throws Error for another kind */
export function signManifest(bytes: Uint8Array, key: KeyObject): Buffer {
  mustBeEd25519(key);
  return sign(null, bytes, key);
}

/** A key of /etc/handrail/update-keys: public, PEM. @throws Error when it is of another kind */
export function parseUpdateKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  mustBeEd25519(key);
  return key;
}

/** What the files of a release take on a disk, with the remainder of each block, bytes. */
export function sizeOnDisk({ files }: Manifest): number {
  const block = 4096;
  return files.reduce(
    (sum, { sizeBytes }) => sum + Math.ceil(sizeBytes / block) * block + block,
    0,
  );
}

function mustBeEd25519({ asymmetricKeyType }: KeyObject): void {
  if (asymmetricKeyType !== "ed25519") throw new Error("an update key is an Ed25519 key");
}

function staysInside(link: { path: string; target: string }): boolean {
  if (!/^[\x21-\x7e]+$/.test(link.target) || link.target.startsWith("/")) return false;
  const where = link.path.split("/").slice(0, -1);
  for (const part of link.target.split("/")) {
    if (part === "..") {
      if (where.pop() === undefined) return false;
    } else if (part !== ".") where.push(part);
  }
  return where.length > 0;
}
