import { type PathLike } from "node:fs";
import path from "node:path";
import { bytesOfText, isName, textOfBytes } from "./remote-path.ts";

/**
 * Names between two computers. On Linux a name is bytes and stays what it is; where names are text,
 * what cannot be one is written as its number, and what would be a path or a device there is made a
 * harmless name. Nothing that comes out leads anywhere else than into the folder it is put in.
 */

/** A path of this computer: bytes where names are bytes. */
export type LocalPath = string | Buffer;

const hasByteNames = process.platform === "linux";
const forbidden = /[<>:"\\|?*\u0000-\u001f]/g;
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The path of a file of a folder, both of this computer; undefined for what can be no name. */
export function localChild(folder: LocalPath, name: string): LocalPath | undefined {
  if (!isName(name)) return undefined;
  if (hasByteNames) {
    const start = Buffer.isBuffer(folder) ? folder : Buffer.from(folder);
    return Buffer.concat([start, Buffer.from("/"), bytesOfText(name)]);
  }
  return path.join(folder.toString(), textName(name, process.platform));
}

/** A name as a platform takes it on which names are text. */
export function textName(name: string, platform: string): string {
  const bytes = Buffer.from(bytesOfText(name));
  // Escaped bytes: a file system of text refuses them.
  const text = isWellFormed(name)
    ? name
    : bytes.toString("latin1").replace(/[\u0080-\u00ff%]/g, numbered);
  if (platform !== "win32") return text;
  const plain = text.replace(forbidden, numbered).replace(/[. ]$/, numbered);
  return devices.test(plain) ? `_${plain}` : plain;
}

/** The name of a directory's entry as text, see `RemotePath`. */
export function nameFromLocal(entry: string | Buffer): string {
  return typeof entry === "string" ? entry.toWellFormed() : textOfBytes(entry);
}

/** How directories are to be read here: as bytes wherever names are. */
export const nameEncoding = hasByteNames ? "buffer" : "utf8";

/** The path as people read it. */
export function localText(local: PathLike): string {
  return local.toString();
}

function isWellFormed(name: string): boolean {
  return bytesOfText(name).length === Buffer.byteLength(name);
}

function numbered(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
