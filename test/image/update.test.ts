import { execFileSync } from "node:child_process";
import { openAsBlob } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deriveRelease, packRelease } from "../support/release.ts";
import { root } from "../support/root.ts";
import type { Admin } from "../support/signed-in.ts";
import { image } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis } from "./menu.ts";
import { Keys } from "./seeded.ts";
import { sendPieces, Site } from "./site.ts";

interface Updates {
  readonly version: string;
  readonly running?: unknown;
  readonly last?: { readonly to: string; readonly fault?: string };
}

let stack: AsyncDisposableStack;
let keys: Keys;
let machine: Machine;
let site: Site;
let admin: Admin;
/** What the image has in it, where others are made of it. */
let tree: string;
let built: string;
beforeAll(async () => {
  await using owned = new AsyncDisposableStack();
  keys = owned.use(new Keys());
  tree = path.join(keys.folder, "tree");
  execFileSync("cp", ["--archive", path.join(root, "packer/dist/release"), tree]);
  const cd = await keys.seed();
  machine = owned.use(await Machine.start(owned.use(new Disk(image)), { cd }));
  site = owned.use(new Site(machine));
  await site.answers();
  admin = await site.signIn();
  built = (await updates()).version;
  stack = owned.move();
});
afterAll(() => stack[Symbol.asyncDispose]());

function updates(): Promise<Updates> {
  return admin.json<Updates>("updates");
}

/** Sends a bundle, as the page does, and has it installed; resolves to how that has ended. */
async function install(bundle: string): Promise<Updates> {
  await sendPieces(await openAsBlob(bundle), (at, bytes) =>
    site.ask(`/login/api/updates/piece?at=${at}`, { bytes, headers: admin.headers }),
  );
  expect((await admin.write("updates/check", {})).status).toBe(200);
  expect((await admin.write("updates/install", {})).status).toBe(202);
  return ended();
}

/** Waits until an update has ended, while which the server may not answer. */
function ended(): Promise<Updates> {
  return machine.until("the update has ended", async () => {
    if (!(await site.facts())) return undefined;
    const now = await updates();
    return now.running === undefined && now.last ? now : undefined;
  });
}

test("an update that is never well is taken back, and the appliance serves as before", async () => {
  const unwell =
    'export const healthRoutes = (app) => app.get("/healthz", (_, reply) => reply.status(503).send());';
  const broken = deriveRelease(tree, "9.1.0", { "appliance/server/api/health.js": unwell });
  const after = await install(await packRelease(broken, keys.signer));
  expect(after).toMatchObject({ version: built, last: { to: "9.1.0", fault: "not-healthy" } });
});

test("an update is installed, and the one before is had back", async () => {
  const after = await install(await packRelease(deriveRelease(tree, "9.2.0"), keys.signer));
  expect(after.version).toBe("9.2.0");
  expect(after.last?.fault).toBeUndefined();
  await machine.shows(/Handrail appliance 9\.2\.0/);

  expect((await admin.write("updates/rollback", { loseChanges: false })).status).toBe(202);
  await machine.until("the release before runs", async () => {
    return (await site.facts()) && (await updates()).version === built;
  });
  await ended();
  expect((await diagnosis(machine)).failed).toBe("");
});
