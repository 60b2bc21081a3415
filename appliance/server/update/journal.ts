import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { removeFile, replaceFile } from "./durable.ts";
import { versionShape } from "./release-version.ts";
import { updateFaults } from "./update-error.ts";

/**
 * How far an update has come, in the order of the stages. While a journal is there, an update is
 * under way or was cut short, and its stage says what is to be undone:
 * `unpacking`: a folder that is not whole; the server runs as it did.
 * `stopping`, `copying`: the server may be stopped; nothing has changed.
 * `switching`: the copy of the database is whole; either release may be the current one.
 * `checking`: the new release is the current one, has been started, and has not proved itself.
 * `going-back`: the release before becomes the current one again.
 * `keeping`: the new release has proved itself; what is no longer needed goes.
 */
export const stages = [
  "unpacking",
  "stopping",
  "copying",
  "switching",
  "checking",
  "going-back",
  "keeping",
] as const;
/** One of the stages. */
export type Stage = (typeof stages)[number];

/** The folder of the notes, beside the releases. */
export const notesFolder = "update";

const attempt = {
  /** `rollback` is an update to the release before. */
  kind: z.enum(["update", "rollback"]),
  from: versionShape,
  to: versionShape,
  /** Who wanted it: an administrator's name, or the operator of the machine. */
  by: z.string().max(100),
  /** Unix ms. */
  startedAt: z.int(),
};
const journalShape = z.object({ stage: z.enum(stages), ...attempt });
/** An update that is under way. */
export type Journal = z.infer<typeof journalShape>;

const resultShape = z.object({
  ...attempt,
  /** Unix ms. */
  endedAt: z.int(),
  /** Why the appliance runs what it ran before; absent when the update is installed. */
  fault: z.enum(updateFaults).optional(),
  /** The same for the operator, in sentences. */
  message: z.string().max(2000).optional(),
  /** Whether the database is again as it was before the update. */
  isDatabaseRestored: z.boolean(),
});
/** How the last update ended. */
export type UpdateResult = z.infer<typeof resultShape>;

/** The notes of an appliance with its releases in this folder, for reading. */
export function updateNotesIn(releasesRoot: string): Pick<UpdateNotes, "journal" | "result"> {
  return new UpdateNotes(path.join(releasesRoot, notesFolder));
}

/** What is known of updates, in a folder that root alone writes and everyone may read. */
export class UpdateNotes {
  readonly #journal: string;
  readonly #result: string;

  constructor(folder: string) {
    this.#journal = path.join(folder, "journal.json");
    this.#result = path.join(folder, "result.json");
  }

  /** The update that is under way, or was cut short. */
  get journal(): Journal | undefined {
    return read(this.#journal, journalShape);
  }

  get result(): UpdateResult | undefined {
    return read(this.#result, resultShape);
  }

  reach(journal: Journal): void {
    replaceFile(this.#journal, `${JSON.stringify(journal)}\n`);
  }

  /** The result is there before the journal goes: a cut in between does the last step again. */
  end(result: UpdateResult): void {
    replaceFile(this.#result, `${JSON.stringify(result)}\n`);
    removeFile(this.#journal);
  }
}

function read<T extends z.ZodType>(file: string, shape: T): z.infer<T> | undefined {
  if (!existsSync(file)) return undefined;
  return shape.parse(JSON.parse(readFileSync(file, "utf8")));
}
