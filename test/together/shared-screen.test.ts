import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import { CustomerClient, fingerprintAt, redeemAtPortal } from "../support/customer-client.ts";
import type { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { accessToken } from "../support/signed-in.ts";
import { Viewer } from "../support/viewer.ts";
import { Scene } from "../support/scene.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

/** A real client whose screen one console watches. */
async function begin() {
  await using stack = new AsyncDisposableStack();
  const token = await accessToken(appliance);
  const representative = stack.use(await connectConsole(appliance.url, token));
  const { lsid, key } = await representative.key();
  const ticket = await redeemAtPortal(appliance, key);
  const join = { site: appliance.url, fingerprint: await fingerprintAt(appliance.port), ticket };
  stack.use(await CustomerClient.start(desktop, join));
  await representative.hears(
    "session.changed",
    (session) => session.lsid === lsid && session.customerConnected,
  );
  await representative.call("session.accept", { lsid });
  const window = await CustomerWindow.shown(desktop);
  await desktop.xdotool("mousemove", "1023", "767");
  let granted: boolean | undefined;
  const asked = representative
    .call("permission.request", { lsid, permission: "view" })
    .then((answer) => (granted = answer.granted));
  await window.allow("view is granted", () => granted !== undefined);
  await asked;
  const owned = stack.move();
  return {
    representative,
    lsid,
    /** Watches from one more console. */
    async watch(): Promise<Viewer> {
      const console = owned.use(await connectConsole(appliance.url, token));
      const viewer = await Viewer.open(console, lsid);
      await viewer.screen.opened();
      return viewer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Random text that scrolls, until there is a file `stop`: much to send, with many copies. */
const busy =
  "while [ ! -e stop ]; do head -c 6000 /dev/urandom | base64 -w 150; sleep 0.03; done\n";

describe("a real screen", () => {
  it("is exact for who comes later, and costs the customer's line nothing more", async () => {
    await using session = await begin();
    const first = await session.watch();
    await first.shows(desktop);
    const wholeBytes = first.sizeBytes;
    const stop = path.join(desktop.home, "stop");
    await rm(stop, { force: true });
    const terminal = await desktop.openTerminal("busy", "150x50+10+10");
    await desktop.xdotool("windowfocus", "--sync", terminal);
    await desktop.xdotool("type", "--delay", "1", busy);
    await poll("the stream restarts", () => first.restarts > 0, 60_000);
    const whileBusy = await session.watch();
    await poll("it is shown there too", () => whileBusy.pictures > 5, 30_000);
    await writeFile(stop, "");
    await first.shows(desktop, 30_000);
    await whileBusy.shows(desktop, 30_000);
    const before = first.sizeBytes;
    const late = await session.watch();
    await late.shows(desktop);
    expect(first.epochs).toBe(1);
    expect(late.decoder.surface?.epoch).toBe(first.decoder.surface?.epoch);
    // A new epoch would have cost at least as much as the first, of a nearly empty screen.
    expect(first.sizeBytes - before).toBeLessThan(wholeBytes / 4);
  });

  it("is there again when a viewer comes back, with what has changed meanwhile", async () => {
    await using session = await begin();
    const viewer = await session.watch();
    await viewer.shows(desktop);
    viewer.screen.channel.close();
    await desktop.openTerminal("meanwhile", "40x10+500+400");
    const again = await session.watch();
    await again.shows(desktop);
    expect(again.decoder.surface?.epoch).toBe(viewer.decoder.surface?.epoch);
  });
});
