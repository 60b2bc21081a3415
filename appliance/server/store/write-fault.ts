import { HandrailError } from "@handrail/protocol";

/** A failed write as an error of the catalogue: `disk-full` where that is what it is. */
export function writeFault(error: unknown): HandrailError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isFull = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
  return new HandrailError(isFull ? "disk-full" : "internal", "the file cannot be written", {
    cause: error,
  });
}
