import { HandrailError, isName, pathBytes } from "@handrail/protocol";
import type { Disk } from "./disk.ts";
import { FileRefusal, localRefusal } from "./file-refusal.ts";
import type { Moved } from "./local-walk.ts";
import type { Progress } from "./progress.ts";
import type { DoneList } from "./transfer-journal.ts";
import type { TransferPlan } from "./transfer-plan.ts";
import type { Unfinished } from "./unfinished.ts";

/** What to do where something of the same name is already. */
export type Choice = "replace" | "skip" | "keep-both";

/** Something of the same name is already where a file or link is to go. */
export interface Conflict {
  readonly moved: Moved;
  readonly existing: {
    readonly sizeBytes: number;
    readonly modifiedAt: number;
    readonly isFolder: boolean;
  };
}

/** All that moving files works with. */
export interface Run {
  readonly plan: TransferPlan;
  readonly disk: Disk;
  readonly done: DoneList;
  readonly progress: Progress;
  readonly unfinished: Unfinished;
  /** Asks the person, one question at a time. @throws HandrailError `cancelled` */
  readonly decide: (conflict: Conflict) => Promise<Choice>;
  /** Aborted to stop: with {@link Paused} what has begun is kept. */
  readonly signal: AbortSignal;
}

/** Why a transfer stands still: it will go on. */
export class Paused extends HandrailError {
  constructor() {
    super("cancelled", "paused");
    this.name = "Paused";
  }
}

/** Whether an error ends the whole transfer, or only concerns one file of it. */
export function endsTransfer(error: unknown): boolean {
  return !(error instanceof FileRefusal) || error.reason === "disk-full";
}

/** Whether a transfer may go on by itself once the customer can be reached again. */
export function isInterruption(error: unknown): boolean {
  if (!(error instanceof HandrailError) || error instanceof FileRefusal) return false;
  return ["unavailable", "customer-away", "too-slow", "link-replaced"].includes(error.code);
}

/** Does something about one file: a problem with it is told, and the others go on. */
export async function each(run: Run, names: readonly string[], task: () => Promise<void>) {
  try {
    await task();
  } catch (cause) {
    const error = localRefusal(cause);
    if (endsTransfer(error)) throw error;
    run.progress.problem(names, error);
  }
}

/** A name like this one: `notes (2).txt`. Within what a name may have. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf(".");
  const end = dot > 0 ? name.slice(dot) : "";
  let stem = Array.from(dot > 0 ? name.slice(0, dot) : name);
  const full = () => `${stem.join("")} (${number})${end}`;
  while (!isName(pathBytes(full())) && stem.length > 1) stem = stem.slice(0, -1);
  return full();
}
