import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "../../appliance/server/update/journal.ts";
import { image, note } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis } from "./menu.ts";
import { Keys } from "./seeded.ts";
import { Site } from "./site.ts";
import { Bundles, Updating } from "./updating.ts";

const newer = "9.1.0";
const broken = "9.2.0";

let stack: AsyncDisposableStack;
let keys: Keys;
let disk: Disk;
let bundles: Record<string, string>;
/** The machine that runs at the moment: it starts anew after each cut. */
let machine: Machine;
let site: Site;
let updating: Updating;
let built: string;
beforeAll(async () => {
  await using owned = new AsyncDisposableStack();
  keys = owned.use(new Keys());
  disk = owned.use(new Disk(image));
  owned.defer(() => machine[Symbol.asyncDispose]());
  const made = new Bundles(keys);
  bundles = { [newer]: await made.well(newer), [broken]: await made.unwell(broken) };
  await start(await keys.seed());
  await site.letIn(await site.signIn(), keys.sshPublicKey);
  built = (await updating.read()).version;
  stack = owned.move();
});
afterAll(() => stack[Symbol.asyncDispose]());

/** Starts the machine, and waits until it serves. */
async function start(cd?: Uint8Array): Promise<void> {
  const options = { ports: [443, 22], writesThrough: true, ...(cd ? { cd } : {}) };
  machine = await Machine.start(disk, options);
  site = new Site(machine, keys.sshFile);
  await site.answers();
  updating = new Updating(machine, site, await site.signIn());
}

/**
 * The machine's own kernel lets go of everything, at once, as soon as the note has the stage; some
 * stages are over before another program could be started to look.
 */
function cutAt(stage: Stage): string {
  const note = "/opt/handrail/update/journal.json";
  const look = `read -r -d "" said <${note}; [[ $said == *\\"${stage}\\"* ]]`;
  return `bash -c 'until ${look}; do :; done 2>/dev/null; echo b >/proc/sysrq-trigger'`;
}

test.each([
  { stage: "unpacking", to: newer, isInstalled: false },
  { stage: "stopping", to: newer, isInstalled: false },
  { stage: "copying", to: newer, isInstalled: false },
  { stage: "switching", to: newer, isInstalled: false },
  { stage: "checking", to: newer, isInstalled: false },
  { stage: "going-back", to: broken, isInstalled: false },
  { stage: "keeping", to: newer, isInstalled: true },
] as const)("an update whose power is cut while $stage", async ({ stage, to, isInstalled }) => {
  const cutting = site.shell(cutAt(stage)).catch(() => undefined);
  const isOff = machine.poweredOff();
  // The last answer may be one that never comes.
  await updating.begin(bundles[to] ?? "").catch(async (error: unknown) => {
    const late = sleep(10_000).then(() => Promise.reject(error as Error));
    await Promise.race([isOff, late]);
  });
  await isOff;
  await cutting;
  site[Symbol.dispose]();
  await machine[Symbol.asyncDispose]();

  await start();
  const after = await updating.ended();
  await note(`cut while ${stage}: ${JSON.stringify(after.last)}`);
  // A note that is seen is not on the disk for certain: the one before it may count.
  const isKept = isInstalled && after.last?.fault === undefined;
  expect(after.version).toBe(isKept ? to : built);
  expect(after.last).toMatchObject(isKept ? { to } : { to, fault: expect.any(String) as string });
  expect(await site.command("verify")).toContain("intact");
  expect((await diagnosis(machine)).failed).toBe("");
});
