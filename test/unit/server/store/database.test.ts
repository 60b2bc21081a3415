import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isDuplicate,
  openStore,
  type Store,
  storeFault,
} from "../../../../appliance/server/store/database.ts";
import { migrate, readMigrations } from "../../../../appliance/server/store/migrate.ts";

type Tables = { applianceValue: { name: string; value: Uint8Array } };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-database-"));
  file = path.join(folder, "test.sqlite");
});
afterEach(() => rmSync(folder, { recursive: true }));

function namesIn(store: Store): unknown[] {
  return store.raw
    .prepare("SELECT name FROM applianceValue ORDER BY name")
    .all()
    .map((row) => row.name);
}

function insert(store: Store, name: string): void {
  store.raw.prepare("INSERT INTO applianceValue VALUES (?, ?)").run(name, Buffer.from("x"));
}

describe("the database", () => {
  it("keeps what was committed when it is opened again", () => {
    {
      using store = openStore(file);
      insert(store, "a");
    }
    using store = openStore(file);
    expect(namesIn(store)).toEqual(["a"]);
  });

  it("writes ahead, waits for the disk and enforces references", () => {
    using store = openStore(file);
    const pragma = (name: string) => Object.values(store.raw.prepare(`PRAGMA ${name}`).get() ?? {});
    expect(pragma("journal_mode")).toEqual(["wal"]);
    expect(pragma("synchronous")).toEqual([2]);
    expect(pragma("foreign_keys")).toEqual([1]);
  });

  it("does all of a transaction or nothing", () => {
    using store = openStore(file);
    const failing = () =>
      store.transaction(() => {
        insert(store, "a");
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    store.transaction(() => insert(store, "b"));
    expect(namesIn(store)).toEqual(["b"]);
  });

  it("answers Kysely, but refuses transactions that wait", async () => {
    using store = openStore(":memory:");
    const db = store.db.$extendTables<Tables>();
    await db
      .insertInto("applianceValue")
      .values({ name: "k", value: Buffer.from("v") })
      .execute();
    const row = await db.selectFrom("applianceValue").selectAll().executeTakeFirstOrThrow();
    expect(row.name).toBe("k");
    await expect(db.transaction().execute(async () => {})).rejects.toThrow("store.transaction");
  });

  it("recognises duplicates", () => {
    using store = openStore(":memory:");
    insert(store, "a");
    try {
      insert(store, "a");
      expect.unreachable();
    } catch (error) {
      expect(isDuplicate(error)).toBe(true);
      expect(storeFault(error)).toBe(error);
    }
  });

  it("says disk-full when nothing more fits", () => {
    using store = openStore(file);
    const pages = Number(store.raw.prepare("PRAGMA page_count").get()?.page_count);
    store.raw.exec(`PRAGMA max_page_count = ${pages + 1}`);
    const fill = () =>
      store.transaction(() =>
        store.raw
          .prepare("INSERT INTO applianceValue VALUES ('big', ?)")
          .run(Buffer.alloc(1_000_000)),
      );
    expect(fill).toThrow(HandrailError);
    expect(fill).toThrow(expect.objectContaining({ code: "disk-full" }));
    expect(namesIn(store)).toEqual([]);
  });
});

describe("the schema", () => {
  it("is applied once, in order", () => {
    using store = openStore(file);
    expect(migrate(store.raw, { now: () => 0 })).toBe(0);
    const numbers = store.raw.prepare("SELECT number FROM migration ORDER BY number").all();
    expect(numbers.map((row) => row.number)).toEqual(readMigrations().map((each) => each.number));
  });

  it("is not applied by half", () => {
    using store = openStore(":memory:");
    const all = readMigrations();
    const number = all.length + 1;
    const sql = "CREATE TABLE half (x INTEGER) STRICT; CREATE TABLE half (x INTEGER) STRICT;";
    const broken = [...all, { number, name: "broken", sql, sha256: "0" }];
    expect(() => migrate(store.raw, { now: () => 0 }, broken)).toThrow(`apply schema ${number}`);
    const found = store.raw.prepare("SELECT 1 FROM sqlite_master WHERE name = 'half'").get();
    expect(found).toBeUndefined();
  });

  it("of a newer appliance, or an edited one, is refused", () => {
    using store = openStore(":memory:");
    const all = readMigrations();
    expect(() => migrate(store.raw, { now: () => 0 }, all.slice(1))).toThrow("newer version");
    const edited = all.map((each, i) => (i === 0 ? { ...each, sha256: "0" } : each));
    expect(() => migrate(store.raw, { now: () => 0 }, edited)).toThrow("differs");
  });
});
