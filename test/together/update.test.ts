import { once } from "node:events";
import { existsSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Machine as MachineDoor } from "../../appliance/server/machine/machine.ts";
import { UpdateNotes } from "../../appliance/server/update/journal.ts";
import { Machine } from "../support/machine.ts";
import { poll } from "../support/poll.ts";
import { ReleaseChannel } from "../support/release-channel.ts";
import {
  deriveRelease,
  makeReleaseTree,
  makeSigner,
  packRelease,
  type Signer,
} from "../support/release.ts";

const schemaFile = "appliance/server/store/schema/9999-later.sql";

let folder: string;
let signer: Signer;
/** The tree of release 1.0.0, and bundles of others made from it. */
let tree: string;
let newer: string;
let broken: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-releases-"));
  signer = makeSigner(folder);
  tree = await makeReleaseTree(folder, "1.0.0");
  newer = await packRelease(deriveRelease(tree, "1.1.0"), signer);
  const schemas = readdirSync(path.join(tree, path.dirname(schemaFile))).length;
  const number = String(schemas + 1).padStart(4, "0");
  // It changes the database, listens, and is never well.
  broken = await packRelease(
    deriveRelease(tree, "1.2.0", {
      [schemaFile.replace("9999", number)]: "CREATE TABLE later (a INTEGER) STRICT;",
      "appliance/server/api/health.js":
        'export const healthRoutes = (app) => app.get("/healthz", (_, reply) => reply.status(503).send());',
    }),
    signer,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function currentOf(machine: Machine): string {
  return path.basename(readlinkSync(path.join(machine.releasesRoot, "current")));
}

function releasesOf(machine: Machine): string[] {
  return readdirSync(path.join(machine.releasesRoot, "releases")).toSorted();
}

function openData(machine: Machine): DatabaseSync {
  return new DatabaseSync(path.join(machine.dataDirectory, "handrail.sqlite"));
}

/** Writes something that must not be lost; gives what is there of it. */
function remember(machine: Machine, name: string): string[] {
  using database = openData(machine);
  const insert = "INSERT INTO applianceValue (name, value) VALUES (?, x'00')";
  if (name !== "") database.prepare(insert).run(`test-${name}`);
  const select = "SELECT name FROM applianceValue WHERE name LIKE 'test-%' ORDER BY name";
  return database
    .prepare(select)
    .all()
    .map((row) => String(row.name).slice("test-".length));
}

/** Sends a line to the machine, and gives all that comes back. */
async function exchange(machine: Machine, line: string): Promise<string> {
  const socket = connect(path.join(machine.folder, "machine.sock"));
  socket.write(`${line}\n`);
  return text(socket);
}

async function askAndLeave(machine: Machine, line: string): Promise<void> {
  const socket = connect(path.join(machine.folder, "machine.sock"));
  socket.write(`${line}\n`);
  await once(socket, "data");
  socket.destroy();
}

/** What the operator does at the machine to get a release from a channel; gives where it lies. */
async function fetchAsOperator(machine: Machine): Promise<string> {
  await using channel = await ReleaseChannel.start();
  await copyFile(newer, path.join(channel.folder, "handrail-1.1.0.hrupdate"));
  await channel.publish(signer);
  const caFile = path.join(folder, "channel-ca.pem");
  await writeFile(caFile, channel.named.trust.ca);
  const command = (...args: string[]) => machine.run("update", "channel", ...args);
  const window = ["--install", "in-window", "--window", "Sun,wed,23:30-04:00"];
  const set = await command("set", channel.url, "--ca-file", caFile, "--daily", "off", ...window);
  expect(set.output).toContain("every day: no; installed by themselves: in-window");
  expect(set.output).toContain("The maintenance window: sun,wed,23:30-04:00");
  const odd = await command("set", "--window", "someday,23:30-04:00");
  expect(odd.code).toBe(2);
  const checked = await command("check");
  expect(checked.output).toContain("Release 1.1.0 is available.");
  const fetched = await command("fetch");
  expect(fetched.code).toBe(0);
  return fetched.output.trim();
}

describe("an update", () => {
  it("puts a release in the place of another for a server that is gone, and back", async () => {
    await using machine = await Machine.start(tree, signer, { warningMs: 100 });
    await poll("the server is well", async () => (await machine.version()) === "1.0.0");
    remember(machine, "a");
    const fetched = await fetchAsOperator(machine);
    const checked = await machine.run("update", "check", fetched);
    expect(checked.output).toMatch(/^Release 1\.1\.0 \(.*\) can be installed\.$/m);
    const asked = new MachineDoor(await machine.openSocket());
    expect(asked.isThere).toBe(true);
    const check = { verb: "update-check" } as const;
    expect(await asked.ask(check)).toMatchObject({ refused: { fault: "not-a-bundle" } });
    await mkdir(path.join(machine.dataDirectory, "update"), { recursive: true });
    await copyFile(newer, path.join(machine.dataDirectory, "update/upload.hrupdate"));
    expect(await asked.ask(check)).toEqual({ done: { version: "1.1.0" } });
    // Whoever asked goes as soon as it begins, as the server does when it is stopped.
    const install = { verb: "update-install", by: "Ann" } as const;
    await askAndLeave(machine, JSON.stringify(install));
    await poll("the new release serves", async () => (await machine.version()) === "1.1.0");
    const notes = new UpdateNotes(path.join(machine.releasesRoot, "update"));
    await poll("the update is over", () => notes.journal === undefined && notes.result);
    expect(notes.result).toMatchObject({ from: "1.0.0", to: "1.1.0", by: "Ann" });
    expect(await asked.ask({ verb: "reboot", by: "Ann" })).toEqual({ done: {} });
    expect(existsSync(path.join(machine.folder, "rebooted"))).toBe(true);
    const odd = await exchange(machine, '{"verb":"run","command":"id"}');
    expect(odd).toContain("The request cannot be read.");
    const older = await exchange(machine, JSON.stringify({ ...install, allowOlder: true }));
    expect(older).toContain("The request cannot be read.");

    expect(releasesOf(machine)).toEqual(["1.0.0", "1.1.0"]);
    expect(remember(machine, "b")).toEqual(["a", "b"]);
    const again = await machine.run("update", "install", newer);
    expect(again).toEqual({ code: 1, output: "Release 1.1.0 is the one that runs.\n" });
    const back = await machine.run("update", "rollback");
    expect(back.output).toContain("back from 1.1.0 to release 1.0.0");
    expect(await machine.version()).toBe("1.0.0");
    expect(releasesOf(machine)).toEqual(["1.0.0"]);
    expect(remember(machine, "")).toEqual(["a", "b"]);
    const more = await machine.run("update", "rollback");
    expect(more.output).toContain("There is no release to go back to.");
  });

  it("that is never well is undone by itself, with what it did to the database", async () => {
    await using machine = await Machine.start(tree, signer, { healthTimeoutMs: 4_000 });
    await poll("the server is well", async () => (await machine.version()) === "1.0.0");
    remember(machine, "a");
    await using update = machine.command("update", "install", broken);
    const unpacked = path.join(machine.releasesRoot, "releases/1.2.0/appliance/server");
    // The server is another account than the one that installs.
    const modes = await update.until("the release is unpacked", () =>
      existsSync(path.join(unpacked, "main.js"))
        ? ["", "main.js"].map((name) => statSync(path.join(unpacked, name)).mode & 0o777)
        : undefined,
    );
    expect(modes).toEqual([0o755, 0o644]);
    const code = await update.ended();
    const { output } = update;
    expect(output).toContain("Release 1.2.0 was not well within 4 s (it answered 503).");
    expect(code).toBe(1);
    await poll("the old release serves", async () => (await machine.version()) === "1.0.0");
    expect(releasesOf(machine)).toEqual(["1.0.0"]);
    expect(remember(machine, "")).toEqual(["a"]);
    const { output: status } = await machine.run("update", "status");
    expect(status).toContain("release 1.2.0 was not installed, 1.0.0 goes on");
    expect(status).toContain("The database is as it was before.");
  });

  it("cut short at any stage leaves one release or the other, whole", async () => {
    await using machine = await Machine.start(tree, signer);
    await poll("the server is well", async () => (await machine.version()) === "1.0.0");
    const words = ["Unpacking", "Copying", "Starting", "Tidying"];
    for (const word of words) {
      const kept = remember(machine, word);
      await using update = machine.command("update", "install", newer);
      await update.line(new RegExp(`^${word}`, "m"));
      update.signal("SIGKILL");
      await machine.cutPower();
      await update.ended();
      // As at the start of the machine: first this, then the server.
      const recovered = await machine.run("update", "recover", "--boot");
      expect(recovered, word).toMatchObject({ code: 0 });
      expect(existsSync(path.join(machine.releasesRoot, "update/journal.json"))).toBe(false);
      expect(["1.0.0", "1.1.0"]).toContain(currentOf(machine));
      expect(releasesOf(machine)).toContain(currentOf(machine));
      expect(readdirSync(path.join(machine.releasesRoot, "releases"))).not.toContain(
        ".1.1.0.draft",
      );
      expect(remember(machine, "")).toEqual(kept);
    }
    const current = currentOf(machine);
    await machine.serve();
    await poll("the server is well", async () => (await machine.version()) === current);
  }, 180_000);
});
