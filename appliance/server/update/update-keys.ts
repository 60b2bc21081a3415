import type { KeyObject } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseUpdateKey } from "./manifest.ts";
import { UpdateError } from "./update-error.ts";

/** The keys of a folder that releases may be signed with. @throws UpdateError `no-keys` */
export function readUpdateKeys(folder: string): KeyObject[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const keys = names
    .filter((name) => name.endsWith(".pem"))
    .map((name) => parseUpdateKey(readFileSync(path.join(folder, name), "utf8")));
  if (keys.length > 0) return keys;
  throw new UpdateError(
    "no-keys",
    `There is no update key in ${folder}: no bundle can be checked.`,
  );
}
