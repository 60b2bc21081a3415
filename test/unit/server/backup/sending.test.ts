import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { S3Target, SftpTarget } from "@handrail/protocol/upkeep";
import { TargetDesk } from "../../../../appliance/server/backup/target/desk.ts";
import { S3Requester } from "../../../../appliance/server/backup/target/s3-request.ts";
import { readTrouble, waitingBackups } from "../../../../appliance/server/backup/target/queue.ts";
import { Sending } from "../../../../appliance/server/backup/target/sending.ts";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { createLog } from "../../../../appliance/server/log.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { S3Server } from "../../../support/s3-server.ts";
import { SftpLiar } from "../../../support/sftp-liar.ts";

const ann = { name: "Ann", id: "ann" };
const day = (number: number) => `handrail-site-2026-11-0${number}-020000-scheduled.hrbackup`;

/** A bucket, an appliance's data, and a clock that both agree with. */
async function stand() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "handrail-sending-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const backupsDirectory = path.join(folder, "backups");
  await mkdir(backupsDirectory);
  const server = stack.use(await S3Server.start());
  const clock = new FakeClock(Date.now());
  const store = stack.use(openStore(path.join(folder, "handrail.sqlite"), clock));
  // What fails on purpose here is nobody's business.
  const log = createLog("error", () => undefined);
  const audit = stack.use(new AuditLog({ store, clock, log }));
  const values = applianceValues(store);
  const proxyFile = path.join(folder, "no-proxy");
  const base = { values, audit, clock, log, backupsDirectory, proxyFile };
  const run = () => new Sending({ ...base, keep: () => 2 });
  const { endpoint, bucket, accessKey, secret } = server;
  const trust = { by: "authorities" } as const;
  const place = { kind: "s3", region: "us-east-1", prefix: "", trust } as const;
  const target: S3Target = { ...place, endpoint, bucket, accessKey };
  const make = (name: string, text = `backup ${name}`) =>
    writeFile(path.join(backupsDirectory, name), text);
  const events = () =>
    audit.page({ kind: "administration", limit: 100 }).map(({ event, detail }) => ({
      ...{ event, detail },
    }));
  const made = stack.move();
  return {
    ...{ ...base, server, target, secret, run, make, events },
    desk: (sending: Sending) => new TargetDesk({ ...base, sending }),
    /** Lets little time pass until that holds: less than a try that failed waits. */
    soon: (what: string, holds: () => unknown) =>
      poll(what, () => {
        clock.advance(20);
        return holds();
      }),
    [Symbol.asyncDispose]: () => made.disposeAsync(),
  };
}

/** Lets the audit log write what it holds back while that is done. */
async function during<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  await poll("it is done", () => (clock.advance(20), isDone));
  return done;
}

describe("sending backups", { timeout: 30_000 }, () => {
  it("begins again after a break, later each time, and in the next run of the appliance", async () => {
    await using at = await stand();
    const { clock, values, server } = at;
    const first = at.run();
    const { target, secret } = at;
    await during(clock, at.desk(first).change({ target, secret }, ann));
    server.cuts = /uploadId/;
    await at.make(day(1));
    first.add(day(1));
    await at.soon("the first try failed", () => readTrouble(values));
    const since = readTrouble(values)?.since;
    for (const [tries, waitMs] of [
      [1, 60_000],
      [2, 120_000],
    ] as const) {
      await at.soon(`${tries} tries`, () => readTrouble(values)?.tries === tries);
      const trouble = readTrouble(values);
      expect(trouble).toMatchObject({ fault: "lost", since });
      const leftMs = (trouble?.nextAt ?? 0) - clock.now();
      expect(leftMs).toBeGreaterThan(waitMs / 2);
      expect(leftMs).toBeLessThanOrEqual(waitMs);
      clock.advance(leftMs);
    }
    await at.soon("three tries", () => readTrouble(values)?.tries === 3);
    expect(await server.objects()).toEqual([]);
    server.cuts = undefined;
    clock.advance(240_000);
    await using second = at.run();
    // A start has better things to do at first.
    clock.advance(5_000);
    await at.soon("it is sent", () => waitingBackups(values).length === 0);
    await at.soon("nothing is on its way", () => second.transfer === undefined);
    expect(readTrouble(values)).toBeUndefined();
    expect(await server.objects()).toEqual([day(1)]);
    const told = at.events().map(({ event }) => event);
    // Three tries failed alike, and are told of once.
    expect(told.filter((event) => event === "backup.not-sent")).toHaveLength(1);
    expect(told.filter((event) => event === "backup.sent")).toHaveLength(1);
  });

  it("keeps as many there as here, and leaves what others have there", async () => {
    await using at = await stand();
    const { clock, values, server, target, secret } = at;
    await using sending = at.run();
    await during(clock, at.desk(sending).change({ target, secret }, ann));
    const byHand = "handrail-site-2026-11-01-100000.hrbackup";
    const others = "handrail-other-2026-01-01-020000-scheduled.hrbackup";
    for (const name of [others, byHand, day(1), day(2), day(3), day(4)]) {
      await at.make(name);
      sending.add(name);
      await at.soon(`${name} is sent`, () => waitingBackups(values).length === 0);
    }
    await poll("old ones are gone", async () => {
      clock.advance(20);
      return (await server.objects()).length === 4;
    });
    expect((await server.objects()).sort()).toEqual([others, byHand, day(3), day(4)].sort());
    await at.soon("both are told", () => count("backup.removed-there") === 2);
    function count(event: string): number {
      return at.events().filter((each) => each.event === event).length;
    }
  });

  it("removes a hundred there after one backup, whatever a server names", async () => {
    await using at = await stand();
    const { clock, values, server, target, secret } = at;
    await using sending = at.run();
    await during(clock, at.desk(sending).change({ target, secret }, ann));
    const way = { clock: systemClock, signal: new AbortController().signal };
    const requester = new S3Requester(target, secret, way);
    const body = Buffer.from("old");
    for (let year = 1900; year < 2005; year++) {
      const key = `handrail-site-${year}-01-01-020000-scheduled.hrbackup`;
      await requester.askText({ method: "PUT", key, body });
    }
    for (const [name, removed] of [
      [day(1), 100],
      [day(2), 5],
    ] as const) {
      await at.make(name);
      sending.add(name);
      await at.soon(`${name} is sent`, () => waitingBackups(values).length === 0);
      await at.soon("the old ones are gone", () => sending.transfer === undefined);
      expect(server.asked.filter((each) => each.startsWith("DELETE"))).toHaveLength(removed);
      server.asked.length = 0;
    }
    expect((await server.objects()).sort()).toEqual([day(1), day(2)]);
  });

  it("goes on when a server never says what it has", async () => {
    await using at = await stand();
    const { clock, values } = at;
    await using liar = await SftpLiar.start(day(9));
    liar.folder = "silent";
    const { port, hostKey, sizeBytes } = liar;
    const target: SftpTarget = {
      ...{ kind: "sftp", host: "127.0.0.1", port, folder: "", name: "ann", signIn: "key", hostKey },
    };
    await using sending = at.run();
    await during(clock, at.desk(sending).change({ target }, ann));
    for (const name of [day(1), day(2)]) {
      const asked = liar.asked;
      await at.make(name, "x".repeat(sizeBytes));
      sending.add(name);
      await at.soon(`${name} is sent`, () => waitingBackups(values).length === 0);
      await at.soon("it is asked what it has", () => liar.asked > asked);
      expect(sending.transfer).toBeDefined();
      clock.advance(10 * 60_000);
      await at.soon("it is left", () => sending.transfer === undefined);
    }
    expect(readTrouble(values)).toBeUndefined();
  });

  it("leaves what is given up, and what is there no more", async () => {
    await using at = await stand();
    const { clock, values, server, target, secret } = at;
    await using sending = at.run();
    const desk = at.desk(sending);
    sending.add(day(1));
    expect(waitingBackups(values)).toEqual([]);
    await during(clock, desk.change({ target, secret }, ann));
    sending.add(day(1));
    await at.soon("it waits no longer", () => waitingBackups(values).length === 0);
    server.cuts = /./;
    await at.make(day(2));
    sending.add(day(2));
    await at.soon("it failed", () => readTrouble(values));
    expect(desk.failsSince).toBe(readTrouble(values)?.since);
    await during(clock, sending.cancel(ann));
    expect(desk.state).toMatchObject({ waiting: [], trouble: undefined });
    expect(desk.failsSince).toBeUndefined();
  });

  it("shows a secret to nobody but the place that it was given for", async () => {
    await using at = await stand();
    const { clock, target } = at;
    const secret = "very secret indeed";
    await using sending = at.run();
    const desk = at.desk(sending);
    await during(clock, desk.change({ target, secret }, ann));
    expect(JSON.stringify(desk.state) + JSON.stringify(at.events())).not.toContain(secret);
    const elsewhere = { ...target, endpoint: "http://elsewhere.example" };
    await expect(desk.try({ target: elsewhere }, ann)).rejects.toThrow("secret key");
    await expect(desk.change({ target: elsewhere }, ann)).rejects.toThrow("secret key");
    const outcome = await during(clock, desk.try({ target: { ...target, prefix: "p/" } }, ann));
    expect(outcome).toEqual({ ok: false, fault: "authentication" });
    const sftp = { kind: "sftp", host: "h", port: 22, folder: "", name: "n" } as const;
    const unconfirmed = desk.change({ target: { ...sftp, signIn: "key" } }, ann);
    await expect(unconfirmed).rejects.toThrow("confirmed");
    await during(clock, desk.change(undefined, ann));
    const [changed] = at.events();
    expect(changed?.detail).toMatchObject({ target: "" });
    expect(String(changed?.detail.targetBefore)).toContain(target.endpoint);
  });
});

describe("fetching a backup", () => {
  it("takes none that is not listed, and none for which there is no room", async () => {
    await using at = await stand();
    const { backupsDirectory, clock, target, secret } = at;
    const asked: string[] = [];
    const size = 2 ** 50;
    await using server = createServer(({ url = "" }, response) => {
      asked.push(url);
      const contents = `<Contents><Key>${day(1)}</Key><Size>${size}</Size></Contents>`;
      response.end(`<ListBucketResult>${contents}</ListBucketResult>`);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    await using sending = at.run();
    const desk = at.desk(sending);
    const endpoint = `http://127.0.0.1:${port}`;
    await during(clock, desk.change({ target: { ...target, endpoint }, secret }, ann));
    for (const [name, fault] of [
      [day(2), "not-found"],
      [day(1), "no-space"],
    ] as const) {
      desk.beginFetch(name, ann);
      await poll("it is refused", () => desk.state.fetchTrouble?.fault === fault);
      await poll("it is over", () => desk.state.fetching === undefined);
    }
    expect(asked).toHaveLength(2);
    expect(asked.every((url) => url.includes("list-type"))).toBe(true);
    expect(await readdir(backupsDirectory)).toEqual([]);
  });
});
