import type { ClipboardCopy, ClipboardRefusal } from "@handrail/protocol";

/**
 * What was found on the clipboard, or why nothing is given. `sha256`: of the copy's bytes, in
 * hexadecimal; the audit log has it instead of the content.
 */
export type ClipboardReading =
  { readonly copy: ClipboardCopy; readonly sha256: string } | { readonly none: ClipboardRefusal };

/**
 * The clipboard of this computer. Whatever other programs do with it, each call ends within a
 * bounded time, and takes a bounded amount of memory.
 */
export interface ClipboardHost extends Disposable {
  /** What is on it now; text where there is both. Never what a password manager calls a secret. */
  read(): Promise<ClipboardReading>;
  /**
   * Puts a copy onto it, until somebody copies something else. Its SHA-256; undefined: it could not
   * be done.
   */
  place(copy: ClipboardCopy): Promise<string | undefined>;
  /** Something else was copied here, so often since the last call; not what was placed. */
  onChange(listener: (times: number) => void): Disposable;
}
