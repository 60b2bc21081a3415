import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AcmeSettings } from "@handrail/protocol/upkeep";
import { AcmeBook } from "../../../../../appliance/server/certificate/acme/book.ts";
import { Challenges } from "../../../../../appliance/server/certificate/acme/challenges.ts";
import { AcmeRenewer } from "../../../../../appliance/server/certificate/acme/renewer.ts";
import { CertificateDesk } from "../../../../../appliance/server/certificate/desk.ts";
import type { Identity } from "../../../../../appliance/server/certificate/identity.ts";
import { HandOvers } from "../../../../../appliance/server/certificate/hand-over.ts";
import { findIdentity } from "../../../../../appliance/server/certificate/own-identity.ts";
import { makeSettings } from "../../../../../appliance/server/config.ts";
import { createLog } from "../../../../../appliance/server/log.ts";
import { applianceValues } from "../../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../../appliance/server/store/database.ts";
import { asTime, Authority } from "../../../../support/authority.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { Pebble } from "../../../../support/pebble.ts";
import { poll } from "../../../../support/poll.ts";

const hour = 3_600_000;

let authority: Authority;
beforeAll(() => void (authority = new Authority()));
afterAll(() => authority[Symbol.dispose]());

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-acme-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A directory that gives nothing: it answers every wish in that way. Counts its visitors. */
async function directory(answer: RequestListener, to?: string) {
  const issued = authority.issue({ host: "127.0.0.1", ...(to === undefined ? {} : { to }) });
  const cert = issued.certificate + authority.intermediate;
  const server = createServer({ key: issued.key, cert }, (asked, response) => {
    const at = (name: string) => `https://${asked.headers.host ?? ""}/${name}`;
    response.setHeader("replay-nonce", "bm9uY2U");
    if (asked.url !== "/dir") return void answer(asked, response);
    const names = ["newNonce", "newAccount", "newOrder"];
    response.end(JSON.stringify(Object.fromEntries(names.map((name) => [name, at(name)]))));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `https://127.0.0.1:${address.port}/dir`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Place {
  readonly startsAt?: number;
  /** Whom the directory's own certificate is from, PEM. */
  readonly root?: string;
}

async function make(url: string, { startsAt, root = authority.root }: Place = {}) {
  const clock = new FakeClock(startsAt);
  const log = createLog("error", () => undefined);
  const store = openStore(path.join(folder, "test.db"), clock);
  const audit = new AuditLog({ store, clock, log });
  const values = applianceValues(store);
  const settings = makeSettings({ dataDirectory: folder });
  const shown = [await findIdentity(settings, { clock, values })];
  /** Done at the moment when one that was got is shown. */
  const taken = { then: () => expect.unreachable() as void };
  const live = {
    current: () => shown.at(-1) ?? expect.unreachable(),
    take(identity: Identity) {
      shown.push(identity);
      taken.then();
    },
  };
  const handOvers = new HandOvers(values, clock);
  const base = { settings, clock, audit, values, handOvers, live };
  const book = new AcmeBook(values);
  const wanted: AcmeSettings = {
    ...{ directory: url, names: ["help.example.org"], contact: "", proof: "tls-alpn-01" },
    ...{ authority: root, externalKeyId: "" },
  };
  book.begin(wanted, undefined, clock.now());
  const certificates = new CertificateDesk(base);
  const parts = { settings, book, challenges: new Challenges(), certificates, audit, clock, log };
  const start = () => new AcmeRenewer(parts);
  const failed = (times: number) =>
    poll("the try has failed", () => book.progress.failures === times && book.progress);
  return { audit, book, clock, failed, shown, start, taken };
}

describe("renewing", () => {
  it("leaves a directory alone for as long as that wants, and tells why", async () => {
    using limiting = await directory((asked, response) => {
      if (asked.method === "HEAD") return void response.end();
      const type = "urn:ietf:params:acme:error:rateLimited";
      response.writeHead(429, { "retry-after": "14400" });
      response.end(JSON.stringify({ type, detail: "slow down" }));
    });
    const { audit, book, clock, failed, start } = await make(limiting.url);
    using renewer = start();
    renewer.look();
    const { lastTry, nextAt } = await failed(1);
    expect(lastTry?.fault).toEqual({
      ...{ reason: "rate-limited", type: "rateLimited", detail: "slow down" },
    });
    expect(nextAt).toBe(clock.now() + 4 * hour);
    audit.flush();
    const [row] = audit.page({ limit: 1 });
    expect(row?.event).toBe("certificate.acme-failed");
    expect(row?.detail).toMatchObject({ acmeReason: "rate-limited" });
    clock.advance(4 * hour - 1);
    expect(book.progress.tries).toHaveLength(1);
    clock.advance(1);
    expect((await failed(2)).tries).toHaveLength(2);
  });

  it("goes on at the next start with what was cut", async () => {
    let asked = 0;
    using silent = await directory(() => void asked++);
    const { book, clock, start } = await make(silent.url);
    const cut = start();
    cut.look();
    await poll("it is under way", () => asked > 0);
    cut[Symbol.dispose]();
    expect(book.progress).toMatchObject({ failures: 0, runningSince: clock.now() });
    using renewer = start();
    expect(book.progress.runningSince).toBeUndefined();
    renewer.look();
    await poll("it is under way again", () => asked > 1);
    expect(book.progress.tries).toHaveLength(2);
  });

  it("gives a try up that does not end, and tries again later", async () => {
    let asked = 0;
    using silent = await directory(() => void asked++);
    const { clock, failed, start } = await make(silent.url);
    using renewer = start();
    renewer.look();
    await poll("it is under way", () => asked > 0);
    clock.advance(15 * 60_000);
    const { lastTry, nextAt } = await failed(1);
    expect(lastTry?.fault?.detail).toBe("not done within 15 minutes");
    expect(nextAt).toBeGreaterThan(clock.now());
  });

  it("keeps an account's key for the directory alone that it was given for", async () => {
    const { book, clock } = await make("https://one.example/dir");
    const settings = { ...(book.settings as AcmeSettings), externalKeyId: "id" };
    book.begin(settings, "secret", clock.now());
    book.begin({ ...settings, contact: "ann@example.org" }, undefined, clock.now());
    expect(book.externalKey).toBe("secret");
    const other = "https://two.example/dir";
    expect(book.externalKeyFor(other)).toBeUndefined();
    book.begin({ ...settings, directory: other }, undefined, clock.now());
    expect(book.externalKey).toBeUndefined();
  });

  it("says of an outdated certificate that the clock may be wrong", async () => {
    const yesterday = asTime(Date.now() - hour);
    using outdated = await directory(() => undefined, yesterday);
    const { failed, start } = await make(outdated.url);
    using renewer = start();
    renewer.look();
    const { lastTry } = await failed(1);
    expect(lastTry?.fault?.reason).toBe("clock");
  });
});

describe("what happens while a certificate that was got is put in its place", () => {
  let pebble: Pebble;
  beforeAll(async () => void (pebble = await Pebble.start({ tlsPort: 9, trustsAll: true })));
  afterAll(() => pebble[Symbol.asyncDispose]());

  // The clock stands still: what is got meanwhile must have begun.
  const makeThere = () =>
    make(pebble.directory, { startsAt: Date.now() + hour, root: pebble.authority });

  it(
    "other settings are followed at once, and not in two months",
    { timeout: 30_000 },
    async () => {
      const { book, clock, shown, start, taken } = await makeThere();
      using renewer = start();
      const names = ["other.example.org"];
      taken.then = () => {
        taken.then = () => undefined;
        book.begin({ ...(book.settings as AcmeSettings), names }, undefined, clock.now());
        renewer.look();
      };
      renewer.look();
      await poll("a second one is shown", () => shown.length === 3);
      await poll("it is kept", () => book.progress.fingerprint === shown[2]?.fingerprint);
      expect(new X509Certificate(shown[2]?.certificate ?? "").checkHost("other.example.org")).toBe(
        "other.example.org",
      );
    },
  );

  it("the end of the appliance does not make it somebody else's", { timeout: 30_000 }, async () => {
    const { book, clock, shown, start, taken } = await makeThere();
    const renewer = start();
    taken.then = () => renewer[Symbol.dispose]();
    renewer.look();
    await poll("it is shown", () => shown.length === 2);
    await poll("it is kept", () => book.progress.issued === shown[1]?.fingerprint);
    expect(book.progress.fingerprint).toBe(shown[1]?.fingerprint);
    expect(book.progress.nextAt).toBeGreaterThan(clock.now());
    expect(book.progress.runningSince).toBeUndefined();
  });
});
