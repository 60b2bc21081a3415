import { isNearEnd, type UnixMs } from "@handrail/protocol";
import type { HealthReport, HealthSubject, HealthVerdict } from "@handrail/protocol/upkeep";
import { z } from "zod";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";

type Reason = NonNullable<HealthVerdict["reason"]>;

/** Of what administrators are told by mail: what does not pass, and what they have to mend. */
const subjects = ["certificate", "backup", "dataDisk", "update", "restart"] as const;
const reasons: ReadonlySet<Reason> = new Set<Reason>([
  ...(["certificate-ending", "certificate-ended", "backup-failed", "backup-old"] as const),
  ...(["backup-not-sent", "disk-filling", "update-failed", "update-waiting"] as const),
  ...(["channel-unread", "restart-needed"] as const),
]);

const prefix = "mail-notice:";
const dayMs = 86_400_000;
/** What goes on unmended is told again that often. */
const remindEveryMs = 7 * dayMs;
/** So many days before its end a certificate is worth a mail; of a short life the same part. */
const certificateDays = 21;
/** A backup that is not sent is tried again, at first every few minutes: most lines come back. */
const unsentForMs = dayMs;

/**
 * What is known of one subject. `reason`, `judgement`: as it was told last, absent once it was told
 * to be good again; `toldAt`: when something bad was told last, Unix ms.
 */
const knownShape = z.object({
  toldAt: z.number(),
  reason: z.string().optional(),
  judgement: z.string().optional(),
});
type Known = z.infer<typeof knownShape>;
const storedKnown = json(knownShape);

/** Something to be told. */
export interface Notice {
  readonly verdict: HealthVerdict;
  readonly isGoodAgain: boolean;
}

/**
 * What is to be told of this report, and has to be remembered as told, by `remember`: at most one
 * bad notice a day of each subject, one when it is good again, the same again after a week.
 */
export function noticesOf(report: HealthReport, values: Pick<ApplianceValues, "read">): Notice[] {
  return subjects.flatMap((subject): Notice[] => {
    const verdict = report.verdicts.find((each) => each.subject === subject);
    const known = knownOf(subject, values);
    if (!verdict || mayPass(verdict, report)) return [];
    if (!isNews(verdict, report)) {
      return known?.reason === undefined ? [] : [{ verdict, isGoodAgain: true }];
    }
    return isDue(verdict, known, report.reading.readAt) ? [{ verdict, isGoodAgain: false }] : [];
  });
}

/** Keeps that it was told. Part of the caller's transaction. */
export function remember(values: ApplianceValues, notice: Notice, now: UnixMs): void {
  const { isGoodAgain, verdict } = notice;
  const { subject, judgement, reason } = verdict;
  const toldAt = isGoodAgain ? (knownOf(subject, values)?.toldAt ?? now) : now;
  const known: Known = isGoodAgain
    ? { toldAt }
    : { toldAt, judgement, ...(reason === undefined ? {} : { reason }) };
  values.write(prefix + subject, Buffer.from(JSON.stringify(known)));
}

/** Forgets what was told: with nobody to tell, the next to be named learns all anew. */
export function forgetNotices(values: ApplianceValues): void {
  for (const { name } of values.list(prefix)) values.remove(name);
}

function isDue({ judgement, reason }: HealthVerdict, known: Known | undefined, now: number) {
  if (!known) return true;
  const sinceMs = now - known.toldAt;
  // A clock that was set back must not keep anybody from being told.
  if (sinceMs < 0) return true;
  const isSame = known.reason === reason && known.judgement === judgement;
  return sinceMs >= (isSame ? remindEveryMs : dayMs);
}

/** Neither to be told nor good again. */
function mayPass({ reason }: HealthVerdict, { reading }: HealthReport): boolean {
  const { backup, readAt } = reading;
  return reason === "backup-not-sent" && readAt - (backup.unsentSince ?? readAt) < unsentForMs;
}

function isNews({ subject, reason }: HealthVerdict, { reading }: HealthReport): boolean {
  if (reason === undefined || !reasons.has(reason)) return false;
  const { certificate, readAt } = reading;
  return subject !== "certificate" || isNearEnd(certificate, readAt, certificateDays);
}

function knownOf(subject: HealthSubject, values: Pick<ApplianceValues, "read">): Known | undefined {
  return storedKnown.safeParse(values.read(prefix + subject)?.toString()).data;
}
