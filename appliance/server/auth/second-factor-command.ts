import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import type { Settings } from "../config.ts";
import { complain } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { Representatives } from "../store/representatives.ts";
import { secondFactorStore } from "../store/second-factors.ts";
import { SecondFactorRule } from "./second-factor-rule.ts";
import { SecondFactors } from "./second-factors.ts";

const usage = `Usage: handrail second-factor <command>
  reset NAME                                  takes a lost second factor from an account`;

/** What the command works on. */
interface CommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
}

/**
 * `handrail second-factor reset NAME`, for whoever has lost device and recovery codes: the password
 * alone signs in again. Exit code 0 when done, 1 when refused, 2 for a wrong command.
 */
export async function secondFactorCommand(args: string[], base: CommandBase): Promise<number> {
  const [verb, name, ...more] = parseCommandLine(args, {})?.positionals ?? [];
  if (verb !== "reset" || name === undefined || more.length > 0) return misused(usage);
  const { audit, settings, store } = base;
  const found = await new Representatives(store).findByName(name);
  if (!found) {
    complain(`There is no representative ${name}.`);
    return 1;
  }
  const rule = new SecondFactorRule(applianceValues(store), audit);
  const factors = new SecondFactors({
    store: secondFactorStore(store),
    siteName: settings.siteName,
    clock: systemClock,
    rule,
    audit,
  });
  if (!factors.isOn(found.id)) {
    complain(`${found.name} has no second factor.`);
    return 1;
  }
  const resetting = factors.reset(found, { name: "operator" });
  // A timer of the log keeps nobody awake: what waits is written now.
  audit.flush();
  await resetting;
  complain(
    rule.holdsFor(found)
      ? `${found.name} sets a new second factor up at the next sign-in, as this site asks for one.`
      : `${found.name} signs in with the password alone, and can set a new one up at /login.`,
  );
  return 0;
}
