import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finishRestore } from "../../appliance/server/backup/restore.ts";
import { makeSettings } from "../../appliance/server/config.ts";
import { openStore } from "../../appliance/server/store/database.ts";
import { administrator, Appliance } from "../support/appliance.ts";
import { mountMemory } from "../support/memory-disk.ts";
import { freePort } from "../support/free-port.ts";
import { poll } from "../support/poll.ts";
import { S3Server } from "../support/s3-server.ts";
import { Admin } from "../support/signed-in.ts";

const passphrase = "correct horse battery staple";
const lsid = "a".repeat(32);

interface Listed {
  readonly isWorking: boolean;
  readonly backups: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly last?: { readonly name?: string; readonly fault?: string };
}

let folder: string;
/** An appliance with an administrator and something recorded, and backups of it. */
let source: Appliance;
let admin: Admin;
let passphraseFile: string;
/** With recordings, made by the command. */
let backup: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-backup-"));
  passphraseFile = path.join(folder, "passphrase");
  await writeFile(passphraseFile, `${passphrase}\n`);
  source = await Appliance.start();
  await source.setUp();
  admin = new Admin(source);
  await admin.signIn();
  await writeFile(path.join(source.dataDirectory, "recordings", `${lsid}.hrrec`), "recorded");
  const made = await source.command(
    ...["backup", "--recordings", "--to", folder, "--passphrase-file", passphraseFile],
  );
  backup = /^\/.*\.hrbackup$/m.exec(made)?.[0] ?? "";
});
afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** An appliance that was started once and has stopped, with nothing in it. */
async function fresh(): Promise<{ dataDirectory: string; port: number }> {
  const dataDirectory = await mkdtemp(path.join(folder, "data-"));
  const port = await freePort();
  await using appliance = await Appliance.start({ dataDirectory, port });
  expect(appliance.port).toBe(port);
  return { dataDirectory, port };
}

/** The command on data that no appliance uses. */
async function restore(dataDirectory: string, ...args: string[]): Promise<string> {
  // A folder of its own for the appliance whose command it is: only the variable counts.
  return source.commandOn(dataDirectory, "restore", ...args);
}

/** Of the certificate in the data: which appliance it is. */
function fingerprintIn(dataDirectory: string): string {
  return new X509Certificate(readFileSync(path.join(dataDirectory, "certificate.pem"))).fingerprint;
}

function accountsIn(dataDirectory: string): number {
  using store = openStore(path.join(dataDirectory, "handrail.sqlite"));
  return Number(store.raw.prepare("SELECT count(*) AS many FROM representative").get()?.many);
}

async function fingerprintOf(appliance: Appliance): Promise<string> {
  const site = JSON.parse((await appliance.ask("/api/site")).text) as { fingerprint: string };
  return site.fingerprint;
}

describe("a backup", () => {
  it("holds nothing that can be read, and is the appliance's alone", async () => {
    const bytes = await readFile(backup);
    for (const text of ["SQLite format", "PRIVATE KEY", administrator.displayName, "recorded"]) {
      expect(bytes.includes(text)).toBe(false);
    }
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect(path.basename(backup)).toMatch(/^handrail-[^/]+-\d{4}-\d\d-\d\d-\d{6}\.hrbackup$/);
    const beside = await readdir(folder);
    expect(beside.filter((name) => name.includes("draft"))).toEqual([]);
  });

  it("brings accounts, keys, the audit log and recordings back onto a fresh appliance", async () => {
    const { dataDirectory, port } = await fresh();
    const said = await restore(dataDirectory, backup, "--passphrase-file", passphraseFile);
    expect(said).toContain("restored:");
    expect(await source.commandOn(dataDirectory, "verify")).toMatch(/^intact: \d+ rows/);
    await using again = await Appliance.start({ dataDirectory, port });
    const ann = new Admin(again);
    expect((await ann.signIn()).status).toBe(200);
    expect(await fingerprintOf(again)).toBe(await fingerprintOf(source));
    const { rows } = await ann.json<{ rows: { event: string }[] }>("audit");
    expect(rows.map(({ event }) => event)).toEqual(
      expect.arrayContaining(["backup.restored", "site.set-up"]),
    );
    expect(await again.command("verify")).toMatch(/^intact: /);
    const recording = path.join(dataDirectory, "recordings", `${lsid}.hrrec`);
    expect(await readFile(recording, "utf8")).toBe("recorded");
    const leftovers = path.join(dataDirectory, ".restore/commit");
    await poll("what was there before is gone", () =>
      stat(leftovers).then(
        () => false,
        () => true,
      ),
    );
  });

  it.each([
    ["no backup", "is no backup of Handrail", () => writeFile(path.join(folder, "x"), "PK")],
    [
      "cut short",
      "cut short or changed",
      async () => {
        await writeFile(path.join(folder, "x"), await readFile(backup));
        await truncate(path.join(folder, "x"), (await stat(backup)).size - 20);
      },
    ],
    [
      "forged",
      "cut short or changed",
      async () => {
        const bytes = await readFile(backup);
        bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
        await writeFile(path.join(folder, "x"), bytes);
      },
    ],
  ])("that is %s is refused, and nothing changes", async (_what, sentence, prepare) => {
    const dataDirectory = await mkdtemp(path.join(folder, "data-"));
    await prepare();
    const file = path.join(folder, "x");
    const restoring = restore(dataDirectory, file, "--passphrase-file", passphraseFile);
    await expect(restoring).rejects.toThrow(sentence);
    expect(await readdir(dataDirectory)).not.toContain("handrail.sqlite");
  });

  it("is refused with another passphrase, on an appliance that is set up or that runs", async () => {
    const dataDirectory = await mkdtemp(path.join(folder, "data-"));
    const wrong = path.join(folder, "wrong");
    await writeFile(wrong, "another passphrase");
    await expect(restore(dataDirectory, backup, "--passphrase-file", wrong)).rejects.toThrow(
      "The passphrase is not the one",
    );
    const right = ["--passphrase-file", passphraseFile];
    await expect(source.command("restore", backup, ...right)).rejects.toThrow(
      "The appliance is running",
    );
    await restore(dataDirectory, backup, ...right);
    await expect(restore(dataDirectory, backup, ...right)).rejects.toThrow("say --replace");
    expect(accountsIn(dataDirectory)).toBe(1);
    expect(await restore(dataDirectory, "--undo")).toContain("what they were before");
  });
});

describe("a restore that is killed", () => {
  it("leaves the old data or the new, whole, whenever it was", async () => {
    const { dataDirectory } = await fresh();
    const site = () => fingerprintIn(dataDirectory);
    const [before, after] = [site(), fingerprintIn(source.dataDirectory)];
    const settings = makeSettings({ dataDirectory });
    const seen = new Set<string>();
    // Each time it is let run longer, until it has come far enough.
    for (let waitMs = 0; site() === before; waitMs = 100 + Math.floor(waitMs * 1.4)) {
      await using running = source.commandBeside(
        ...[dataDirectory, "restore", backup, "--replace", "--passphrase-file", passphraseFile],
      );
      await Promise.race([running.ended(), sleep(waitMs)]);
      running.signal("SIGKILL");
      await running.ended();
      finishRestore(settings);
      expect([before, after]).toContain(site());
      expect(accountsIn(dataDirectory)).toBe(site() === before ? 0 : 1);
      seen.add(site());
    }
    expect(seen).toEqual(new Set([before, after]));
  });
});

describe("an appliance whose disk is full", () => {
  // Only root can mount a disk of its own.
  it.skipIf(process.getuid?.() !== 0)(
    "makes no half of a backup, and restores nothing",
    async () => {
      const disk = path.join(folder, "disk");
      using mounted = mountMemory(disk, "1m");
      await writeFile(path.join(disk, "filler"), Buffer.alloc(mounted.freeBytes() - 100 * 1024));
      const making = source.command("backup", "--to", disk, "--passphrase-file", passphraseFile);
      await expect(making).rejects.toThrow(/disk/);
      expect(await readdir(disk)).toEqual(["filler"]);
      const restoring = restore(
        path.join(disk, "data"),
        backup,
        "--passphrase-file",
        passphraseFile,
      );
      await expect(restoring).rejects.toThrow("not enough room");
    },
  );
});

describe("backups at /login", () => {
  it("are made, listed, downloaded and deleted by administrators, and audited", async () => {
    const begun = await admin.write("backups", { passphrase, withRecordings: false });
    expect(begun.status).toBe(202);
    const listed = await poll("the backup is made", async () => {
      const now = await admin.json<Listed>("backups");
      return !now.isWorking && now.last?.name !== undefined && now;
    });
    const [made] = listed.backups;
    const file = await admin.read(`backups/${made?.name ?? ""}`);
    expect(file.status).toBe(200);
    expect(Number(file.headers["content-length"])).toBe(made?.sizeBytes);
    expect((await admin.read("backups/..%2fhandrail.sqlite")).status).toBe(404);
    const removed = await admin.write(`backups/${made?.name ?? ""}`, undefined, "DELETE");
    expect(removed.status).toBe(200);
    const { rows } = await admin.json<{ rows: { event: string; detail: object }[] }>("audit");
    const told = rows.find(({ event }) => event === "backup.made");
    expect(told?.detail).toMatchObject({
      name: made?.name,
      sizeBytes: made?.sizeBytes,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const events = rows.map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(["backup.downloaded", "backup.removed"]));
    expect(JSON.stringify(rows) + source.program.output).not.toContain(passphrase);
  });

  it("are planned with the old and the new schedule in the audit log", async () => {
    const schedule = { every: "daily", minuteOfDay: 90, weekday: 0, keep: 3, withRecordings: true };
    const lacking = await admin.write("backups/schedule", { schedule });
    expect(lacking.status).toBe(400);
    const changed = await admin.write("backups/schedule", { schedule, passphrase });
    expect(changed.status).toBe(200);
    const state = await admin.json<{ schedule: object; nextAt: number }>("backups");
    expect(state.schedule).toEqual(schedule);
    expect(new Date(state.nextAt).getHours()).toBe(1);
    const { rows } = await admin.json<{ rows: { event: string; detail: object }[] }>("audit");
    const told = rows.find(({ event }) => event === "backup.schedule-changed");
    expect(told?.detail).toMatchObject({ schedule: JSON.stringify(schedule) });
  });

  it("are nobody's who is not signed in as an administrator", async () => {
    const stranger = new Admin(source);
    expect((await stranger.read("backups")).status).toBe(401);
    expect((await stranger.write("backups", { passphrase, withRecordings: true })).status).toBe(
      401,
    );
    const account = { name: "bob", displayName: "Bob", password: "a long and safe word" };
    await admin.write("representatives", { ...account, role: "representative" });
    const bob = new Admin(source);
    await bob.signIn(account.name, account.password);
    expect((await bob.read("backups")).status).toBe(403);
    expect((await bob.write("backups", { passphrase, withRecordings: true })).status).toBe(403);
    expect((await bob.write("backups/schedule", {})).status).toBe(403);
  });
});

/** What comes of a piece of 4 MiB of which the head alone has been sent. */
function statusBeforeBody({ port }: Appliance, where: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
    const head = [
      `POST /login/api/${where}/piece?at=0 HTTP/1.1`,
      "Host: 127.0.0.1",
      "Content-Type: application/octet-stream",
      `Content-Length: ${4 * 1024 * 1024}`,
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n`);
  });
  socket.once("data", (answer: Buffer) => {
    resolve(answer.toString().split(" ")[1] ?? "");
    socket.destroy();
  });
  socket.once("error", reject);
  return promise;
}

describe("a piece of what is sent", () => {
  it("is refused to strangers before they have sent it", async () => {
    expect(await statusBeforeBody(source, "updates")).toBe("401");
    await using fresh = await Appliance.start();
    expect(await statusBeforeBody(fresh, "restore")).toBe("403");
  });
});

describe("a fresh appliance", () => {
  it("takes a backup over its set-up page, and goes on with it", async () => {
    const dataDirectory = await mkdtemp(path.join(folder, "data-"));
    await using appliance = await Appliance.start({ dataDirectory, port: await freePort() });
    const code = (await appliance.command("set-up-code")).trim();
    const bytes = await readFile(backup);
    const send = (at: number, end: number, by = code) =>
      appliance.ask(`/login/api/restore/piece?at=${at}`, {
        bytes: bytes.subarray(at, end),
        headers: { "x-handrail-set-up-code": by },
      });
    const finish = (word: string) =>
      appliance.ask("/login/api/restore", {
        json: { passphrase: word },
        headers: { "x-handrail-set-up-code": code },
      });
    expect((await send(0, 1000, "BCDF-BCDF-BCDF-BCDF")).status).toBe(403);
    const stray = await appliance.ask("/login/api/sign-in", { bytes: Buffer.alloc(128 * 1024) });
    expect(stray.status).toBe(413);
    const large = await appliance.ask("/login/api/restore/piece?at=0", {
      bytes: Buffer.alloc(4 * 1024 * 1024),
      headers: { "x-handrail-set-up-code": code },
    });
    expect(large.status).toBe(200);
    expect((await send(0, 1000)).status).toBe(200);
    expect((await finish(passphrase)).text).toContain('"backup-damaged"');
    expect((await send(5000, 6000)).status).toBe(409);
    expect((await send(1000, bytes.length)).status).toBe(200);
    expect((await finish("another passphrase")).text).toContain('"backup-wrong-passphrase"');
    expect((await finish(passphrase)).status).toBe(202);
    const ann = new Admin(appliance);
    await poll("the old account signs in", async () => (await ann.signIn()).status === 200);
    expect(await fingerprintOf(appliance)).toBe(await fingerprintOf(source));
    expect((await send(0, 1000)).status).toBe(409);
    expect(await appliance.command("verify")).toMatch(/^intact: /);
  });
});

describe("a backup that leaves the appliance", () => {
  it("is sent when it is made here or by the command, and fetched again", async () => {
    await using server = await S3Server.start();
    const { endpoint, bucket, accessKey, secret } = server;
    const secretFile = path.join(folder, "secret");
    await writeFile(secretFile, `${secret}\n`);
    const target = (...args: string[]) => source.command("backup", "target", ...args);
    expect(await target("show")).toContain("stay on the appliance");
    const access = ["--access-key", accessKey, "--secret-file", secretFile];
    await expect(target("set", `${endpoint}/none`, ...access)).rejects.toThrow("no such bucket");
    const set = await target("set", `${endpoint}/${bucket}/site/`, ...access);
    expect(set).toContain(`Backups are sent to ${endpoint}/${bucket}/site/ us-east-1 ${accessKey}`);
    expect(await target("test")).toContain("written there and removed");
    await admin.write("backups", { passphrase, withRecordings: false });
    const here = await poll("it is sent", async () => {
      const [name] = await server.objects();
      return name !== undefined && path.basename(name);
    });
    // Beside the appliance, which sends it as its own.
    const said = await source.command("backup", "--passphrase-file", passphraseFile);
    const beside = path.basename(/^\/.*\.hrbackup$/m.exec(said)?.[0] ?? "");
    await poll("it is sent, too", async () => {
      await admin.write("backups/target/send", {});
      return (await server.objects()).length === 2;
    });
    expect(await target("list")).toContain(beside);
    await admin.write(`backups/${here}`, undefined, "DELETE");
    const fetching = await admin.write("backups/target/fetch", { name: here });
    expect(fetching.status).toBe(202);
    await poll("it is here again", async () => {
      const { backups } = await admin.json<Listed>("backups");
      return backups.some(({ name }) => name === here);
    });
    const state = await admin.read("backups/target");
    const { rows } = await admin.json<{ rows: { event: string }[] }>("audit");
    expect(rows.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        ...["backup.target-changed", "backup.target-failed", "backup.target-tried"],
        ...["backup.sent", "backup.fetched"],
      ]),
    );
    expect(JSON.stringify(rows) + state.text + source.program.output).not.toContain(secret);
    expect(await target("off")).toContain("stay on the appliance");
  });

  it("goes where administrators say, and nobody else", async () => {
    const stranger = new Admin(source);
    const carol = new Admin(source);
    const account = { name: "carol", displayName: "Carol", password: "a long and safe word" };
    await admin.write("representatives", { ...account, role: "representative" });
    await carol.signIn(account.name, account.password);
    for (const [who, status] of [
      [stranger, 401],
      [carol, 403],
    ] as const) {
      expect((await who.read("backups/target")).status).toBe(status);
      expect((await who.read("backups/target/files")).status).toBe(status);
      expect((await who.write("backups/target", {}, "PATCH")).status).toBe(status);
      for (const act of ["try", "send", "cancel", "fetch"]) {
        expect((await who.write(`backups/target/${act}`, {})).status).toBe(status);
      }
    }
  });
});
