import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { removeFile, replaceFile } from "../update/durable.ts";
import type { SystemFiles } from "./system-files.ts";

const shape = z.object({
  /** Unix ms. */
  confirmBefore: z.number(),
  /** What the files said before, by name; null stands for none. */
  former: z.record(z.string(), z.string().nullable()),
});

/**
 * A network that waits to be kept. What was before is noted on the disk first, so that it returns
 * after a power failure too; the note goes last.
 */
export class NetworkTrial {
  readonly #file: string;
  readonly #files: SystemFiles;

  constructor(file: string, files: SystemFiles) {
    this.#file = file;
    this.#files = files;
  }

  /** Until when it waits, in Unix ms; undefined when nothing does. */
  get confirmBefore(): number | undefined {
    return this.#note?.confirmBefore;
  }

  /** Writes the files anew. What returns is what was before the first of several changes. */
  begin(files: ReadonlyMap<string, string | undefined>, confirmBefore: number): void {
    const now = [...files.keys()].map((name) => [name, this.#files.read(name) ?? null] as const);
    const former = this.#note?.former ?? Object.fromEntries(now);
    replaceFile(
      this.#file,
      JSON.stringify({ confirmBefore, former } satisfies z.infer<typeof shape>),
    );
    for (const [name, text] of files) this.#files.write(name, text);
  }

  /** False when nothing waits. */
  keep(): boolean {
    if (!this.#note) return false;
    removeFile(this.#file);
    return true;
  }

  /** Puts the former files back; false when nothing waits. */
  undo(): boolean {
    const note = this.#note;
    if (!note) return false;
    for (const [name, text] of Object.entries(note.former))
      this.#files.write(name, text ?? undefined);
    removeFile(this.#file);
    return true;
  }

  get #note(): z.infer<typeof shape> | undefined {
    if (!existsSync(this.#file)) return undefined;
    return shape.parse(JSON.parse(readFileSync(this.#file, "utf8")));
  }
}
