import { open } from "node:fs/promises";
import { writePiece } from "../store/piece-file.ts";
import { toBackupError } from "./backup-error.ts";
import { checkBackup } from "./check.ts";
import type { BackupContents } from "./contents.ts";
import { type DataPlaces, uploadFile } from "./places.ts";
import { stageRestore } from "./restore.ts";

/**
 * A backup that comes in pieces to an appliance that is not set up yet. It lies in the folder of the
 * restore, which the next start clears away.
 */
export class BackupUpload {
  readonly #places: DataPlaces;
  #isBusy = false;

  constructor(places: DataPlaces) {
    this.#places = places;
  }

  /**
   * Writes the next piece; the first one, at 0, begins anew. False when it is not the next one, or
   * something else is being done.
   * @throws BackupError `no-space`, `failed`
   */
  async write(at: number, piece: Buffer): Promise<boolean> {
    return this.#alone(false, () => writePiece(this.#file, at, piece));
  }

  /**
   * Checks what has come and decides to restore it, unless `mustStill` refuses it by then; the next
   * start does it. Undefined while something else is being done.
   * @throws BackupError as `checkBackup` and `stageRestore`
   */
  async restore(passphrase: string, mustStill: () => void): Promise<BackupContents | undefined> {
    return this.#alone(undefined, async () => {
      await using file = await open(this.#file, "r");
      const backup = await checkBackup(file, passphrase);
      await stageRestore(backup, this.#places, mustStill);
      return backup.contents;
    });
  }

  get #file(): string {
    return uploadFile(this.#places);
  }

  async #alone<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) return otherwise;
    this.#isBusy = true;
    try {
      return await work();
    } catch (error) {
      throw toBackupError(error);
    } finally {
      this.#isBusy = false;
    }
  }
}
