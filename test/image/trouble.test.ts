import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fingerprintAt } from "../support/fingerprint.ts";
import type { Admin } from "../support/signed-in.ts";
import { image } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import {
  diagnosis,
  hasNoBundle,
  joinsOffer,
  offersBundle,
  offersNoBundleYet,
  takesBundleBack,
} from "./menu.ts";
import { Keys } from "./seeded.ts";
import { Site } from "./site.ts";

const ports = [443, 22];
const database = "/var/lib/handrail/handrail.sqlite";

let keys: Keys;
let disk: Disk;
beforeAll(() => {
  keys = new Keys();
  disk = new Disk(image);
});
afterAll(() => {
  disk[Symbol.dispose]();
  keys[Symbol.dispose]();
});

test("a server that cannot start is said not to run, and its bundle is had at the console", async () => {
  const cd = await keys.seed();
  await using machine = await Machine.start(disk, { ports, cd, writesThrough: true });
  using site = new Site(machine, keys.sshFile);
  const { fingerprint } = await site.answers();
  const admin = await site.signIn();
  await site.letIn(admin, keys.sshPublicKey);

  await site.shell(
    `systemctl stop handrail-server && mkdir /var/lib/handrail/kept && mv ${database}* /var/lib/handrail/kept/ && ` +
      `echo broken >${database} && chown handrail: ${database} && systemctl start --no-block handrail-server`,
  );
  await machine.shows(/Handrail does not run\./);
  const where = await offersBundle(machine);
  const shown = (await fingerprintAt(machine.port(443))).replaceAll(":", "").toLowerCase();
  expect(shown).toBe(fingerprint);
  expect((await site.ask("/login")).status).toBe(404);
  const { bytes } = await site.ask(where);
  const list = execFileSync("tar", ["-xzO", "handrail-support/MANIFEST.txt"], { input: bytes });
  expect(list.toString()).toMatch(/^journal\.jsonl +[1-9][0-9]* bytes/m);
  expect(list.toString()).toMatch(/^database\.json +could not be had here/m);

  await takesBundleBack(machine);
  await offersNoBundleYet(machine);
  await machine.shows(/Handrail does not run\./);
  await showOffer(machine, site);
  await machine.shows(/Handrail does not run\./);
  // What keeps the server from starting, and the bundle from being made.
  await site.shell("systemctl set-environment HANDRAIL_PORT=none");
  await hasNoBundle(machine, /There is no bundle\. HANDRAIL_PORT is "none", which cannot be used/);
  await site.shell("systemctl unset-environment HANDRAIL_PORT");
  await site.shell(
    `systemctl stop handrail-server; mv -f /var/lib/handrail/kept/* /var/lib/handrail/`,
  );
  await site.shell("rmdir /var/lib/handrail/kept; systemctl start handrail-server");
  await site.answers();
  // Codes and passwords pass there.
  expect(await site.shell("stat --format %a /run/handrail-console")).toBe("700\n");
  expect((await diagnosis(machine)).failed).toBe("");
  await takeAddress(await site.signIn(), machine);
});

test("a network that nobody has kept when the power fails is the former one at the next start", async () => {
  await using machine = await Machine.start(disk, { ports });
  using site = new Site(machine, keys.sshFile);
  await site.answers();
  const network = await (
    await site.signIn()
  ).json<{ state: { network: { settings: object } } }>("machine");
  expect(network.state.network.settings).toEqual({ method: "dhcp" });
  expect((await diagnosis(machine)).failed).toBe("");
});

/** The same on the screen and its keyboard, for a picture, and on the other console as well. */
async function showOffer(machine: Machine, site: Site): Promise<void> {
  await machine.press("9");
  await machine.until("it is offered", async () => {
    const answer = await site.ask("/login").catch(() => undefined);
    return answer?.status === 404;
  });
  // What is asked of the certificate takes a while where all is emulated.
  await sleep(20_000);
  await machine.screenshot("appliance-bundle-offered");
  const where = await joinsOffer(machine);
  expect((await site.ask(where)).status).toBe(200);
  await takesBundleBack(machine);
}

/** Changes the network to one by which it is not reached, and cuts the power before anybody keeps it. */
async function takeAddress(admin: Admin, machine: Machine): Promise<void> {
  const network = {
    ...{ method: "static", addresses: ["10.0.2.77/24"] },
    ...{ gateways: ["10.0.2.99"], nameServers: ["10.0.2.3"] },
  };
  // Its answer cannot come.
  void admin.write("machine/network", network, "PATCH").catch(() => undefined);
  await machine.shows(/Web address +https:\/\/10\.0\.2\.77\n/);
  await machine.cutPower();
}
