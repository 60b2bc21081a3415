import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isLsid, type Lsid } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { createLog } from "../../../../appliance/server/log.ts";
import { AuditLog } from "../../../../appliance/server/store/audit.ts";
import { verifyAudit } from "../../../../appliance/server/store/audit-verify.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { root } from "../../../support/root.ts";

const commitMs = 20;
const writer = path.join(root, "test/support/audit-writer.ts");
const node = path.join(root, "node_modules/.bin/node");

function make() {
  const clock = new FakeClock();
  const store = openStore(":memory:", clock);
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line));
  return { clock, store, lines, audit: new AuditLog({ store, clock, log }) };
}

function lsidOf(letter: string): Lsid {
  const text = letter.repeat(32);
  if (isLsid(text)) return text;
  throw new Error("32 hex digits are an LSID");
}

/** Writes this many rows. */
async function fill({ audit, clock }: ReturnType<typeof make>, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) =>
    audit.append({ event: "test.written", who: "Ann", detail: { i } }),
  );
  clock.advance(commitMs);
  await Promise.all(rows);
}

describe("the audit log", () => {
  it("is intact when it is empty and when it is written, and goes on after a restart", async () => {
    const made = make();
    expect(made.audit.verify()).toMatchObject({ intact: true, rows: 0 });
    await fill(made, 250);
    const again = { ...made, audit: new AuditLog({ ...made, log: createLog("error") }) };
    await fill(again, 3);
    const { head } = again.audit.status();
    expect(again.audit.verify()).toEqual({ intact: true, rows: 253, head });
  });

  it("commits together what comes together, and only then says so", async () => {
    const { audit, clock, store } = make();
    let acknowledged = 0;
    for (let i = 0; i < 20; i++) {
      void audit.append({ event: "test.written", who: "Ann" }).then(() => acknowledged++);
    }
    await Promise.resolve();
    expect(acknowledged).toBe(0);
    expect(store.raw.prepare("SELECT count(*) AS n FROM audit").get()).toEqual({ n: 0 });
    clock.advance(commitMs);
    await poll("all rows are acknowledged", () => acknowledged === 20);
  });

  it.each([
    ["changed", "UPDATE audit SET who = 'Bob' WHERE seq = 7", 7],
    ["changed in its detail", "UPDATE audit SET detail = '{\"i\":8}' WHERE seq = 7", 7],
    ["given another time", "UPDATE audit SET at = at + 1 WHERE seq = 7", 7],
    ["made unreadable", "UPDATE audit SET detail = '{' WHERE seq = 7", 7],
    ["removed", "DELETE FROM audit WHERE seq = 7", 7],
    ["removed at the end", "DELETE FROM audit WHERE seq > 8", 9],
    [
      "added",
      "INSERT INTO audit SELECT 11, at, event, who, whoId, lsid, detail, hash FROM audit WHERE seq = 10",
      11,
    ],
  ])("names the first row that was %s", async (_what, sql, seq) => {
    const made = make();
    await fill(made, 10);
    made.store.raw.exec("DROP TRIGGER auditIsNotChanged; DROP TRIGGER auditIsNotShortened;");
    made.store.raw.exec(sql);
    expect(made.audit.verify()).toMatchObject({ intact: false, seq });
  });

  it("refuses to be changed or shortened through the database", async () => {
    const made = make();
    await fill(made, 2);
    expect(() => made.store.raw.exec("UPDATE audit SET who = 'Bob'")).toThrow("append-only");
    expect(() => made.store.raw.exec("DELETE FROM audit")).toThrow("append-only");
  });

  it("shows for ever that rows were cut off or replaced at the end", async () => {
    const shortened = make();
    await fill(shortened, 5);
    shortened.store.raw.exec("DROP TRIGGER auditIsNotShortened; DELETE FROM audit WHERE seq > 3");
    expect(shortened.audit.verify()).toMatchObject({ intact: false, seq: 4 });
    await fill(shortened, 3);
    expect(shortened.audit.verify()).toMatchObject({ intact: false, seq: 4 });

    const unmarked = make();
    await fill(unmarked, 5);
    unmarked.store.raw.exec("DELETE FROM auditHead");
    expect(unmarked.audit.verify()).toMatchObject({ intact: false, seq: 5 });

    const rewritten = make();
    await fill(rewritten, 5);
    rewritten.store.raw.exec("UPDATE auditHead SET hash = zeroblob(32)");
    expect(rewritten.audit.verify()).toMatchObject({ intact: false, seq: 5 });
  });

  it("keeps the order of writing when the clock is set back", async () => {
    const { audit, clock } = make();
    const first = audit.append({ event: "test.first", who: "Ann" });
    clock.advance(commitMs);
    clock.jumpTo(clock.now() - 3_600_000);
    const second = audit.append({ event: "test.second", who: "Ann" });
    clock.advance(commitMs);
    expect((await second).seq).toBeGreaterThan((await first).seq);
    expect((await second).at).toBeLessThan((await first).at);
    expect(audit.page({ limit: 9 }).map(({ event }) => event)).toEqual([
      "test.second",
      "test.first",
    ]);
    expect(audit.verify()).toMatchObject({ intact: true });
  });

  it("writes what goes with a row, or neither", async () => {
    const { audit, clock, store } = make();
    store.raw.exec("CREATE TABLE other (n INTEGER)");
    const also = () => store.raw.exec("INSERT INTO other VALUES (1)");
    const failing = () => {
      also();
      throw new Error("no");
    };
    const good = audit.append({ event: "test.good", who: "Ann" }, { also });
    const bad = audit.append({ event: "test.bad", who: "Ann" }, { also: failing });
    const last = audit.append({ event: "test.last", who: "Ann" }, { also });
    const refused = expect(bad).rejects.toThrow("no");
    clock.advance(commitMs);
    await Promise.all([good, last, refused]);
    expect(store.raw.prepare("SELECT count(*) AS n FROM other").get()).toEqual({ n: 2 });
    expect(audit.page({ limit: 9 }).map(({ event }) => event)).toEqual(["test.last", "test.good"]);
    expect(audit.verify()).toMatchObject({ intact: true, rows: 2 });
  });

  it("refuses on a full disk, keeps what must be written, and writes it when there is room", async () => {
    const made = make();
    const { audit, clock, store } = made;
    await fill(made, 5);
    const { page_count: pages } = store.raw.prepare("PRAGMA page_count").get() ?? {};
    store.raw.exec(`PRAGMA max_page_count = ${Number(pages)}`);
    const big = { text: "x".repeat(20_000) };
    const refused = audit.append({ event: "test.refused", who: "Ann", detail: big });
    const owed = audit.append(
      { event: "test.owed", who: "Ann", detail: big },
      { mustHappen: true },
    );
    const outcome = expect(refused).rejects.toMatchObject({ code: "disk-full" });
    clock.advance(commitMs);
    await outcome;
    expect(audit.owedRows).toBe(1);
    clock.advance(5000);
    expect(audit.owedRows).toBe(1);
    store.raw.exec("PRAGMA max_page_count = 100000");
    clock.advance(5000);
    expect((await owed).event).toBe("test.owed");
    expect(audit.verify()).toMatchObject({ intact: true, rows: 6 });
  });

  it("gives the events of one session in order", async () => {
    const { audit, clock } = make();
    const [a, b] = [lsidOf("a"), lsidOf("b")];
    for (const [i, lsid] of [a, b, a].entries()) {
      void audit.append({ event: `test.${i}`, who: "Ann", lsid });
    }
    clock.advance(commitMs);
    expect(audit.ofSession(a).map(({ event }) => event)).toEqual(["test.0", "test.2"]);
  });

  it("has every row that it acknowledged after a kill, and is intact", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-audit-"));
    const file = path.join(folder, "handrail.sqlite");
    let printed = "";
    for (let round = 0; round < 3; round++) {
      const child = spawn(node, [writer, file], { stdio: ["ignore", "pipe", "inherit"] });
      const before = printed.length;
      child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
      await poll("rows are acknowledged", () => printed.length > before + 2000);
      child.kill("SIGKILL");
      await once(child, "close");
    }
    using store = openStore(file);
    const verdict = verifyAudit(store);
    const acknowledged = printed.split("\n").slice(0, -1).map(Number);
    expect(verdict).toMatchObject({ intact: true });
    const written = store.raw.prepare("SELECT seq FROM audit").all();
    const kept = new Set(written.map(({ seq }) => seq));
    expect(acknowledged.filter((seq) => !kept.has(seq))).toEqual([]);
    await rm(folder, { recursive: true, force: true });
  });
});
