import type { UnixMs } from "@handrail/protocol";
import type { RetentionSettings } from "@handrail/protocol/upkeep";
import type { Purge, PurgeKind } from "../store/retention.ts";

/** What one session has left of one kind. */
export interface Candidate extends Purge {
  readonly endedAt: UnixMs;
  readonly sizeBytes: number;
}

/** What is deleted for one reason, the session that ended first first. */
export interface Selection {
  readonly kind: PurgeKind;
  /** After how many days; absent where the disk needs the room. */
  readonly keepDays?: number;
  readonly chosen: readonly Candidate[];
}

const dayMs = 86_400_000;
const gigabyte = 1e9;
/** What ended a moment ago may still be written, or looked at by whoever took part. */
const restMs = 3_600_000;

/** How old a session is at least of which anything is deleted: its end was before. */
export function latestEnd(now: UnixMs): UnixMs {
  return now - restMs;
}

/**
 * Chooses what the site keeps no longer: by its age, then the oldest of what is left for as long as
 * the disk has less room than it should.
 */
export function select(
  candidates: readonly Candidate[],
  { settings, now, freeBytes }: { settings: RetentionSettings; now: UnixMs; freeBytes: number },
): Selection[] {
  const inOrder = candidates
    .filter(({ endedAt }) => endedAt < latestEnd(now))
    .toSorted((a, b) => a.endedAt - b.endedAt);
  const daysOf = { recordings: settings.recordingDays, snapshots: settings.snapshotDays };
  const isOver = ({ kind, endedAt }: Candidate) => {
    const keepDays = daysOf[kind];
    return keepDays !== undefined && endedAt < now - keepDays * dayMs;
  };
  const over = inOrder.filter(isOver);
  const freed = over.reduce((sum, { sizeBytes }) => sum + sizeBytes, freeBytes);
  const left = inOrder.filter((each) => !isOver(each));
  const missing = (settings.minimumFreeGigabytes ?? 0) * gigabyte - freed;
  return [...byKind(over, daysOf), ...byKind(oldestOf(left, missing), {})];
}

/** So many from the beginning that they have that size together; all when they have not. */
function oldestOf(candidates: readonly Candidate[], wantedBytes: number): Candidate[] {
  const chosen: Candidate[] = [];
  let missing = wantedBytes;
  for (const each of candidates) {
    if (missing <= 0) break;
    chosen.push(each);
    missing -= each.sizeBytes;
  }
  return chosen;
}

function byKind(
  candidates: readonly Candidate[],
  daysOf: Readonly<Partial<Record<PurgeKind, number | undefined>>>,
): Selection[] {
  const kinds: readonly PurgeKind[] = ["recordings", "snapshots"];
  return kinds.flatMap((kind) => {
    const chosen = candidates.filter((each) => each.kind === kind);
    const keepDays = daysOf[kind];
    if (chosen.length === 0) return [];
    return [keepDays === undefined ? { kind, chosen } : { kind, keepDays, chosen }];
  });
}
