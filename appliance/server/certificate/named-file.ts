import { readFileSync } from "node:fs";
import { HandrailError } from "@handrail/protocol";

/**
 * The text of a file that a command line names; `-` is standard input.
 * @throws HandrailError `not-found` naming the file
 */
export function readNamedFile(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HandrailError("not-found", `${file} cannot be read: ${reason}`, { cause });
  }
}
