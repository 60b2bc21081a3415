import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open, rm, stat } from "node:fs/promises";
import path from "node:path";
import { isLsid, type Lsid } from "@handrail/protocol";
import { namesIn, unlessGone } from "./files.ts";
import { ShellRecordingStore } from "./shell-recordings.ts";
import { SnapshotStore } from "./snapshots.ts";

/** What lies in the folder of recordings. */
export type KeptKind = "recordings" | "shells" | "snapshots";

/** A file that a session has left. */
export interface KeptFile {
  readonly lsid: Lsid;
  readonly kind: KeptKind;
  readonly sizeBytes: number;
  /** When it was last written, Unix ms. */
  readonly changedAt: number;
}

/** The names that the stores of this folder give. */
const namePattern = /^([0-9a-f]{32})\.(hrrec|shell-\d+-\d+\.cast|snapshot\.json)$/;

/** Where recordings lie: one file for each session, in a folder for each first byte of the LSID. */
export class RecordingStore {
  /** Recorded shells, which lie beside. */
  readonly shells: ShellRecordingStore;
  /** Snapshots of computers, which lie beside as well. */
  readonly snapshots: SnapshotStore;
  readonly #directory: string;
  /** How many are reading what is kept of a session. */
  readonly #readers = new Map<Lsid, number>();

  constructor(directory: string) {
    this.#directory = directory;
    this.shells = new ShellRecordingStore(directory);
    this.snapshots = new SnapshotStore(directory);
  }

  /** The file of a session's recording, whether it exists or not. */
  pathOf(lsid: Lsid): string {
    return path.join(this.#directory, lsid.slice(0, 2), `${lsid}.hrrec`);
  }

  /** Whether there is a recording. */
  async has(lsid: Lsid): Promise<boolean> {
    return access(this.pathOf(lsid), constants.R_OK).then(
      () => true,
      () => false,
    );
  }

  /** Opens the file for reading and appending, readable by the appliance only; makes it if need be. */
  async open(lsid: Lsid): Promise<FileHandle> {
    const file = this.pathOf(lsid);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return open(file, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
  }

  /** Keeps what there is of a session from being deleted, until it is disposed. */
  hold(lsid: Lsid): Disposable {
    this.#readers.set(lsid, (this.#readers.get(lsid) ?? 0) + 1);
    const stack = new DisposableStack();
    stack.defer(() => {
      const left = (this.#readers.get(lsid) ?? 1) - 1;
      if (left > 0) this.#readers.set(lsid, left);
      else this.#readers.delete(lsid);
    });
    return stack;
  }

  /** Whether somebody reads what is kept of a session. */
  isHeld(lsid: Lsid): boolean {
    return this.#readers.has(lsid);
  }

  /** Every file that sessions have left, in no order. */
  async *files(): AsyncGenerator<KeptFile> {
    for (const folder of await namesIn(this.#directory)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await namesIn(path.join(this.#directory, folder))) {
        const found = await this.#describe(folder, name);
        if (found) yield found;
      }
    }
  }

  /** Removes what there is of a session, as far as `kinds` has it; what is gone is no fault. */
  async remove(lsid: Lsid, kinds: readonly KeptKind[]): Promise<void> {
    const folder = path.join(this.#directory, lsid.slice(0, 2));
    for (const name of await namesIn(folder)) {
      const known = parse(name);
      if (known?.lsid !== lsid || !kinds.includes(known.kind)) continue;
      await rm(path.join(folder, name), { force: true });
    }
  }

  async #describe(folder: string, name: string): Promise<KeptFile | undefined> {
    const known = parse(name);
    if (!known) return undefined;
    const about = await stat(path.join(this.#directory, folder, name)).catch(unlessGone);
    return about && { ...known, sizeBytes: about.size, changedAt: Math.floor(about.mtimeMs) };
  }
}

function parse(name: string): Pick<KeptFile, "lsid" | "kind"> | undefined {
  const [, lsid = "", ending = ""] = namePattern.exec(name) ?? [];
  if (!isLsid(lsid)) return undefined;
  if (ending === "hrrec") return { lsid, kind: "recordings" };
  return { lsid, kind: ending === "snapshot.json" ? "snapshots" : "shells" };
}
