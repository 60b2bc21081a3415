import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { ShellRecordingStore } from "./shell-recordings.ts";
import { SnapshotStore } from "./snapshots.ts";

/** Where recordings lie: one file for each session, in a folder for each first byte of the LSID. */
export class RecordingStore {
  /** Recorded shells, which lie beside. */
  readonly shells: ShellRecordingStore;
  /** Snapshots of computers, which lie beside as well. */
  readonly snapshots: SnapshotStore;
  readonly #directory: string;

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
}
