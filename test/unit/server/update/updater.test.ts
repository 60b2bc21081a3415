import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { DatabaseCopy } from "../../../../appliance/server/update/database-copy.ts";
import { Health } from "../../../../appliance/server/update/health.ts";
import {
  type Journal,
  type Stage,
  UpdateNotes,
} from "../../../../appliance/server/update/journal.ts";
import { readMachineConfig } from "../../../../appliance/server/update/machine-config.ts";
import { Releases } from "../../../../appliance/server/update/releases.ts";
import { Updater } from "../../../../appliance/server/update/updater.ts";
import { freePort } from "../../../support/free-port.ts";
import { mountMemory } from "../../../support/memory-disk.ts";
import {
  makeSigner,
  makeSmallTree,
  packRelease,
  placeRelease,
  type Signer,
} from "../../../support/release.ts";

let folder: string;
let root: string;
let data: string;
let signer: Signer;

// Each step of an update is a program of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-updater-"));
  [root, data] = [path.join(folder, "opt"), path.join(folder, "data")];
  mkdirSync(data);
  mkdirSync(path.join(folder, "keys"));
  signer = makeSigner(folder);
  writeFileSync(path.join(folder, "keys/a.pem"), signer.publicPem);
  placeRelease(makeSmallTree(folder, "1.0.0"), root);
  change((database) => {
    database.exec("CREATE TABLE migration (number INTEGER); INSERT INTO migration VALUES (1)");
    database.exec("CREATE TABLE kept (what TEXT); INSERT INTO kept VALUES ('before')");
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function change(work: (database: DatabaseSync) => void): void {
  using database = new DatabaseSync(path.join(data, "handrail.sqlite"));
  database.exec("PRAGMA journal_mode = WAL");
  work(database);
}

function kept(): string[] {
  const found: string[] = [];
  change((database) => {
    const rows = database.prepare("SELECT what FROM kept").all();
    found.push(...rows.map(({ what }) => String(what)));
  });
  return found;
}

/** An updater of this machine, whose service manager starts nothing. */
async function updater(releasesRoot = root): Promise<Updater> {
  const file = path.join(folder, "machine.json");
  const nothing = ["true"];
  const commands = { warnCommand: nothing, stopCommand: nothing, startCommand: nothing };
  const keys = path.join(folder, "keys");
  const places = { releasesRoot, updateKeysDirectory: keys, dataDirectory: data };
  writeFileSync(
    file,
    JSON.stringify({ ...places, ...commands, warningMs: 0, healthTimeoutMs: 1000 }),
  );
  return new Updater({
    config: readMachineConfig({ HANDRAIL_MACHINE_CONFIG: file }),
    health: new Health({ address: "127.0.0.1", port: await freePort() }, systemClock),
    clock: systemClock,
    told: () => undefined,
  });
}

function current(): string {
  return path.basename(readlinkSync(path.join(root, "current")));
}

function releases(): string[] {
  return readdirSync(path.join(root, "releases")).toSorted();
}

/** Leaves an update from 1.0.0 to 1.1.0 as a power cut does in that stage, at its very end. */
async function cutIn(stage: Stage): Promise<void> {
  const journal: Journal = {
    ...{ stage, kind: "update", from: "1.0.0", to: "1.1.0", by: "ann", startedAt: 1 },
  };
  const tree = makeSmallTree(folder, "1.1.0", { schema: 2 });
  const places = new Releases(root);
  if (stage === "unpacking") {
    cpSync(tree, places.draftOf("1.1.0"), { recursive: true, verbatimSymlinks: true });
  } else placeRelease(tree, root);
  const isCurrent = ["switching", "checking", "going-back", "keeping"].includes(stage);
  if (!isCurrent) places.switchTo("1.0.0");
  if (isCurrent || stage === "copying") await copyDatabase();
  if (["checking", "going-back", "keeping"].includes(stage)) {
    change((database) =>
      database.exec("INSERT INTO migration VALUES (2); INSERT INTO kept VALUES ('after')"),
    );
  }
  new UpdateNotes(places.notesFolder).reach(journal);
}

async function copyDatabase(): Promise<void> {
  await new DatabaseCopy(data).make("1.0.0");
}

describe("an update that was cut short", () => {
  it.each(["unpacking", "stopping", "copying", "switching", "checking", "going-back"] as const)(
    "in the stage %s is undone, whole",
    async (stage) => {
      await cutIn(stage);
      const result = await (await updater()).recover({ isServed: false });
      expect(result).toMatchObject({ fault: "interrupted", from: "1.0.0", to: "1.1.0" });
      expect(result?.isDatabaseRestored).toBe(["checking", "going-back"].includes(stage));
      expect(current()).toBe("1.0.0");
      expect(releases()).toEqual(["1.0.0"]);
      expect(kept()).toEqual(["before"]);
      expect((await updater()).status).toMatchObject({ journal: undefined, result });
      expect(await (await updater()).recover({ isServed: false })).toBeUndefined();
    },
  );

  it("after the new release has proved itself is finished", async () => {
    await cutIn("keeping");
    const result = await (await updater()).recover({ isServed: false });
    expect(result).toMatchObject({ from: "1.0.0", to: "1.1.0", isDatabaseRestored: false });
    expect(result?.fault).toBeUndefined();
    expect(current()).toBe("1.1.0");
    expect(releases()).toEqual(["1.0.0", "1.1.0"]);
    expect(kept()).toEqual(["before", "after"]);
  });

  it("keeps others out until it is recovered", async () => {
    await cutIn("checking");
    const attempt = (await updater()).install("nothing", { by: "ann", allowOlder: false });
    await expect(attempt).rejects.toMatchObject({ fault: "busy" });
  });
});

describe("an update that fails", () => {
  it("keeps what the failed release has acknowledged when the schema is the same", async () => {
    const bundle = await packRelease(makeSmallTree(folder, "1.1.0"), signer);
    const attempt = (await updater()).install(bundle, { by: "ann", allowOlder: false });
    // Nothing answers here, and the copy is there before the release is started.
    const copy = path.join(data, "update/database-before-leaving-1.0.0.sqlite");
    const writing = (async () => {
      while (!existsSync(copy)) await new Promise((resolve) => setTimeout(resolve, 5));
      change((database) => database.exec("INSERT INTO kept VALUES ('meanwhile')"));
    })();
    await expect(attempt).rejects.toMatchObject({ fault: "not-healthy" });
    await writing;
    expect(current()).toBe("1.0.0");
    expect(kept()).toEqual(["before", "meanwhile"]);
    const { result } = (await updater()).status;
    expect(result).toMatchObject({ fault: "not-healthy", isDatabaseRestored: false, by: "ann" });
  });

  it("is one at a time", async () => {
    const bundle = await packRelease(makeSmallTree(folder, "1.1.0"), signer);
    const [one, other] = [await updater(), await updater()];
    const wish = { by: "ann", allowOlder: false };
    const ends = await Promise.allSettled([one.install(bundle, wish), other.install(bundle, wish)]);
    const faults = ends.map((end) =>
      end.status === "rejected" ? (end.reason as { fault: string }).fault : "",
    );
    expect(faults).toEqual(["not-healthy", "busy"]);
  });

  it.each([
    ["0.9.0", false, 1, "older-version"],
    ["0.9.0", true, 1, "none"],
    ["1.0.0", true, 1, "same-version"],
    ["1.0.0-rc.1", false, 1, "older-version"],
  ])("is not begun for %s (older ones taken: %s)", async (version, allowOlder, schema, fault) => {
    const bundle = await packRelease(makeSmallTree(folder, version, { schema }), signer);
    const checked = (await updater()).check(bundle, { allowOlder }).then(
      () => "none",
      (error: { fault?: string }) => error.fault,
    );
    expect(await checked).toBe(fault);
  });

  it("is not begun for a release that cannot open the database", async () => {
    change((database) => database.exec("INSERT INTO migration VALUES (2)"));
    const bundle = await packRelease(makeSmallTree(folder, "0.9.0"), signer);
    const checked = (await updater()).check(bundle, { allowOlder: true });
    await expect(checked).rejects.toMatchObject({ fault: "newer-database" });
  });

  it("is not begun without room on the disk", async () => {
    using disk = mountMemory(path.join(folder, "disk"), "20m");
    placeRelease(path.join(folder, "small-1.0.0"), disk.folder);
    const bundle = await packRelease(makeSmallTree(folder, "1.1.0"), signer);
    const wish = { by: "ann", allowOlder: false };
    const attempt = (await updater(disk.folder)).install(bundle, wish);
    await expect(attempt).rejects.toMatchObject({ fault: "no-space" });
    expect(readdirSync(path.join(disk.folder, "releases"))).toEqual(["1.0.0"]);
  });

  it("is not begun without a key to check it with", async () => {
    rmSync(path.join(folder, "keys/a.pem"));
    const bundle = await packRelease(makeSmallTree(folder, "1.1.0"), signer);
    const checked = (await updater()).check(bundle, { allowOlder: false });
    await expect(checked).rejects.toMatchObject({ fault: "no-keys" });
  });
});

describe("going back", () => {
  it("asks for the loss of what came since, where the release cannot read it", async () => {
    placeRelease(makeSmallTree(folder, "1.1.0", { schema: 2 }), root);
    await copyDatabase();
    change((database) =>
      database.exec("INSERT INTO migration VALUES (2); INSERT INTO kept VALUES ('since')"),
    );
    const careful = (await updater()).rollback({ by: "ann", loseChanges: false });
    await expect(careful).rejects.toMatchObject({ fault: "newer-database" });
    expect(kept()).toEqual(["before", "since"]);
    // Nothing answers here either: it leads to where it began, with everything that was there.
    const bold = (await updater()).rollback({ by: "ann", loseChanges: true });
    await expect(bold).rejects.toMatchObject({ fault: "not-healthy" });
    expect(current()).toBe("1.1.0");
    expect(kept()).toEqual(["before", "since"]);
  });
});
