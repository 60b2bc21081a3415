import { type FileHandle, mkdir, open } from "node:fs/promises";
import path from "node:path";

/**
 * Writes the next piece of a file that comes in pieces; the first one, at 0, begins anew. False when
 * it is not the next one. The file is for the appliance alone.
 */
export async function writePiece(name: string, at: number, piece: Buffer): Promise<boolean> {
  await mkdir(path.dirname(name), { recursive: true, mode: 0o700 });
  await using file = await open(name, at === 0 ? "w" : "r+", 0o600);
  const { size } = await file.stat();
  if (size !== at) return false;
  await writeAll(file, piece, at);
  return true;
}

async function writeAll(file: FileHandle, piece: Buffer, at: number): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done, at + done);
    done += bytesWritten;
  }
}
