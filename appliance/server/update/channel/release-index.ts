import { z } from "zod";
import { compareVersions, versionShape } from "../release-version.ts";

/*
 * What a release channel offers: `index.json` in a folder of a web server, and beside it its signature,
 * `index.json.sig`, by a key that bundles are signed with (Ed25519, 64 bytes, over the index's very
 * bytes; RFC 8032). The bundles lie in the same folder.
 */

/** A release, as an index has it. */
export const releaseShape = z.object({
  version: versionShape,
  /** As Node calls it, "linux-x64". */
  platform: z.string().regex(/^[a-z0-9]+-[a-z0-9]+$/),
  /** The bundle's name in the same folder. */
  file: z
    .string()
    .max(120)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\.hrupdate$/),
  sizeBytes: z.int().positive().max(4_000_000_000),
  /** Of the bundle, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Unix ms. */
  releasedAt: z.int().nonnegative(),
  /** What is new, as plain text. */
  notes: z.string().max(20_000),
});
/** A release in it. */
export type IndexedRelease = z.infer<typeof releaseShape>;

const indexShape = z.object({
  format: z.literal(1),
  product: z.literal("handrail"),
  /** One more with each change: whoever has seen one takes none with a smaller one any more. */
  serial: z.int().positive(),
  releases: z.array(releaseShape).max(200),
});
/** What a channel offers. */
export type ReleaseIndex = z.infer<typeof indexShape>;

/** The index's name in its folder. */
export const indexName = "index.json";
/** The name of its signature. */
export const indexSignatureName = "index.json.sig";
/** A longer index is none of ours, bytes. */
export const maxIndexBytes = 5 * 1024 * 1024;

/** Reads an index. @throws Error when it is none */
export function parseIndex(bytes: Uint8Array): ReleaseIndex {
  return indexShape.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
}

/** The bytes of an index: one content has one text, the newest release first. */
export function formatIndex(index: ReleaseIndex): Buffer {
  const { releases, ...head } = indexShape.parse(index);
  const newestFirst = releases.toSorted(
    (a, b) => compareVersions(b.version, a.version) || (a.platform < b.platform ? -1 : 1),
  );
  return Buffer.from(`${JSON.stringify({ ...head, releases: newestFirst }, null, 2)}\n`);
}

/** The newest release for this machine that is newer than the one that runs. */
export function newestFor(
  { releases }: ReleaseIndex,
  { version, platform }: { version: string; platform: string },
): IndexedRelease | undefined {
  return releases
    .filter((each) => each.platform === platform && compareVersions(each.version, version) > 0)
    .toSorted((a, b) => compareVersions(b.version, a.version))[0];
}
