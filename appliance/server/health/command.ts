import { sizeText } from "@handrail/protocol";
import {
  healthAdvice,
  type HealthFormat,
  healthJudgementText,
  healthSubjectText,
  healthValueText,
  type HealthReport,
} from "@handrail/protocol/upkeep";
import { readSchedule } from "../backup/backups.ts";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import type { Settings } from "../config.ts";
import { print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { heldSince } from "../store/data-lock.ts";
import type { Store } from "../store/database.ts";
import { readHealth } from "./health.ts";

const usage = `Usage: handrail health [--json]
  says how the machine and the appliance are; exit code 1 when something is bad`;
const options = { json: { type: "boolean", default: false } } as const;

/** What the command works on. */
export interface HealthCommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
  /** When the certificate that is shown ends, Unix ms. */
  readonly certificateEndsAt: number;
}

/** `handrail health`: exit code 0, 1 when something is bad, 2 for a wrong command. */
export async function healthCommand(args: string[], base: HealthCommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  const { audit, certificateEndsAt, settings, store } = base;
  const report = await readHealth({
    settings,
    certificateEndsAt,
    backup: {
      isScheduled: readSchedule(applianceValues(store)).every !== "off",
      hasFailed: newest(audit, "backup.failed") > newest(audit, "backup.made"),
    },
    startedAt: heldSince(settings.dataDirectory),
    now: systemClock.now(),
  });
  if (parsed.values.json) print(JSON.stringify(report));
  else show(report);
  return report.judgement === "bad" ? 1 : 0;
}

/** The number of the newest row of that event; 0 when there is none. */
function newest(audit: AuditLog, event: string): number {
  const [row] = audit.page({ kind: "administration", text: event, limit: 1 });
  return row?.seq ?? 0;
}

const format: HealthFormat = {
  language: "en",
  size: (sizeBytes) => sizeText(sizeBytes, "en"),
  moment: (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ") + " UTC",
  duration: (durationMs) => {
    const hours = Math.floor(durationMs / 3_600_000);
    return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
  },
};

function show({ judgement, reading, verdicts }: HealthReport): void {
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
