import { type FileHandle, mkdir, open, rm, statfs } from "node:fs/promises";
import path from "node:path";

/** What stays free for everything else that the appliance has to write down, bytes. */
const reserveBytes = 64 * 1024 * 1024;

/** As the system says it when it has nothing left at all. */
class NoRoomError extends Error {
  override readonly name = "NoRoomError";
  readonly code = "ENOSPC";
}

/**
 * Writes the next piece of a file that comes in pieces; the first one, at 0, begins anew. False when
 * it is not the next one. The file is for the appliance alone, and goes when it would fill the disk.
 * @throws Error with the code ENOSPC
 */
export async function writePiece(name: string, at: number, piece: Buffer): Promise<boolean> {
  const folder = path.dirname(name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mustHaveRoom(folder, piece.length).catch(async (error: unknown) => {
    await rm(name, { force: true });
    throw error;
  });
  await using file = await open(name, at === 0 ? "w" : "r+", 0o600);
  const { size } = await file.stat();
  if (size !== at) return false;
  await writeAll(file, piece, at);
  return true;
}

/** Makes sure that so much can be written to a folder's disk. @throws Error with the code ENOSPC */
export async function mustHaveRoom(folder: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (sizeBytes + reserveBytes <= bavail * bsize) return;
  throw new NoRoomError("the disk has no room for what is sent");
}

async function writeAll(file: FileHandle, piece: Buffer, at: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}
