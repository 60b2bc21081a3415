import { type Lsid, RecordingReader, recordKinds } from "@handrail/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desktop } from "../support/desktop.ts";
import type { Admin } from "../support/signed-in.ts";
import { Visit } from "../support/visit.ts";
import { artifact } from "../support/artifacts.ts";
import { image } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { resetToNew } from "./menu.ts";
import { Keys } from "./seeded.ts";
import { sendPieces, Site } from "./site.ts";

const passphrase = "a passphrase for this backup";
const ports = [443, 22];

/** What an appliance keeps of a session. */
interface Dossier {
  readonly events: readonly { readonly event: string; readonly at: number }[];
  readonly chat: readonly { readonly text: string }[];
}

let keys: Keys;
let disk: Disk;
/** What was acknowledged before the power was cut. */
let lsid: Lsid;
let known: Dossier;
let backup: Buffer;
let fingerprint: string;
beforeAll(() => {
  keys = new Keys();
  disk = new Disk(image);
});
afterAll(() => {
  disk[Symbol.dispose]();
  keys[Symbol.dispose]();
});

async function dossierOf(admin: Admin): Promise<Dossier> {
  return admin.json<Dossier>(`sessions/${lsid}`);
}

/** How many pictures a session's recording has. */
async function picturesOf(admin: Admin): Promise<number> {
  const { status, bytes } = await admin.read(`sessions/${lsid}/recording`);
  expect(status).toBe(200);
  const records = new RecordingReader().push(bytes);
  return records.filter(({ kind }) => kind === recordKinds.SURFACE).length;
}

test("a customer is helped over it, until its power is cut", async () => {
  const cd = await keys.seed();
  await using machine = await Machine.start(disk, { ports, cd, writesThrough: true });
  using site = new Site(machine, keys.sshFile);
  ({ fingerprint } = await site.answers());
  const admin = await site.signIn();
  await site.letIn(admin, keys.sshPublicKey);

  await using desktop = await Desktop.start({ width: 800, height: 600 });
  await using visit = await Visit.begin({ appliance: site, desktop });
  ({ lsid } = visit);
  const viewer = await visit.watch();
  await viewer.shows(desktop, 60_000);
  await desktop.openTerminal("work", "60x12+20+20");
  await viewer.shows(desktop, 60_000);
  await desktop.screenshot(await artifact("appliance-customer.png"));
  await visit.representative.call("chat.send", { lsid, text: "your printer works again" });
  known = await visit.representative.call("session.history", { lsid });
  // What was recorded is on the disk after two seconds at most.
  await machine.until("the recording has the pictures", async () => {
    return (await picturesOf(admin)) >= viewer.pictures;
  });
  await machine.cutPower();
});

test("and nothing that it has acknowledged is lost; a backup of it is made, and it is reset", async () => {
  await using machine = await Machine.start(disk);
  using site = new Site(machine);
  expect((await site.answers()).fingerprint).toBe(fingerprint);
  const admin = await site.signIn();
  const kept = await dossierOf(admin);
  expect(kept.chat.map(({ text }) => text)).toEqual(["your printer works again"]);
  const events = ({ events: all }: Dossier) => all.map(({ event, at }) => `${event} ${at}`);
  expect(events(kept)).toEqual(expect.arrayContaining(events(known)));
  expect(await picturesOf(admin)).toBeGreaterThan(0);

  const made = await admin.write("backups", { passphrase, withRecordings: true });
  expect(made.status).toBe(202);
  const { name } = await machine.until("the backup is made", async () => {
    const { isWorking, backups } = await admin.json<{
      isWorking: boolean;
      backups: { name: string }[];
    }>("backups");
    return isWorking ? undefined : backups[0];
  });
  backup = (await admin.read(`backups/${name}`)).bytes;
  expect(backup.length).toBeGreaterThan(10_000);
  await resetToNew(machine);
});

test("and what the backup has is had back on the new appliance", async () => {
  await using machine = await Machine.start(disk);
  const [, code = ""] = await machine.shows(/Set-up code +([A-Z0-9-]{19})/);
  using site = new Site(machine);
  expect((await site.answers()).fingerprint).not.toBe(fingerprint);
  const headers = { "x-handrail-set-up-code": code };
  await sendPieces(new Blob([new Uint8Array(backup)]), (at, bytes) =>
    site.ask(`/login/api/restore/piece?at=${at}`, { bytes, headers }),
  );
  const answer = await site.ask("/login/api/restore", { json: { passphrase }, headers });
  expect(answer.status).toBe(202);
  await machine.until("it is the appliance of before", async () => {
    return (await site.facts())?.fingerprint === fingerprint;
  });
  const admin = await site.signIn();
  expect((await dossierOf(admin)).chat.map(({ text }) => text)).toEqual([
    "your printer works again",
  ]);
  expect(await picturesOf(admin)).toBeGreaterThan(0);
});
