import { readFileSync } from "node:fs";
import { HandrailError } from "@handrail/protocol";

/** The options of a command that say which certificate of a server is trusted. */
export const trustOptions = {
  "ca-file": { type: "string" },
  pin: { type: "string" },
} as const;

/** What they say, for `trustShape` to judge. @throws HandrailError `not-found` naming the file */
export function trustOf({
  pin,
  "ca-file": file,
}: {
  pin?: string | undefined;
  "ca-file"?: string | undefined;
}): object {
  if (pin !== undefined) return { by: "pin", pin };
  if (file === undefined) return { by: "authorities" };
  try {
    return { by: "ca", ca: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new HandrailError("not-found", `${file} cannot be read`, { cause });
  }
}
