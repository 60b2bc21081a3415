import { createHash } from "node:crypto";
import path from "node:path";
import { SetUpCode } from "../auth/set-up.ts";
import type { Clock } from "../clock.ts";
import { changeSettings, readSettings } from "../config.ts";
import type { Log } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import { AuditLog } from "../store/audit.ts";
import { databaseName, openStore } from "../store/database.ts";
import { writeSecretFile } from "../store/files.ts";
import { Representatives } from "../store/representatives.ts";
import { identityOfSeed } from "./certificate.ts";
import type { Seed } from "./seed.ts";

/** The key under which it is kept which seed was applied. */
const appliedName = "seed-applied";

/**
 * Puts what a seed says of the site into the server's data, as the server's account and while no
 * server runs. False, and nothing is done, when somebody has set the appliance up. Done again, it
 * does the same.
 */
export async function writeSite(
  seed: Seed,
  { env, clock, log }: { env: NodeJS.ProcessEnv; clock: Clock; log: Log },
): Promise<boolean> {
  const { dataDirectory } = readSettings(env);
  const identity = identityOfSeed(seed, clock.now());
  using store = openStore(path.join(dataDirectory, databaseName), clock);
  const values = applianceValues(store);
  const mark = createHash("sha256").update(JSON.stringify(seed)).digest();
  const isDone = values.read(appliedName)?.equals(mark) ?? false;
  const representatives = new Representatives(store);
  if (!isDone && !representatives.isEmpty()) return false;
  if (seed.siteAddress !== undefined) {
    changeSettings(env, { publicUrl: `https://${seed.siteAddress}` });
  }
  if (identity) {
    // No server has read the two, so nobody minds that one comes after the other.
    writeSecretFile(path.join(dataDirectory, "private-key.pem"), identity.privateKey);
    writeSecretFile(path.join(dataDirectory, "certificate.pem"), identity.certificate);
  }
  if (isDone) return true;
  const { name, displayName, passwordHash, setUpCode } = seed.administrator ?? {};
  using audit = new AuditLog({ store, clock, log });
  const writing = audit.append(
    { event: "seed.applied", who: "operator", detail: detailOf(seed) },
    {
      also: () => {
        values.write(appliedName, mark);
        if (setUpCode !== undefined) new SetUpCode(values, dataDirectory).choose(setUpCode);
        if (name === undefined || displayName === undefined || passwordHash === undefined) return;
        const account = { name, displayName, role: "administrator", passwordHash } as const;
        representatives.add(account, clock.now());
      },
    },
  );
  // A timer of the log keeps nobody awake: what waits is written now.
  audit.flush();
  await writing;
  return true;
}

/** What was in it, and none of its secrets. */
function detailOf(seed: Seed) {
  const { administrator, siteAddress } = seed;
  return {
    settings: fieldsOf(seed).join(", "),
    ...(siteAddress === undefined ? {} : { siteAddress }),
    ...(administrator?.name === undefined ? {} : { account: administrator.name }),
  };
}

/** The names of the fields that a seed has. */
export function fieldsOf(seed: Seed): string[] {
  return Object.keys(seed).filter((field) => field !== "version");
}
