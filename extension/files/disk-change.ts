import {
  type FilesWriteCustomerMessage,
  keepMode,
  maxSmallFileBytes,
  pathBytes,
} from "@handrail/protocol";
import { open } from "node:fs/promises";
import { strange } from "./disk.ts";
import type { WriteChannel } from "./file-channel.ts";
import { FileRefusal } from "./file-refusal.ts";
import type { LocalMoved } from "./local-walk.ts";
import type { RemotePath } from "./remote-path.ts";

/** A change of the disk that is answered with `done`. @throws FileRefusal, HandrailError */
export async function change(
  channel: WriteChannel,
  message: Parameters<WriteChannel["ask"]>[0],
  signal?: AbortSignal,
): Promise<void> {
  const take = (answer: FilesWriteCustomerMessage): boolean => {
    if (answer.type !== "done" && answer.type !== "progress") throw strange();
    return answer.type === "done";
  };
  await channel.call(message, { take, signal });
}

/** Makes a folder; false when something of that name is there. @throws FileRefusal, HandrailError */
export async function makeFolder(
  channel: WriteChannel,
  path: RemotePath,
  { mode, signal }: { readonly mode: number; readonly signal?: AbortSignal },
): Promise<boolean> {
  try {
    await change(channel, { type: "makeFolder", path: pathBytes(path), mode }, signal);
    return true;
  } catch (error) {
    if (error instanceof FileRefusal && error.reason === "exists") return false;
    throw error;
  }
}

/**
 * The mode that a file is to have there. What Windows calls a mode says nothing; rights beyond
 * reading, writing and executing do not travel.
 */
export function modeOf({ mode }: LocalMoved): number {
  return process.platform === "win32" ? keepMode : mode & 0o777;
}

/** What a small file holds. @throws FileRefusal `changed` when it is no longer small */
export async function readSmall({ place, sizeBytes }: LocalMoved): Promise<Uint8Array> {
  const file = await open(place, "r");
  try {
    // One byte more than it had tells that it has grown.
    const buffer = Buffer.alloc(sizeBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, sizeBytes + 1, 0);
    if (bytesRead > maxSmallFileBytes) throw new FileRefusal("changed", "", { isHere: true });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
