import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/**
 * A golden vector: one message as JSON (`<name>.json`) and as the bytes on the wire
 * (`<name>.hex`, hex digits, one line for each message). Bytes within the JSON are
 * `{"hex": "00ff"}`. `format` says how the value is written; see formats.ts.
 */
export interface Vector {
  readonly name: string;
  readonly format: string;
  readonly value: unknown;
  /** What is on the wire; undefined while the .hex file is missing. */
  readonly lines: readonly Uint8Array[] | undefined;
}

/** Where vectors are. */
export const vectorFolder = path.join(import.meta.dirname, "vectors");

/** All vectors, by name. */
export async function readVectors(): Promise<Vector[]> {
  const files = await readdir(vectorFolder);
  const names = files.filter((file) => file.endsWith(".json")).sort();
  return Promise.all(names.map((file) => readVector(path.basename(file, ".json"))));
}

/** Hex digits, as in the files. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

async function readVector(name: string): Promise<Vector> {
  const json = await readFile(path.join(vectorFolder, `${name}.json`), "utf8");
  const { format, value } = JSON.parse(json, reviveBytes) as { format: string; value: unknown };
  const hex = await readFile(path.join(vectorFolder, `${name}.hex`), "utf8").catch(() => undefined);
  return { name, format, value, lines: hex?.trim().split("\n").map(fromHex) };
}

function fromHex(line: string): Uint8Array {
  return Uint8Array.from(Buffer.from(line, "hex"));
}

function reviveBytes(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("hex" in value)) return value;
  return typeof value.hex === "string" ? fromHex(value.hex) : value;
}
