import type { SessionEvent } from "@handrail/protocol";
import type { TimelineEntry } from "../screen/recording.ts";

/** An event of a recording at its place. */
type Entry = TimelineEntry<SessionEvent>;

/** Steps of one act are not further apart, ms. */
const togetherMs = 10_000;
/** What only reads, a step for each thing that is read. */
const readings: ReadonlySet<string> = new Set([
  "system.read",
  "files.listed",
  "files.searched",
  "file.hashed",
]);

/**
 * Puts steps of the same act into one run each: tools that are opened and closed, and what only
 * reads, by the same person with the same kind of tool, one soon after the other. What changes
 * something stands alone always. `entries` by their time, as are the runs; none is left out.
 */
export function runsOf(entries: readonly Entry[]): (readonly Entry[])[] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && isStep(last) && isStep(entry) && isSameAct(last, entry)) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** The entry that says best what a run is about: one that reads, or else its first. */
export function headOf(run: readonly Entry[]): Entry | undefined {
  return run.find(({ what }) => readings.has(what.event)) ?? run[0];
}

function isStep({ what: { event } }: Entry): boolean {
  return readings.has(event) || /\.(opened|closed)$/.test(event);
}

function isSameAct(a: Entry, b: Entry): boolean {
  const isSoon = b.at - a.at <= togetherMs;
  return isSoon && a.what.who === b.what.who && kindOf(a) === kindOf(b);
}

/** As `file` of `files.listed`, `files-write.opened` and `file.hashed`. */
function kindOf({ what: { event } }: Entry): string {
  const [subject = ""] = event.split(/[.-]/);
  return subject.replace(/s$/, "");
}
