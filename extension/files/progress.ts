import type { Moved } from "./local-walk.ts";

/** Most problems that are kept in words; the others are counted. */
const maxProblems = 100;

/** How far something is, as it is shown. */
export type Standing = Pick<
  Progress,
  "totalBytes" | "totalFiles" | "isCounted" | "doneBytes" | "doneFiles"
>;

/** Something that did not arrive. */
export interface Problem {
  readonly names: readonly string[];
  readonly error: unknown;
}

/** How far a transfer is. Only grows within a run; a run that begins again counts anew. */
export class Progress {
  totalBytes = 0;
  totalFiles = 0;
  /** Nothing more will come to the total. */
  isCounted = false;
  doneBytes = 0;
  doneFiles = 0;
  /** What is being moved, at present or last. */
  current = "";
  /** Links that lead out of what is moved, devices and the like. */
  leftOut = 0;
  /** Those that the person wanted skipped. */
  skipped = 0;
  problemCount = 0;
  readonly problems: Problem[] = [];

  /** Something was found that is to be moved. */
  expect({ kind, sizeBytes }: Moved): void {
    if (kind === "folder") return;
    this.totalFiles++;
    this.totalBytes += sizeBytes;
  }

  /** A file is there. `uncounted`: what of its bytes was not counted on the way. */
  arrived(uncounted = 0): void {
    this.doneFiles++;
    this.doneBytes += uncounted;
  }

  /** A file does not come after all. `counted`: what of it was counted already. */
  dropped({ sizeBytes }: Moved, counted = 0): void {
    this.totalFiles--;
    this.totalBytes -= sizeBytes;
    this.doneBytes -= counted;
  }

  /**
   * How far it is for whoever saw how far it was before: a run finds anew what is there already,
   * and is not shown as if that were lost until then.
   */
  since(before: Standing): Standing {
    const { isCounted } = this;
    const most = (now: number, then: number) => (isCounted ? now : Math.max(now, then));
    const totalBytes = most(this.totalBytes, before.totalBytes);
    const totalFiles = most(this.totalFiles, before.totalFiles);
    return {
      ...{ totalBytes, totalFiles, isCounted: isCounted || before.isCounted },
      doneBytes: Math.max(this.doneBytes, Math.min(before.doneBytes, totalBytes)),
      doneFiles: Math.max(this.doneFiles, Math.min(before.doneFiles, totalFiles)),
    };
  }

  problem(names: readonly string[], error: unknown): void {
    this.problemCount++;
    if (this.problems.length < maxProblems) this.problems.push({ names, error });
  }
}
