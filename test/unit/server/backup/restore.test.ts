import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { cp, mkdtemp, open, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupError } from "../../../../appliance/server/backup/backup-error.ts";
import { makeBackup } from "../../../../appliance/server/backup/backup-file.ts";
import { makeKey } from "../../../../appliance/server/backup/backup-key.ts";
import { checkBackup } from "../../../../appliance/server/backup/check.ts";
import {
  type BackupContents,
  writeContents,
} from "../../../../appliance/server/backup/contents.ts";
import {
  finishRestore,
  restored,
  stageRestore,
  stageUndo,
} from "../../../../appliance/server/backup/restore.ts";
import { seal } from "../../../../appliance/server/backup/sealed-file.ts";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { makeSettings, type Settings } from "../../../../appliance/server/config.ts";
import { openStore } from "../../../../appliance/server/store/database.ts";
import { version } from "../../../../appliance/server/version.ts";

const passphrase = "correct horse battery staple";
const recordingName = "recordings/ab/abcdef.hrrec";

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-restore-"));
  const settings = await site("source", "of the backup");
  const key = await makeKey(passphrase);
  const to = path.join(folder, "made");
  const made = await makeBackup({
    ...{ settings, key, folder: to, withRecordings: true },
    clock: systemClock,
  });
  file = path.join(to, made.name);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The data of an appliance that has this word in each of its files. */
async function site(name: string, word: string): Promise<Settings> {
  const dataDirectory = path.join(folder, name);
  mkdirSync(path.join(dataDirectory, "recordings/ab"), { recursive: true });
  mkdirSync(path.join(dataDirectory, "more"), { recursive: true });
  using store = openStore(path.join(dataDirectory, "handrail.sqlite"));
  store.raw.prepare("INSERT INTO applianceValue VALUES ('word', ?)").run(Buffer.from(word));
  for (const each of ["private-key.pem", "more/key", recordingName, "lock", "set-up-code"]) {
    await writeFile(path.join(dataDirectory, each), `${each} ${word}`);
  }
  return makeSettings({ dataDirectory });
}

/** The words of the data in a folder: one, when all of it belongs together. */
function wordsIn({ dataDirectory }: Settings): string[] {
  using store = openStore(path.join(dataDirectory, "handrail.sqlite"));
  const row = store.raw.prepare("SELECT value FROM applianceValue WHERE name = 'word'").get();
  const kept = row?.value instanceof Uint8Array ? Buffer.from(row.value).toString() : "none";
  const files = ["private-key.pem", "more/key", recordingName].map((name) =>
    readFileSync(path.join(dataDirectory, name), "utf8").slice(name.length + 1),
  );
  return [...new Set([kept, ...files])];
}

async function stage(settings: Settings): Promise<void> {
  await using handle = await open(file, "r");
  await stageRestore(await checkBackup(handle, passphrase), settings);
}

describe("a restore", () => {
  it("replaces all of the data, and what belongs to the machine stays", async () => {
    const settings = await site("whole", "before");
    await stage(settings);
    expect(wordsIn(settings)).toEqual(["before"]);
    finishRestore(settings);
    expect(wordsIn(settings)).toEqual(["of the backup"]);
    const lock = await readFile(path.join(settings.dataDirectory, "lock"), "utf8");
    expect(lock).toBe("lock before");
    expect(existsSync(path.join(settings.dataDirectory, "set-up-code"))).toBe(false);
    expect(restored(settings)).toMatchObject({ hasRecordings: true });
  });

  it("can be taken back", async () => {
    const settings = await site("undone", "before");
    expect(stageUndo(settings)).toBe(false);
    await stage(settings);
    finishRestore(settings);
    expect(stageUndo(settings)).toBe(true);
    finishRestore(settings);
    expect(wordsIn(settings)).toEqual(["before"]);
  });

  it("leaves what is there when it was never decided", async () => {
    const settings = await site("undecided", "before");
    await stage(settings);
    await rm(path.join(settings.dataDirectory, ".restore/commit"));
    finishRestore(settings);
    expect(wordsIn(settings)).toEqual(["before"]);
    expect(existsSync(path.join(settings.dataDirectory, ".restore"))).toBe(false);
  });

  it("is brought to its end from every point at which it was cut", async () => {
    const staged = await site("staged", "before");
    await stage(staged);
    const data = staged.dataDirectory;
    const out = readdirSync(data).filter(
      (name) => !["lock", ".restore", "recordings"].includes(name),
    );
    const moves = [
      ...out.map((name) => [name, `.restore/old/${name}`]),
      ["recordings/ab", "recordings/.restore/old/ab"],
      ["in", ""],
      ...readdirSync(path.join(data, ".restore/new")).map((name) => [`.restore/new/${name}`, name]),
      ["recordings/.restore/new/ab", "recordings/ab"],
    ] as [string, string][];
    for (let cut = 0; cut <= moves.length; cut++) {
      const dataDirectory = path.join(folder, `cut-${cut}`);
      await cp(data, dataDirectory, { recursive: true });
      for (const [from, to] of moves.slice(0, cut)) await move(dataDirectory, from, to);
      const settings = makeSettings({ dataDirectory });
      finishRestore(settings);
      expect(wordsIn(settings), `cut after ${cut}`).toEqual(["of the backup"]);
      finishRestore(settings);
      expect(wordsIn(settings)).toEqual(["of the backup"]);
    }
  });

  it("takes nothing that no backup holds, such as a client for customers", async () => {
    const settings = await site("planted", "before");
    const paths = ["client/linux-x64/archive.json", "set-up-code", "handrail.sqlite-wal", "key"];
    const files = paths.map((name) => ({ root: "data" as const, path: name, sizeBytes: 1 }));
    await using handle = await open(await forge({ files }, "1234"), "r");
    await stageRestore(await checkBackup(handle, passphrase), settings);
    const taken = path.join(settings.dataDirectory, ".restore/new");
    expect(readdirSync(taken)).toEqual(["key"]);
    expect(readFileSync(path.join(taken, "key"), "utf8")).toBe("4");
  });

  it("changes nothing when it is refused by the time that it could be decided", async () => {
    const settings = await site("refused", "before");
    await using handle = await open(file, "r");
    const refuse = (): never => {
      throw new BackupError("set-up", "set up meanwhile");
    };
    const staged = stageRestore(await checkBackup(handle, passphrase), settings, refuse);
    await expect(staged).rejects.toMatchObject({ fault: "set-up" });
    finishRestore(settings);
    expect(wordsIn(settings)).toEqual(["before"]);
  });

  it("changes nothing when the file is damaged between the reading and the writing", async () => {
    const settings = await site("exchanged", "before");
    const copy = path.join(folder, "exchanged.hrbackup");
    await cp(file, copy);
    await using handle = await open(copy, "r");
    const backup = await checkBackup(handle, passphrase);
    await truncate(copy, 2000);
    await expect(stageRestore(backup, settings)).rejects.toMatchObject({ fault: "damaged" });
    expect(existsSync(path.join(settings.dataDirectory, ".restore/new"))).toBe(false);
    finishRestore(settings);
    expect(wordsIn(settings)).toEqual(["before"]);
  });
});

/** One step of a restore, as it is done; "in" is the note that all has gone out. */
async function move(dataDirectory: string, from: string, to: string): Promise<void> {
  const note = path.join(dataDirectory, ".restore/commit");
  if (from === "in") {
    const text = await readFile(note, "utf8");
    return writeFile(note, text.replace('"out"', '"in"'));
  }
  mkdirSync(path.dirname(path.join(dataDirectory, to)), { recursive: true });
  renameSync(path.join(dataDirectory, from), path.join(dataDirectory, to));
}

describe("a backup that cannot be restored here", () => {
  it.each([
    ["of a newer version", { version: "99.0.0" }],
    ["of a newer database", { schema: 9_999 }],
  ])("%s is refused", async (_what, change) => {
    await expect(checkMade(change)).rejects.toMatchObject({ fault: "newer" });
  });

  it.each(["../key", "/etc/key", "a/../../key", ".restore/commit", "a//b"])(
    "with a file %s is refused",
    async (name) => {
      const files = [{ root: "data" as const, path: name, sizeBytes: 0 }];
      await expect(checkMade({ files })).rejects.toMatchObject({ fault: "damaged" });
    },
  );

  it("with less or more in it than it says is refused", async () => {
    const files = [{ root: "data" as const, path: "key", sizeBytes: 10 }];
    await expect(checkMade({ files })).rejects.toMatchObject({ fault: "damaged" });
    const more = checkMade({}, "more");
    await expect(more).rejects.toMatchObject({ fault: "damaged" });
    await expect(checkMade({})).resolves.toMatchObject({ contents: { host: "elsewhere" } });
  });
});

/** Checks a backup that somebody has made who has the passphrase. */
async function checkMade(change: Partial<BackupContents>, rest = "") {
  await using handle = await open(await forge(change, rest), "r");
  return await checkBackup(handle, passphrase);
}

/** A backup that says this of itself, with these bytes as its files. */
async function forge(change: Partial<BackupContents>, rest = ""): Promise<string> {
  const contents: BackupContents = {
    ...{ version, schema: 1, host: "elsewhere", createdAt: 0, hasRecordings: false, files: [] },
    ...change,
  };
  const plain = Readable.from([
    writeContents(contents),
    Buffer.from(rest),
  ]) as AsyncIterable<Buffer>;
  const made = path.join(folder, "strange.hrbackup");
  await writeFile(made, seal(plain, await makeKey(passphrase)));
  return made;
}
