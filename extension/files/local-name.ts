import { pathBytes, pathText } from "@handrail/protocol";
import path from "node:path";
import { isName } from "./remote-path.ts";

/**
 * Names between two computers. On Linux a name is bytes and stays what it is; where names are text,
 * what cannot be one is written as its number, and what would be a path or a device there is made a
 * harmless name. Nothing that comes out leads anywhere else than into the folder it is put in.
 */

/** A path of this computer: bytes where names are bytes. */
export type LocalPath = string | Buffer;

const hasByteNames = process.platform === "linux";
const forbidden = /[<>:"\\|?*\p{Cc}]/gu;
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** How directories are to be read here: as bytes wherever names are. */
export const nameEncoding = hasByteNames ? "buffer" : "utf8";

/** The path of a file of a folder, both of this computer; undefined for what can be no name. */
export function localChild(folder: LocalPath, name: string): LocalPath | undefined {
  if (!isName(name)) return undefined;
  if (hasByteNames) {
    const start = Buffer.isBuffer(folder) ? folder : Buffer.from(folder);
    return Buffer.concat([start, Buffer.from("/"), pathBytes(name)]);
  }
  return path.join(folder.toString(), textName(name, process.platform));
}

/** A name as a platform takes it on which names are text. */
export function textName(name: string, platform: string): string {
  const bytes = Buffer.from(pathBytes(name));
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  // File systems of text refuse other bytes.
  const plain = isText ? text : bytes.toString("latin1").replace(/[\u0080-\u00ff%]/g, numbered);
  if (platform !== "win32") return plain;
  const harmless = plain.replace(forbidden, numbered).replace(/[. ]$/, numbered);
  return devices.test(harmless) ? `_${harmless}` : harmless;
}

/** The name of a directory's entry as the other computer is to be told it. */
export function nameFromLocal(entry: string | Buffer): string {
  return pathText(typeof entry === "string" ? Buffer.from(entry) : entry);
}

function numbered(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
