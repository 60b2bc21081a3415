import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { rm, statfs } from "node:fs/promises";
import path from "node:path";
import { moveInPlace, syncFolder } from "./durable.ts";
import { notesFolder } from "./journal.ts";
import { type Manifest, manifestName, parseManifest } from "./manifest.ts";
import { versionShape } from "./release-version.ts";
import { UpdateError } from "./update-error.ts";

/**
 * The releases of an appliance: `releases/<version>` each, the link `current` to one of them, and
 * `update` with what is known of updates. Root alone writes there.
 */
export class Releases {
  readonly root: string;
  readonly #folder: string;

  constructor(root: string) {
    this.root = root;
    this.#folder = path.join(root, "releases");
  }

  /** Folder of what is known of updates, made when it is not there. */
  get notesFolder(): string {
    const folder = path.join(this.root, notesFolder);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    return folder;
  }

  /** @throws UpdateError `not-installed` where there are no releases, as in a checkout */
  get current(): string {
    const link = path.join(this.root, "current");
    const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
    const version = isLink ? path.basename(readlinkSync(link)) : "";
    if (versionShape.safeParse(version).success) return version;
    throw new UpdateError(
      "not-installed",
      `There is no release in ${this.root}: this needs the appliance's image.`,
    );
  }

  has(version: string): boolean {
    return existsSync(path.join(this.folderOf(version), manifestName));
  }

  list(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).filter((name) => versionShape.safeParse(name).success);
  }

  manifest(version: string): Manifest {
    return parseManifest(readFileSync(path.join(this.folderOf(version), manifestName)));
  }

  folderOf(version: string): string {
    return path.join(this.#folder, version);
  }

  /** Where a release lies while it is unpacked. */
  draftOf(version: string): string {
    return path.join(this.#folder, `.${version}.draft`);
  }

  /** Gives an unpacked release its name. One that lies there already was never current: it goes. */
  async adopt(version: string): Promise<void> {
    await rm(this.folderOf(version), { recursive: true, force: true });
    moveInPlace(this.draftOf(version), this.folderOf(version));
  }

  /** Makes a release the current one: before, or after, and never neither. */
  switchTo(version: string): void {
    const draft = path.join(this.root, ".current.draft");
    rmSync(draft, { force: true });
    symlinkSync(path.join("releases", version), draft);
    moveInPlace(draft, path.join(this.root, "current"));
  }

  /** Removes all releases but these, and what is left of unpacking. */
  async keepOnly(versions: readonly string[]): Promise<void> {
    if (!existsSync(this.#folder)) return;
    const others = readdirSync(this.#folder).filter((name) => !versions.includes(name));
    for (const name of others) {
      await rm(path.join(this.#folder, name), { recursive: true, force: true });
    }
    syncFolder(this.#folder);
  }

  /** Bytes that can still be written beside the releases. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.root);
    return bavail * bsize;
  }
}
