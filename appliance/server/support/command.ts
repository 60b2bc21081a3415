import { createWriteStream } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { misused, parseCommandLine } from "../command-line.ts";
import type { Clock } from "../clock.ts";
import { complain, print } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import { makeSupportBundle, supportBundleName } from "./bundle.ts";
import { supportParts, type SupportSources } from "./parts.ts";

const usage = `Usage: handrail support-bundle [--out FILE]
  writes what helps whoever helps you: no secrets, no names, no texts`;
const options = { out: { type: "string" } } as const;

/** `handrail support-bundle`: exit code 0 when done, 1 when it cannot be written, 2 for a wrong command. */
export async function supportBundleCommand(
  args: string[],
  { audit, clock, ...sources }: SupportSources & { audit: AuditLog; clock: Clock },
): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed || parsed.positionals.length > 0) return misused(usage);
  const at = clock.now();
  const file = path.resolve(parsed.values.out ?? supportBundleName(at));
  const { signal } = new AbortController();
  const bundle = await makeSupportBundle(supportParts(sources), { at, signal });
  const told = audit.append({ event: "support.bundle-made", who: "operator" });
  audit.flush();
  await told;
  try {
    await pipeline(bundle, createWriteStream(file, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    complain(`${file} cannot be written: ${error instanceof Error ? error.message : ""}`);
    return 1;
  }
  print(file);
  return 0;
}
