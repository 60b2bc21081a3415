import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { sendInput } from "../support/viewer.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
beforeAll(async () => {
  appliance = await Appliance.start();
  await appliance.setUp();
});
afterAll(async () => {
  await appliance[Symbol.asyncDispose]();
});

async function xrandr(desktop: Desktop, ...args: string[]): Promise<void> {
  await using program = new Program("xrandr", { args, env: desktop.env });
  if ((await program.ended()) !== 0) throw new Error(`xrandr failed: ${program.output}`);
}

describe("a screen that changes while it is watched", () => {
  it("is shown in its new size from a new epoch on, exactly, and back again", async () => {
    await using desktop = await Desktop.start({ width: 1024, height: 768 });
    const timing = ["60", "800", "850", "860", "870", "600", "610", "620", "630"];
    await xrandr(desktop, "--newmode", "small", ...timing);
    await xrandr(desktop, "--addmode", "screen", "small");
    await using session = await Visit.begin({ appliance, desktop });
    const viewer = await session.watch();
    await viewer.shows(desktop);
    const before = viewer.epochs;
    await xrandr(desktop, "--output", "screen", "--mode", "small");
    await desktop.openTerminal("in the small one", "40x10+20+200");
    await desktop.xdotool("mousemove", "799", "599");
    await viewer.shows(desktop, 15_000, { width: 800, height: 600 });
    expect(viewer.epochs).toBeGreaterThan(before);
    expect(viewer.displays).toMatchObject([{ x: 0, y: 0, width: 800, height: 600 }]);
    await xrandr(desktop, "--output", "screen", "--mode", "1024x768");
    await desktop.xdotool("mousemove", "1023", "767");
    await viewer.shows(desktop);
    expect(viewer.displays).toMatchObject([{ width: 1024, height: 768 }]);
  });

  it("tells of monitors that come and go, without a new epoch", async () => {
    await using desktop = await Desktop.start({ width: 1024, height: 768 });
    await using session = await Visit.begin({ appliance, desktop });
    const viewer = await session.watch();
    await viewer.shows(desktop);
    const { epochs } = viewer;
    expect(viewer.displays).toHaveLength(1);
    await xrandr(desktop, "--setmonitor", "left", "512/170x768/212+0+0", "screen");
    await xrandr(desktop, "--setmonitor", "*right", "512/170x768/212+512+0", "none");
    await poll("both are told", () => viewer.displays.length === 2);
    expect(viewer.displays).toMatchObject([
      { name: "right", x: 512, width: 512, primary: true },
      { name: "left", x: 0, width: 512, primary: false },
    ]);
    await xrandr(desktop, "--delmonitor", "right");
    await poll("one is told", () => viewer.displays.length === 1);
    await desktop.openTerminal("afterwards", "40x10+20+200");
    await viewer.shows(desktop);
    expect(viewer.epochs).toBe(epochs);
  });
});

describe("a display server that crashes", () => {
  it("is told to the representative, is waited for, and the session goes on where it was", async () => {
    await using desktop = await Desktop.start({ width: 1024, height: 768 });
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, client, lsid, window } = session;
    const viewer = await session.watch();
    await viewer.shows(desktop);
    const input = await session.takeControl();
    await window.writeChat("it flickers");
    await representative.hears("chat.message");
    await desktop.crash();
    const crashedAt = performance.now();
    await representative.hears("session.warning", ({ code }) => code === "screen-gone");
    await session.session(({ screenFault }) => screenFault === "display-gone");
    expect(performance.now() - crashedAt).toBeLessThan(2000);
    expect(await input.end()).toBe("not-permitted");
    const gone = await session.state();
    expect(gone).toMatchObject({ state: "active", customerConnected: true });
    expect(gone.controller).toBeUndefined();
    expect(gone.permissions).toMatchObject({ view: "granted", control: "not-asked" });
    // Nobody can be asked now.
    expect(
      await representative.outcome("permission.request", { lsid, permission: "control" }),
    ).toBe("allowed");
    expect((await session.state()).permissions.control).toBe("refused");
    const { sizeBytes } = viewer;

    await desktop.revive();
    const again = await CustomerWindow.shown(desktop);
    await session.session(({ screenFault }) => screenFault === undefined);
    await desktop.xdotool("mousemove", "1023", "767");
    await viewer.shows(desktop);
    expect(viewer.sizeBytes).toBeGreaterThan(sizeBytes);
    await desktop.screenshot(await artifact("client-display-back.png"));
    await client.program.line(/display\.lost[^]*display\.back/);
    await again.writeChat("better now");
    await representative.hears("chat.message", ({ message }) => message.text === "better now");
    expect((await session.state()).permissions.control).not.toBe("granted");
    // Mouse and keyboard only after a new yes.
    expect(await representative.outcome("control.take", { lsid, force: false })).toBe(
      "customer-refused",
    );

    await again.focus();
    await desktop.xdotool("key", "alt+s");
    expect(await viewer.screen.end()).toBe("session-ended");
    await again.dismiss();
    expect(await client.program.ended()).toBe(0);
  });

  it("crashes more than once without an end, and takes no key with it", async () => {
    await using desktop = await Desktop.start({ width: 800, height: 600 });
    await using session = await Visit.begin({ appliance, desktop });
    const viewer = await session.watch();
    const input = await session.takeControl();
    sendInput(input, { type: "key", keysym: 0xffe1, down: true });
    for (let i = 0; i < 2; i++) {
      await desktop.crash();
      await session.session(({ screenFault }) => screenFault === "display-gone");
      await desktop.revive();
      await session.session(({ screenFault }) => screenFault === undefined);
      await desktop.xdotool("mousemove", "799", "599");
      await viewer.shows(desktop);
    }
  });

  it("is not what a window that is killed stands for: that is Stop", async () => {
    await using desktop = await Desktop.start({ width: 800, height: 600 });
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, client, lsid } = session;
    const viewer = await session.watch();
    const id = await desktop.window("Remote support –");
    await desktop.xdotool("windowkill", id);
    expect(await viewer.screen.end()).toBe("session-ended");
    const { reason } = await representative
      .hears("session.event", ({ event }) => {
        return event.event === "session.ended";
      })
      .then(({ event }) => event.detail);
    expect([reason, lsid]).toEqual(["customer", session.lsid]);
    expect(await client.program.ended()).toBe(0);
  });
});
