import { z } from "zod";
import { diskShape } from "./storage.ts";

/** What an appliance's health consists of, in the order in which it is shown. */
export const healthSubjects = [
  "load",
  "memory",
  "dataDisk",
  "systemDisk",
  "certificate",
  "clock",
  "database",
  "backup",
  "update",
  "restart",
  "upTime",
] as const;
/** One of them. */
export type HealthSubject = (typeof healthSubjects)[number];

/** How well something is. */
export const healthJudgements = ["good", "attention", "bad"] as const;
/** One of them. */
export type HealthJudgement = (typeof healthJudgements)[number];

/** What is wrong, where something is. */
export const healthReasons = [
  "load-high",
  "memory-low",
  "disk-filling",
  "certificate-ending",
  "certificate-ended",
  "clock-unknown",
  "clock-unsynchronised",
  "clock-off",
  "database-outgrows-disk",
  "backup-never",
  "backup-old",
  "backup-failed",
  "backup-not-sent",
  "update-failed",
  "update-waiting",
  "channel-unread",
  "restart-needed",
] as const;
/** One of them. */
export type HealthReason = (typeof healthReasons)[number];

/** What was read of the machine and of the appliance on it. Times in Unix ms. */
export const healthReadingShape = z.object({
  readAt: z.number(),
  /** Programs that run or wait to, on average over 1, 5 and 15 minutes; and how many can run. */
  load: z.object({ averages: z.tuple([z.number(), z.number(), z.number()]), cores: z.int() }),
  /** `handrailBytes`: resident memory of all of Handrail's processes. */
  memory: z.object({
    totalBytes: z.number(),
    availableBytes: z.number(),
    handrailBytes: z.number(),
    handrailProcesses: z.int(),
  }),
  dataDisk: diskShape,
  systemDisk: diskShape,
  certificate: z.object({ validFrom: z.number(), validTo: z.number() }),
  clock: z.object({
    /** Who keeps the time; none where nobody says so. */
    source: z.enum(["systemd-timesyncd", "chrony", "none"]),
    isSynchronised: z.boolean(),
    /** When it was last compared with a server. */
    lastAt: z.number().optional(),
    offsetMs: z.number().optional(),
  }),
  database: z.object({ sizeBytes: z.number() }),
  backup: z.object({
    lastAt: z.number().optional(),
    isScheduled: z.boolean(),
    hasFailed: z.boolean(),
    /** Since when one waits that could not be sent to where backups go. */
    unsentSince: z.number().optional(),
  }),
  update: z.object({
    version: z.string(),
    lastAt: z.number().optional(),
    hasFailed: z.boolean(),
    /** The version of a newer release that waits to be installed. */
    waiting: z.string().optional(),
    /** Since when the release channel, which is looked at every day, cannot be read. */
    channelUnreadSince: z.number().optional(),
  }),
  /** Whether what runs is older than what is installed, and which packages say so. */
  restart: z.object({ isNeeded: z.boolean(), packages: z.array(z.string()) }),
  /** `startedAt`: of the appliance's server, absent while it does not run. */
  upTime: z.object({ bootedAt: z.number(), startedAt: z.number().optional() }),
});
/** The same, read. */
export type HealthReading = z.infer<typeof healthReadingShape>;

/** How well one subject is, and what is wrong with it. */
export const healthVerdictShape = z.object({
  subject: z.enum(healthSubjects),
  judgement: z.enum(healthJudgements),
  reason: z.enum(healthReasons).optional(),
});
/** The same, read. */
export type HealthVerdict = z.infer<typeof healthVerdictShape>;

/** How an appliance is: the page at /login and `handrail health --json` have the same. */
export const healthReportShape = z.object({
  judgement: z.enum(healthJudgements),
  reading: healthReadingShape,
  verdicts: z.array(healthVerdictShape),
});
/** The same, read. */
export type HealthReport = z.infer<typeof healthReportShape>;
