import { afterAll, beforeAll, expect, test } from "vitest";
import { image } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis } from "./menu.ts";
import { Keys } from "./seeded.ts";
import { Site } from "./site.ts";
import { Bundles, Updating } from "./updating.ts";

let stack: AsyncDisposableStack;
let machine: Machine;
let site: Site;
let bundles: Bundles;
let updating: Updating;
let built: string;
beforeAll(async () => {
  await using owned = new AsyncDisposableStack();
  const keys = owned.use(new Keys());
  bundles = new Bundles(keys);
  const cd = await keys.seed();
  machine = owned.use(await Machine.start(owned.use(new Disk(image)), { cd }));
  site = owned.use(new Site(machine));
  await site.answers();
  updating = new Updating(machine, site, await site.signIn());
  built = (await updating.read()).version;
  stack = owned.move();
});
afterAll(() => stack[Symbol.asyncDispose]());

test("an update that is never well is taken back, and the appliance serves as before", async () => {
  await updating.begin(await bundles.unwell("9.1.0"));
  const after = await updating.ended();
  expect(after).toMatchObject({ version: built, last: { to: "9.1.0", fault: "not-healthy" } });
});

test("an update is installed, and the one before is had back", async () => {
  await updating.begin(await bundles.well("9.2.0"));
  const after = await updating.ended();
  expect(after.version).toBe("9.2.0");
  expect(after.last?.fault).toBeUndefined();
  await machine.shows(/Handrail appliance 9\.2\.0/);

  await updating.goBack();
  await machine.until("the release before runs", async () => {
    return (await site.facts()) && (await updating.read()).version === built;
  });
  await updating.ended();
  expect((await diagnosis(machine)).failed).toBe("");
});
