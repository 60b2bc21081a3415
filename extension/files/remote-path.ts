import { visible } from "@handrail/protocol";

/**
 * A path on the customer's computer as a text that loses nothing, fit for the path of a URI. Names
 * are bytes there: those that are no UTF-8 stand as characters of a private area, U+10FF00 and the
 * byte, and so do the bytes of real characters of that area. Absolute, without `.` and `..`.
 */
export type RemotePath = string;

const reserved = 0x10ff00;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
const isReserved = /[\u{10ff00}-\u{10ffff}]/u;

/** The text of a path or name as it came. */
export function textOfBytes(bytes: Uint8Array): RemotePath {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const character = decoded(bytes.subarray(at, at + length));
    text += character ?? String.fromCodePoint(reserved + (bytes[at] ?? 0));
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** The path or name as it goes. */
export function bytesOfText(path: RemotePath): Uint8Array<ArrayBuffer> {
  if (!isReserved.test(path)) return encoder.encode(path);
  const parts: number[] = [];
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= reserved) parts.push(code - reserved);
    else parts.push(...encoder.encode(character));
  }
  return Uint8Array.from(parts);
}

/** A name or path as people read it: what would break a line or is no text stands as its number. */
export function shownPath(path: RemotePath): string {
  const bytes = (found: string) =>
    `\\x${((found.codePointAt(0) ?? 0) - reserved).toString(16).padStart(2, "0")}`;
  return visible(path.replace(/[\u{10ff00}-\u{10ffff}]/gu, bytes));
}

/** The last part; empty for the root. */
export function nameOf(path: RemotePath): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that holds it; the root holds itself. */
export function parentOf(path: RemotePath): RemotePath {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A path below a folder. */
export function below(folder: RemotePath, ...names: readonly string[]): RemotePath {
  return `${folder === "/" ? "" : folder}/${names.join("/")}`;
}

/** Whether a path is that folder or lies in it. */
export function isWithin(path: RemotePath, folder: RemotePath): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** Whether a name can be one step of a path, wherever it came from. */
export function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return isReserved.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** How long the UTF-8 of a character is that begins so; 1 for what begins none. RFC 3629. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
