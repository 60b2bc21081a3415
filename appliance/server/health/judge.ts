import { dueWarning } from "@handrail/protocol";
import {
  type Disk,
  type HealthReading,
  type HealthReport,
  type HealthSubject,
  healthSubjects,
  type HealthVerdict,
} from "@handrail/protocol/upkeep";

type Judgement = HealthVerdict["judgement"];
type Reason = NonNullable<HealthVerdict["reason"]>;
/** How well something is, and why where it is not well. */
type Finding = readonly [Judgement, Reason?];

const dayMs = 86_400_000;
/** Certificates are made anew well before; so few days (as `dueWarning` has them) are an emergency. */
const lastDays = 3;
/** A computer's clock goes wrong by less than that in a day. */
const comparedWithinMs = 2 * dayMs;
/** One-time passwords and signatures of others start to fail. */
const farOffMs = 30_000;
const offMs = 1_000;
/** A line, or the server of releases, may be down for a weekend. */
const channelWithinMs = 3 * dayMs;
/** A weekly schedule, and a day for the machine to have been off. */
const backupWithinMs = 8 * dayMs;

const good: Finding = ["good"];

/** The only place where it is decided what is well: one rule for each subject. */
const rules: Readonly<Record<HealthSubject, (reading: HealthReading) => Finding>> = {
  load: ({ load }) => {
    const [, overFive] = load.averages;
    return step(overFive / load.cores, { attention: 1.5, bad: 4 }, "load-high");
  },
  memory: ({ memory }) => {
    const used = 1 - memory.availableBytes / memory.totalBytes;
    return step(used, { attention: 0.88, bad: 0.96 }, "memory-low");
  },
  dataDisk: ({ dataDisk }) => disk(dataDisk),
  systemDisk: ({ systemDisk }) => disk(systemDisk),
  certificate: ({ certificate, readAt }) => {
    const due = dueWarning(certificate, readAt);
    if (due === undefined) return good;
    if (due === 0) return ["bad", "certificate-ended"];
    return [due <= lastDays ? "bad" : "attention", "certificate-ending"];
  },
  clock: ({ clock, readAt }) => {
    const { source, isSynchronised, lastAt = 0, offsetMs = 0 } = clock;
    if (source === "none") return ["attention", "clock-unknown"];
    if (Math.abs(offsetMs) > offMs) {
      return [Math.abs(offsetMs) > farOffMs ? "bad" : "attention", "clock-off"];
    }
    const isFresh = isSynchronised && readAt - lastAt < comparedWithinMs;
    return isFresh ? good : ["attention", "clock-unsynchronised"];
  },
  // An update copies it before anything else.
  database: ({ database, dataDisk }) =>
    database.sizeBytes > dataDisk.freeBytes ? ["bad", "database-outgrows-disk"] : good,
  backup: ({ backup, readAt }) => {
    if (backup.hasFailed) return ["bad", "backup-failed"];
    if (backup.unsentSince !== undefined) return ["bad", "backup-not-sent"];
    if (backup.lastAt === undefined) return ["attention", "backup-never"];
    if (readAt - backup.lastAt < backupWithinMs) return good;
    return [backup.isScheduled ? "bad" : "attention", "backup-old"];
  },
  update: ({ update, readAt }) => {
    const { channelUnreadSince = readAt, hasFailed, waiting } = update;
    if (hasFailed) return ["attention", "update-failed"];
    if (waiting !== undefined) return ["attention", "update-waiting"];
    return readAt - channelUnreadSince < channelWithinMs ? good : ["attention", "channel-unread"];
  },
  restart: ({ restart }) => (restart.isNeeded ? ["attention", "restart-needed"] : good),
  upTime: () => good,
};

/** Judges what was read; the whole is as bad as the worst of it. */
export function judge(reading: HealthReading): HealthReport {
  const verdicts = healthSubjects.map((subject): HealthVerdict => {
    const [judgement, reason] = rules[subject](reading);
    return reason === undefined ? { subject, judgement } : { subject, judgement, reason };
  });
  const has = (judgement: Judgement) => verdicts.some((verdict) => verdict.judgement === judgement);
  const judgement = has("bad") ? "bad" : has("attention") ? "attention" : "good";
  return { judgement, reading, verdicts };
}

function disk({ freeBytes, totalBytes }: Disk): Finding {
  return step(1 - freeBytes / totalBytes, { attention: 0.85, bad: 0.95 }, "disk-filling");
}

function step(
  value: number,
  from: { readonly attention: number; readonly bad: number },
  reason: Reason,
): Finding {
  if (value >= from.bad) return ["bad", reason];
  return value >= from.attention ? ["attention", reason] : good;
}
