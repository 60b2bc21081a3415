import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RepresentativeId } from "@handrail/protocol";
import { buildIdentities, type Identities } from "../../appliance/server/auth/identities.ts";
import { systemClock } from "../../appliance/server/clock.ts";
import {
  type Config,
  makeSettings,
  type SettingsInput,
  withPort,
} from "../../appliance/server/config.ts";
import { createLog } from "../../appliance/server/log.ts";
import { AuditLog } from "../../appliance/server/store/audit.ts";
import { openStore, type Store } from "../../appliance/server/store/database.ts";
import { FakeClock } from "./fake-clock.ts";

/** Accounts and what proves them, over a database in memory and a clock that tests move. */
export interface TestIdentities extends Identities, Disposable {
  readonly clock: FakeClock;
  readonly config: Config;
  readonly store: Store;
  readonly audit: AuditLog;
  /** Accounts whose links were to be cut, in order. */
  readonly cut: RepresentativeId[];
  /** Grants whose links were to be cut, in order. */
  readonly cutGrants: string[];
  /** The set-up code of the site. */
  readonly code: string;
}

/** The password of every account in these tests. */
export const goodPassword = "correct horse battery staple";

/** The accounts of a new site with these settings. */
export function newIdentities(settings: SettingsInput = {}): TestIdentities {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "handrail-identities-"));
  const clock = new FakeClock();
  const config = withPort(makeSettings({ address: "127.0.0.1", ...settings, dataDirectory }), 443);
  const store = openStore(":memory:", clock);
  // Its commits wait for real time; the times in its rows are of no interest here.
  const audit = new AuditLog({ store, clock: systemClock, log: createLog("error", () => {}) });
  const cut: RepresentativeId[] = [];
  const cutGrants: string[] = [];
  const identities = buildIdentities(
    { config, clock, store, audit },
    {
      revokeAccount: (id) => void cut.push(id),
      reviewAccount: async () => {},
      endGrant: (grant) => void cutGrants.push(grant),
    },
  );
  const code = identities.setUpCode.renew();
  return {
    ...identities,
    clock,
    config,
    store,
    audit,
    cut,
    cutGrants,
    code,
    [Symbol.dispose]() {
      identities.refusals[Symbol.dispose]();
      audit[Symbol.dispose]();
      store[Symbol.dispose]();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Makes the first administrator, Ann. Returns the account's id. */
export function setUpAnn(site: TestIdentities): Promise<RepresentativeId> {
  const ann = { name: "ann", displayName: "Ann Archer", password: goodPassword };
  return site.accounts.setUp(site.code, ann);
}
