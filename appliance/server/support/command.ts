import { createWriteStream } from "node:fs";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { makeOwnIdentity, type Identity } from "../certificate/identity.ts";
import type { Clock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { hostOf } from "../config.ts";
import { complain, print } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import { makeSupportBundle, supportBundleName } from "./bundle.ts";
import { offerBundle, offeredForMs } from "./offer.ts";
import { supportParts, type SupportSources } from "./parts.ts";

const usage = `Usage: handrail support-bundle [--out FILE | --offer]
  writes what helps whoever helps you: no secrets, no names, no texts
  --offer: to be fetched for ${offeredForMs / 60_000} minutes in the place of a server that does not run, at
  https://ADDRESS/CODE; prints the code`;
const options = { out: { type: "string" }, offer: { type: "boolean" } } as const;

/** What the command works with, whatever of it there is. */
export interface SupportCommandBase extends SupportSources {
  readonly clock: Clock;
  /** Undefined where the data cannot be read: then nothing is written down. */
  readonly audit: AuditLog | undefined;
  /** By what the appliance proves who it is. @throws Error when it cannot be read */
  readonly identity: () => Promise<Identity>;
}

/** `handrail support-bundle`: exit code 0 when done, 1 when it cannot be written, 2 for a wrong command. */
export async function supportBundleCommand(
  args: string[],
  base: SupportCommandBase,
): Promise<number> {
  const parsed = parseCommandLine(args, options);
  const { offer: isOffered = false, out } = parsed?.values ?? {};
  if (!parsed || parsed.positionals.length > 0 || (isOffered && out !== undefined)) {
    return misused(usage);
  }
  const { clock } = base;
  const at = clock.now();
  const name = supportBundleName(at);
  const { signal } = new AbortController();
  const bundle = await makeSupportBundle(supportParts(base), { at, signal });
  await writeDown(base.audit);
  const file = path.resolve(out ?? name);
  try {
    if (isOffered) await offer(name, await buffer(bundle), base);
    else await pipeline(bundle, createWriteStream(file, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    const what = isOffered ? "The bundle cannot be offered" : `${file} cannot be written`;
    complain(`${what}: ${error instanceof Error ? error.message : ""}`);
    return 1;
  }
  if (!isOffered) print(file);
  return 0;
}

/** A full disk is one of the reasons for a bundle: whoever has the machine gets it all the same. */
async function writeDown(audit: AuditLog | undefined): Promise<void> {
  const writing = audit?.append({ event: "support.bundle-made", who: "operator" });
  try {
    audit?.flush();
    await writing;
  } catch (error) {
    const because = error instanceof Error ? error.message : "";
    complain(`The audit log does not have that a bundle was made: ${because}.`);
  }
}

/** Until the time is over, or whoever has asked for it says so. */
async function offer(
  name: string,
  content: Buffer,
  { clock, identity, settings }: SupportCommandBase,
): Promise<void> {
  const ended = new AbortController();
  const end = () => ended.abort();
  process.once("SIGTERM", end).once("SIGINT", end);
  const { address, port } = settings;
  // A certificate that cannot be read may be what keeps the server from starting.
  const shown = await identity().catch(() => makeOwnIdentity([hostOf(settings)], clock.now()));
  const offered = { name, content, identity: shown, address, port, tell: print };
  await offerBundle(offered, AbortSignal.any([ended.signal, AbortSignal.timeout(offeredForMs)]));
}
