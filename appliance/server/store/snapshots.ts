import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { writeFault } from "./write-fault.ts";

/** Where snapshots of computers lie: beside the recording of their session, one file of JSON each. */
export class SnapshotStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The file of a session's snapshot, whether it exists or not. */
  pathOf(lsid: Lsid): string {
    return path.join(this.#directory, lsid.slice(0, 2), `${lsid}.snapshot.json`);
  }

  /**
   * Writes a session's snapshot, readable by the appliance only: the whole of it or nothing.
   * @throws HandrailError `disk-full`, `internal`
   */
  async write(lsid: Lsid, bytes: Uint8Array): Promise<void> {
    const file = this.pathOf(lsid);
    const draft = `${file}.new`;
    try {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await this.#writeDraft(draft, bytes);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw writeFault(error);
    }
  }

  /** Removes it, if it is there. */
  async remove(lsid: Lsid): Promise<void> {
    await rm(this.pathOf(lsid), { force: true });
  }

  async #writeDraft(draft: string, bytes: Uint8Array): Promise<void> {
    await using file = await open(draft, "w", 0o600);
    await file.writeFile(bytes);
    await file.datasync();
  }
}
