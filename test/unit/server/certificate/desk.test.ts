import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultTlsSettings, type TlsSettings } from "@handrail/protocol";
import { CertificateDesk } from "../../../../appliance/server/certificate/desk.ts";
import { HandOvers } from "../../../../appliance/server/certificate/hand-over.ts";
import {
  type Identity,
  makeOwnIdentity,
} from "../../../../appliance/server/certificate/identity.ts";
import { prepareReplacing } from "../../../../appliance/server/certificate/identity-files.ts";
import { findIdentity } from "../../../../appliance/server/certificate/own-identity.ts";
import { makeSettings } from "../../../../appliance/server/config.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const day = 86_400_000;
const by = { name: "Ann" };
const names = ["help.example.org"];

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-desk-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function make() {
  const clock = new FakeClock();
  const store = openStore(path.join(folder, "test.db"), clock);
  const audit = new AuditLog({ store, clock, log: createLog("error", () => undefined) });
  const values = applianceValues(store);
  const settings = makeSettings({ dataDirectory: folder });
  const find = () => findIdentity(settings, { clock, values });
  const shown: { identity: Identity; tls: TlsSettings } = {
    identity: await find(),
    tls: defaultTlsSettings,
  };
  const rows = () => audit.page({ limit: 10 }).map(({ event }) => event);
  /** What was in the audit log by the time each was shown. */
  const writtenBefore: string[][] = [];
  const live = {
    current: () => shown.identity,
    take(identity: Identity, tls: TlsSettings) {
      writtenBefore.push(rows());
      Object.assign(shown, { identity, tls });
    },
  };
  const handOvers = new HandOvers(values, clock);
  const desk = new CertificateDesk({ settings, clock, audit, values, handOvers, live });
  const place = { dataDirectory: folder, values };
  return { clock, store, desk, find, handOvers, place, rows, shown, writtenBefore };
}

/** The commit fails at its very end, after everything else of it. */
function refuseRows({ store }: { store: ReturnType<typeof openStore> }): void {
  store.raw.exec(
    "CREATE TRIGGER refused BEFORE INSERT ON auditHead BEGIN SELECT RAISE(ABORT, 'no'); END",
  );
}

const draft = () => existsSync(path.join(folder, "next-certificate.json"));
const pem = () => readFileSync(path.join(folder, "certificate.pem"), "utf8");

describe("a change of the certificate", () => {
  it("is shown once it is written down, and not before", async () => {
    const made = await make();
    const { fingerprint } = made.shown.identity;
    await made.desk.makeOwn(names, { handsOver: true, by });
    expect(made.writtenBefore).toEqual([["certificate.replaced"]]);
    expect(made.shown.identity.fingerprint).not.toBe(fingerprint);
    expect(pem()).toBe(made.shown.identity.certificate);
    expect(draft()).toBe(false);
  });

  it("leaves everything as it was when it cannot be written down", async () => {
    const made = await make();
    const { identity } = made.shown;
    const requested = await made.desk.request(names, "ecdsa-p256", by);
    refuseRows(made);
    await expect(made.desk.makeOwn(names, { handsOver: true, by })).rejects.toThrow();
    const tls: TlsSettings = { ...defaultTlsSettings, newest: "TLSv1.2" };
    await expect(made.desk.changeTls(tls, by)).rejects.toThrow();
    await expect(made.desk.request(["other.example.org"], "rsa-2048", by)).rejects.toThrow();
    await expect(made.desk.dropRequest(by)).rejects.toThrow();
    expect(made.writtenBefore).toEqual([]);
    expect(made.shown).toEqual({ identity, tls: defaultTlsSettings });
    expect(pem()).toBe(identity.certificate);
    expect(made.desk.view).toMatchObject({ tls: defaultTlsSettings, request: { pem: requested } });
    expect(made.handOvers.all).toEqual([]);
    expect([draft(), made.rows()]).toEqual([false, ["certificate.requested"]]);
    expect((await made.find()).fingerprint).toBe(identity.fingerprint);
  });

  it("is finished after a cut when it was decided, and only then", async () => {
    const { clock, find, place, shown, store } = await make();
    const next = await makeOwnIdentity(names, clock.now());
    expect(() =>
      store.transaction(() => {
        prepareReplacing(place, next);
        throw new Error("cut");
      }),
    ).toThrow("cut");
    expect((await find()).fingerprint).toBe(shown.identity.fingerprint);
    store.transaction(() => prepareReplacing(place, next));
    expect((await find()).fingerprint).toBe(next.fingerprint);
    expect([draft(), pem()]).toEqual([false, next.certificate]);
  });

  it("leads others over for 825 days", async () => {
    const { clock, desk, handOvers } = await make();
    await desk.makeOwn(names, { handsOver: true, by });
    const madeAt = clock.now();
    expect(handOvers.all).toMatchObject([{ madeAt, endsAt: madeAt + 825 * day }]);
    clock.advance(825 * day - 1);
    expect(handOvers.all).toHaveLength(1);
    clock.advance(1);
    expect(handOvers.all).toEqual([]);
  });
});
