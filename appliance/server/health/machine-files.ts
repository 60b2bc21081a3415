import { readFile } from "node:fs/promises";

/** What a file of the system says; undefined where it is not there or not for us to read. */
export async function textOf(file: string): Promise<string | undefined> {
  // Every machine has others of these files, and a service may see fewer still.
  return readFile(file, "utf8").catch(() => undefined);
}
