import { HandrailError } from "@handrail/protocol";
import { misused, parseCommandLine } from "../command-line.ts";
import { hostOf, type Settings, siteChangesShape } from "../config.ts";
import { complain, print } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import { SiteSettings } from "./site-settings.ts";

const usage = `Usage: handrail site [--name NAME] [--address URL] [--seats N]
  Says what the site is called, by which address people reach it, and how many representatives may
  work at the same time; or sets what is given, from the next start of the server on.
  ADDRESS is like https://support.example.org.`;

const options = {
  name: { type: "string" },
  address: { type: "string" },
  seats: { type: "string" },
} as const;

/** The appliance that the command works on. */
interface SiteBase {
  readonly settings: Settings;
  readonly audit: AuditLog;
}

/** `handrail site …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function siteCommand(args: string[], base: SiteBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  const { name, address, seats } = parsed.values;
  const changes = siteChangesShape.safeParse({
    ...(name === undefined ? {} : { siteName: name }),
    ...(address === undefined ? {} : { publicUrl: address }),
    ...(seats === undefined ? {} : { seats: Number(seats) }),
  });
  if (!changes.success) {
    const [issue] = changes.error.issues;
    complain(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
    return 1;
  }
  const site = new SiteSettings(process.env, base.audit);
  try {
    await site.change(changes.data, { who: "operator" });
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
  const kept = site.kept({ ...base.settings, publicUrl: `https://${hostOf(base.settings)}` });
  print(`Name      ${kept.siteName}`);
  print(`Address   ${kept.publicUrl}`);
  print(`Seats     ${kept.seats}`);
  if (args.length > 0)
    complain("It holds from the next start of the server on: handrail restart --server");
  return 0;
}
