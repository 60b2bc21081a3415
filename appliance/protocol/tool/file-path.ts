import { encodeText } from "../codec/struct.ts";
import { unshown } from "../person-text.ts";

/**
 * Names of files are bytes: on a customer's disk they need be neither UTF-8 nor one line. On the
 * wire they travel as they are; where people and editors need text they are written so that every
 * name has exactly one text and every text leads back to its bytes:
 *
 * - well-formed UTF-8 that can be seen is itself (`100 %`, `été`, spaces);
 * - each byte of anything else (ill-formed UTF-8, line feeds and other controls, characters that
 *   change the order of what is read, backslashes, U+241B itself) is U+241B `␛` and two upper-case
 *   hex digits: a line feed is `␛0A`.
 */
const escape = "\u241b";
const escaped = /\u241b([0-9A-F]{2})/g;
const slash = 0x2f;

/** Longest path and longest name in bytes. Source: Linux, PATH_MAX with its NUL and NAME_MAX. */
export const maxPathBytes = 4095;
export const maxNameBytes = 255;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A name or a path as text, as described above. Never fails. */
export function pathText(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return shown(whole);
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const character = decoded(bytes.subarray(at, at + length));
    text += character === undefined ? escapedBytes(bytes.subarray(at, at + 1)) : shown(character);
    at += character === undefined ? 1 : length;
  }
  return text;
}

/**
 * The bytes of a name or a path that was written as text: the other way round of `pathText`. A `␛`
 * that begins no escape is itself, and half a surrogate pair is U+FFFD.
 */
export function pathBytes(text: string): Uint8Array<ArrayBuffer> {
  if (!text.includes(escape)) return encodeText(text);
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const found of text.matchAll(escaped)) {
    parts.push(encodeText(text.slice(end, found.index)));
    parts.push(Uint8Array.of(Number.parseInt(found[1] ?? "", 16)));
    end = found.index + found[0].length;
  }
  parts.push(encodeText(text.slice(end)));
  return joined(parts);
}

/**
 * Whether these bytes are a path as the wire has them: absolute, `/` alone or without one at its
 * end, no empty part, no `.` or `..`, no NUL, each part and the whole within bounds.
 */
export function isPath(path: Uint8Array): boolean {
  if (path[0] !== slash || path.length > maxPathBytes) return false;
  if (path.length === 1) return true;
  for (let begin = 1; begin <= path.length;) {
    const found = path.indexOf(slash, begin);
    const end = found < 0 ? path.length : found;
    if (!isName(path.subarray(begin, end))) return false;
    begin = end + 1;
  }
  return true;
}

/** Whether these bytes can be the name of something in a folder. */
export function isName(name: Uint8Array): boolean {
  if (name.length < 1 || name.length > maxNameBytes) return false;
  if (name.includes(0) || name.includes(slash)) return false;
  const isDots = name.every((byte) => byte === 0x2e);
  return !(isDots && name.length <= 2);
}

/** The path of a name in a folder. */
export function childPath(folder: Uint8Array, name: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(folder.length === 1 ? [folder, name] : [folder, Uint8Array.of(slash), name]);
}

/** The folder and the name of a path; of `/` the name is empty. Views, not copies. */
export function splitPath(path: Uint8Array): { folder: Uint8Array; name: Uint8Array } {
  const at = path.lastIndexOf(slash);
  return { folder: path.subarray(0, Math.max(1, at)), name: path.subarray(at + 1) };
}

/** Whether a path is a folder or lies in it, at whatever depth. */
export function isWithin(path: Uint8Array, folder: Uint8Array): boolean {
  if (folder.length === 1) return true;
  if (!folder.every((byte, at) => path[at] === byte)) return false;
  return path.length === folder.length || path[folder.length] === slash;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function shown(text: string): string {
  return text.replace(unseenInPath, (found) => escapedBytes(encodeText(found)));
}

const unseenInPath = new RegExp(`${unshown.source}|[\\\\${escape}]`, "gu");

function escapedBytes(bytes: Uint8Array): string {
  const hex = (byte: number) => byte.toString(16).toUpperCase().padStart(2, "0");
  return Array.from(bytes, (byte) => escape + hex(byte)).join("");
}

/** How long the character is that begins here, as its first byte says (RFC 3629). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
