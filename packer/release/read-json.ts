import { readFileSync } from "node:fs";

/** Reads a JSON file of this checkout, which is as npm has written it: `T` is what that is. */
export function readJson<T>(file: string, revive?: (key: string, value: unknown) => unknown): T {
  return JSON.parse(readFileSync(file, "utf8"), revive) as T;
}
