import { constants } from "node:fs";
import { access, type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";
import { HandrailError, type Lsid } from "@handrail/protocol";
import { ShellRecordingStore } from "./shell-recordings.ts";

/** Where recordings lie: one file for each session, in a folder for each first byte of the LSID. */
export class RecordingStore {
  /** Recorded shells, which lie beside. */
  readonly shells: ShellRecordingStore;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.shells = new ShellRecordingStore(directory);
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

/** A failed write as an error of the catalogue: `disk-full` where that is what it is. */
export function writeFault(error: unknown): HandrailError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isFull = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  return new HandrailError(isFull ? "disk-full" : "internal", "the file cannot be written", {
    cause: error,
  });
}
