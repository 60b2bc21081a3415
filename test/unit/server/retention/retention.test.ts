import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Lsid, parseLsid } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { createLog } from "../../../../appliance/server/log.ts";
import { Retention } from "../../../../appliance/server/retention/retention.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { RecordingStore } from "../../../../appliance/server/store/recordings.ts";
import { RetentionStore } from "../../../../appliance/server/store/retention.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const ann = { name: "Ann", id: "ann" };

/** A site with its database and its recordings on the disk; `begin` is a run of the program. */
class Site implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly folder: string;
  readonly recordings: RecordingStore;
  #stack = new AsyncDisposableStack();
  isBeingRead = false;

  constructor(folder: string) {
    this.folder = folder;
    this.recordings = new RecordingStore(folder);
  }

  static async make(): Promise<Site> {
    return new Site(await mkdtemp(path.join(tmpdir(), "handrail-retention-")));
  }

  begin() {
    const { clock, recordings, folder } = this;
    const store = this.#stack.use(openStore(path.join(folder, "site.sqlite"), clock));
    const log = createLog("error");
    const audit = this.#stack.use(new AuditLog({ store, clock, log }));
    const tables = new RetentionStore(store);
    const retention = this.#stack.use(
      new Retention({
        ...{ clock, log, audit, recordings, recordingsDirectory: folder },
        values: applianceValues(store),
        retention: tables,
        isBeingRead: () => this.isBeingRead,
      }),
    );
    return { audit, retention, store, tables };
  }

  /** Stops the run; everything on the disk stays. */
  async end(): Promise<void> {
    await this.#stack.disposeAsync();
    this.#stack = new AsyncDisposableStack();
  }

  /** A session that ended so many days ago, with a recording, a shell and a snapshot. */
  async session(store: ReturnType<Site["begin"]>["store"], ageDays: number): Promise<Lsid> {
    const lsid = parseLsid((Math.floor(ageDays * 1000) + 0xa0000).toString(16).padStart(32, "a"));
    if (lsid === undefined) throw new Error("32 hex digits are an LSID");
    const at = this.clock.now() - ageDays * dayMs;
    store.raw
      .prepare(
        `INSERT INTO session (lsid, phase, queue, originalQueue, madeBy, madeByName, keyExpiresAt,
           customer, createdAt, waitingSince, endedAt, consents, participants, formerParticipants,
           recording, hasRecording, snapshot, chatCount)
         VALUES (?, 'ended', 'general', 'general', 'ann', 'Ann', 0, '{}', ?, ?, ?, '{}', '[]',
           '[]', 'off', 1, 'taken', 0)`,
      )
      .run(lsid, at, at, at);
    for (const name of this.names(lsid)) {
      await mkdir(path.dirname(name), { recursive: true });
      await writeFile(name, "x".repeat(1000));
    }
    return lsid;
  }

  names(lsid: Lsid): string[] {
    const endings = ["hrrec", "shell-1-7.cast", "snapshot.json"];
    return endings.map((ending) => path.join(this.folder, lsid.slice(0, 2), `${lsid}.${ending}`));
  }

  /** Which of its files are there: recording, shell, snapshot. */
  async files(lsid: Lsid): Promise<boolean[]> {
    return Promise.all(
      this.names(lsid).map((name) =>
        access(name).then(
          () => true,
          () => false,
        ),
      ),
    );
  }

  /** Lets the audit log write what it holds back until something has ended. */
  async through<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    void work.finally(() => (isOver = true)).catch(() => undefined);
    await poll("it is over", () => (this.clock.advance(20), isOver));
    return work;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

describe("keeping what sessions leave", () => {
  it("is for ever until somebody says otherwise, and then by the age of each session", async () => {
    await using site = await Site.make();
    const { audit, retention, store, tables } = site.begin();
    const [old, young] = [await site.session(store, 40), await site.session(store, 10)];
    await site.through(retention.run());
    expect(await site.files(old)).toEqual([true, true, true]);

    await site.through(retention.change({ recordingDays: 30 }, ann));
    await site.through(retention.run());
    expect(await site.files(old)).toEqual([false, false, true]);
    expect(await site.files(young)).toEqual([true, true, true]);
    expect(tables.removed(old)).toMatchObject({ recordings: { keepDays: 30 } });
    expect(tables.removed(old).snapshots).toBeUndefined();
    expect(tables.removed(young)).toEqual({});
    const [purged, changed] = audit.page({ limit: 2 });
    expect(purged).toMatchObject({
      ...{ event: "retention.purged", who: "appliance" },
      detail: { what: "recordings", count: 1, sizeBytes: 2000, keepDays: 30 },
    });
    expect(purged?.detail).toMatchObject({ from: "2029-11-22", to: "2029-11-22" });
    expect(changed).toMatchObject({
      ...{ event: "retention.changed", whoId: "ann" },
      detail: { retention: '{"recordingDays":30}', retentionBefore: "{}" },
    });

    // Once is enough.
    await site.through(retention.run());
    expect(audit.page({ limit: 1 })).toMatchObject([{ seq: purged?.seq }]);
  });

  it("goes on at the start of the program and once an hour by itself", async () => {
    await using site = await Site.make();
    const { retention, store } = site.begin();
    await site.through(retention.change({ snapshotDays: 30 }, ann));
    await site.through(retention.run());
    const first = await site.session(store, 30.5);
    const second = await site.session(store, 29.99);
    site.clock.advance(30_000);
    await poll("the first is deleted", async () => {
      site.clock.advance(20);
      return !(await site.files(first))[2];
    });
    expect(await site.files(second)).toEqual([true, true, true]);
    await poll("the second is deleted", async () => {
      site.clock.advance(hourMs / 4);
      return !(await site.files(second))[2];
    });
    expect(await site.files(second)).toEqual([true, true, false]);
  });

  it("is for ever where an administrator wants a session kept, also at the last moment", async () => {
    await using site = await Site.make();
    const { audit, retention, store, tables } = site.begin();
    const lsid = await site.session(store, 400);
    await site.through(retention.keep(lsid, true, ann));
    await site.through(retention.change({ recordingDays: 1, snapshotDays: 1 }, ann));
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([true, true, true]);
    expect(() => tables.mark([{ lsid, kind: "recordings" }], { at: 1 })).toThrow("for ever");
    await site.through(retention.keep(lsid, false, ann));
    await site.through(retention.keep(lsid, false, ann));
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([false, false, false]);
    const events = audit.page({ limit: 10 }).map(({ event }) => event);
    expect(events.filter((event) => event.startsWith("session."))).toEqual([
      ...["session.no-longer-kept", "session.kept"],
    ]);
  });

  it("deletes the oldest alone when the disk has less room than it should", async () => {
    await using site = await Site.make();
    const { retention, store, tables } = site.begin();
    const lsid = await site.session(store, 2);
    await site.through(retention.change({ minimumFreeGigabytes: 100_000 }, ann));
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([false, false, false]);
    const { recordings, snapshots } = tables.removed(lsid);
    expect([recordings?.keepDays, snapshots?.keepDays]).toEqual([undefined, undefined]);
    expect(recordings?.at).toBeLessThanOrEqual(site.clock.now());
    expect(snapshots?.at).toBeLessThanOrEqual(site.clock.now());
  });
});

describe("a deletion", () => {
  it("that was cut short is finished by the next run of the program, and told once", async () => {
    await using site = await Site.make();
    const before = site.begin();
    const [half, whole] = [
      await site.session(before.store, 50),
      await site.session(before.store, 60),
    ];
    // As a run leaves it that is killed between the row of the audit log and the last file.
    const also = () =>
      before.tables.mark(
        [half, whole].map((lsid) => ({ lsid, kind: "recordings" as const })),
        { at: site.clock.now(), keepDays: 30 },
      );
    const entry = { event: "retention.purged", who: "appliance", detail: { count: 2 } };
    await site.through(before.audit.append(entry, { also }));
    await rm(site.names(half)[0] ?? "");
    await site.end();

    const { audit, retention, tables } = site.begin();
    expect(tables.unfinished()).toHaveLength(2);
    site.clock.advance(30_000);
    await site.through(retention.run());
    expect(await site.files(half)).toEqual([false, false, true]);
    expect(await site.files(whole)).toEqual([false, false, true]);
    expect(tables.unfinished()).toEqual([]);
    expect(audit.page({ limit: 10 })).toHaveLength(1);
  });

  it("waits for whoever looks at a recording, and for a backup", async () => {
    await using site = await Site.make();
    const { retention, store } = site.begin();
    const lsid = await site.session(store, 50);
    const looking = site.recordings.hold(lsid);
    using again = site.recordings.hold(lsid);
    await site.through(retention.change({ recordingDays: 30 }, ann));
    await site.through(retention.run());
    looking[Symbol.dispose]();
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([true, true, true]);
    again[Symbol.dispose]();
    site.isBeingRead = true;
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([true, true, true]);
    site.isBeingRead = false;
    await site.through(retention.run());
    expect(await site.files(lsid)).toEqual([false, false, true]);
  });
});
