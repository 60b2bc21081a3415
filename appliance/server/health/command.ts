import {
  healthAdvice,
  healthJudgementText,
  healthSubjectText,
  healthValueText,
  type HealthReport,
} from "@handrail/protocol/upkeep";
import type { Lifetime } from "@handrail/protocol";
import { readSchedule } from "../backup/backups.ts";
import { readTrouble } from "../backup/target/queue.ts";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import type { Settings } from "../config.ts";
import { print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { heldSince } from "../store/data-lock.ts";
import type { Store } from "../store/database.ts";
import { knownReleases } from "../update/channel/known.ts";
import { readHealth } from "./health.ts";
import { hasBackupFailed } from "./live-health.ts";
import { plainFormat } from "./plain-format.ts";

const usage = `Usage: handrail health [--json]
  says how the machine and the appliance are; exit code 1 when something is bad`;
const options = { json: { type: "boolean", default: false } } as const;

/** What the command works on. */
export interface HealthCommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
  /** Of the certificate that is shown. */
  readonly certificate: Lifetime;
}

/** `handrail health`: exit code 0, 1 when something is bad, 2 for a wrong command. */
export async function healthCommand(args: string[], base: HealthCommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  const report = await readHealthBeside(base);
  if (parsed.values.json) print(JSON.stringify(report));
  else show(report);
  return report.judgement === "bad" ? 1 : 0;
}

/** How an appliance is, read by another program than its own. */
export function readHealthBeside(base: HealthCommandBase): Promise<HealthReport> {
  const { audit, certificate, settings, store } = base;
  return readHealth({
    settings,
    certificate,
    backup: {
      isScheduled: readSchedule(applianceValues(store)).every !== "off",
      hasFailed: hasBackupFailed(audit),
      unsentSince: readTrouble(applianceValues(store))?.since,
    },
    releases: knownReleases(applianceValues(store)),
    startedAt: heldSince(settings.dataDirectory),
    now: systemClock.now(),
  });
}

function show({ judgement, reading, verdicts }: HealthReport): void {
  const format = plainFormat("en");
  const { language } = format;
  for (const verdict of verdicts) {
    const { subject } = verdict;
    const name = healthSubjectText(subject, language).padEnd(20);
    const judged = healthJudgementText(verdict.judgement, language).padEnd(16);
    print(`${name}${judged}${healthValueText(subject, reading, format)}`);
    const advice = healthAdvice(verdict, language);
    if (advice !== "") print(`${"".padEnd(20)}${advice}`);
  }
  print(`Altogether: ${healthJudgementText(judgement, language)}`);
}
