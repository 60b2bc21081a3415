import { openBundle, type OpenBundle } from "./bundle.ts";
import type { DatabaseCopy } from "./database-copy.ts";
import { type Manifest, sizeOnDisk } from "./manifest.ts";
import { compareVersions } from "./release-version.ts";
import type { Releases } from "./releases.ts";
import { UpdateError } from "./update-error.ts";
import { readUpdateKeys } from "./update-keys.ts";

/** What stays free for everything else, bytes. */
const reserveBytes = 32 * 1024 * 1024;

/** What a bundle is compared with. */
export interface BundleCheckOptions {
  readonly releases: Releases;
  readonly database: DatabaseCopy;
  readonly keysDirectory: string;
  /** Whether an older release than the current one is taken. */
  readonly allowOlder: boolean;
}

/**
 * Opens a bundle that can be installed here.
 * @throws UpdateError for whatever speaks against it
 */
export async function openSuitable(file: string, options: BundleCheckOptions): Promise<OpenBundle> {
  await using stack = new AsyncDisposableStack();
  const bundle = stack.use(await openBundle(file, readUpdateKeys(options.keysDirectory)));
  mustBeNewer(bundle.manifest, options);
  await mustOpenDatabase(bundle.manifest, options.database);
  await mustFit(bundle.manifest, options);
  const { manifest, manifestBytes, archive } = bundle;
  const held = stack.move();
  return { manifest, manifestBytes, archive, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** @throws UpdateError `newer-database` when a release could not open the database as it is now */
export async function mustOpenDatabase(
  { version, schema }: Manifest,
  database: DatabaseCopy,
): Promise<void> {
  const current = await database.schema();
  if (current <= schema) return;
  throw new UpdateError(
    "newer-database",
    `Release ${version} cannot open the database: a newer release has changed it (schema ` +
      `${current}, and ${version} knows ${schema}).`,
  );
}

/** @throws UpdateError `no-space` when the data directory has no room for a copy of the database */
export async function mustHaveRoomForCopy(database: DatabaseCopy): Promise<void> {
  const { neededBytes, freeBytes } = await database.room();
  if (neededBytes + reserveBytes > freeBytes) throw noSpace("data", neededBytes, freeBytes);
}

function mustBeNewer({ version }: Manifest, { releases, allowOlder }: BundleCheckOptions): void {
  const difference = compareVersions(version, releases.current);
  if (difference > 0) return;
  if (difference === 0) {
    throw new UpdateError("same-version", `Release ${version} is the one that runs.`);
  }
  if (allowOlder) return;
  throw new UpdateError(
    "older-version",
    `Release ${version} is older than ${releases.current}, which runs. --allow-older takes it ` +
      "nevertheless, as long as it can open the database; what newer releases have fixed is open again.",
  );
}

async function mustFit(manifest: Manifest, options: BundleCheckOptions): Promise<void> {
  const neededBytes = sizeOnDisk(manifest);
  const freeBytes = await options.releases.freeBytes();
  if (neededBytes + reserveBytes > freeBytes) throw noSpace("releases", neededBytes, freeBytes);
  await mustHaveRoomForCopy(options.database);
}

function noSpace(what: string, neededBytes: number, freeBytes: number): UpdateError {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  return new UpdateError(
    "no-space",
    `The disk of the ${what} has ${megabytes(freeBytes)} free, and the update needs ` +
      `${megabytes(neededBytes + reserveBytes)}: remove something, or enlarge the disk.`,
  );
}
