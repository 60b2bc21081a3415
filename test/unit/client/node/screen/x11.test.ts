import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Worker } from "node:worker_threads";
import type { ScreenSource } from "../../../../../appliance/client/core/host.ts";
import { openX11Screen } from "../../../../../appliance/client/node/screen/x11.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";
import { Program } from "../../../../support/processes.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

/** What the display really shows, in the form of `ScreenSource.pixels`. */
async function reference(desktop: Desktop): Promise<Uint32Array> {
  const { width, height, data } = await desktop.pixels();
  const pixels = new Uint32Array(width * height);
  for (let index = 0; index < pixels.length; index += 1) {
    pixels[index] = data.readUInt32BE(index * 4) >>> 8;
  }
  return pixels;
}

function difference(one: Uint32Array, other: Uint32Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((count, pixel, index) => count + Number(pixel !== other[index]), 0);
}

/** Follows the screen as the client does: grabs what is damaged, whenever something is. */
function follow(screen: ScreenSource): { areas: number[] } {
  const areas: number[] = [];
  const update = (): void => {
    const damage = screen.takeDamage();
    screen.grab(damage);
    areas.push(damage.reduce((sum, rect) => sum + rect.width * rect.height, 0));
  };
  screen.onChange(update);
  update();
  return { areas };
}

async function settled(desktop: Desktop, screen: ScreenSource): Promise<void> {
  await poll("the followed picture equals the screen", async () => {
    return difference(screen.pixels, await reference(desktop)) === 0;
  });
}

/** Nothing changes for 300 ms: counts how often the listener is called meanwhile. */
async function waitsAfter(screen: ScreenSource, forMs: number): Promise<number> {
  let count = 0;
  screen.onChange(() => (count += 1));
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return count;
}

describe("the screen of an X server", () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await Desktop.start();
  });
  afterAll(async () => desktop[Symbol.asyncDispose]());

  test("the first damage is the whole screen", () => {
    using screen = openX11Screen({ display: desktop.display });
    expect([screen.width, screen.height]).toEqual([1280, 800]);
    expect(screen.takeDamage()).toEqual([{ x: 0, y: 0, width: 1280, height: 800 }]);
  });

  test("grabbing what is damaged keeps the picture equal to the screen", async () => {
    using screen = openX11Screen({ display: desktop.display });
    const { areas } = follow(screen);
    await desktop.openTerminal("damage");
    await desktop.xdotool("type", "--delay", "5", "seq 300; ls /usr/bin | head -50\n");
    await poll("the terminal rests", async () => {
      areas.length = 0;
      await new Promise((resolve) => setTimeout(resolve, 400));
      return areas.length === 0;
    });
    await desktop.xdotool("type", "x");
    await poll("the letter is damage", () => areas.some((area) => area > 0));
    await settled(desktop, screen);
    expect(Math.max(...areas)).toBeLessThan(1280 * 100);
  });

  test("a grab leaves the pixels outside its rectangles alone", () => {
    using screen = openX11Screen({ display: desktop.display });
    screen.pixels.fill(0x123456);
    const many = Array.from({ length: 20 }, (_, index) => ({
      x: 10 + index * 20,
      y: 10 + index * 20,
      width: 10,
      height: 10,
    }));
    for (const rects of [many.slice(0, 2), many]) {
      screen.pixels.fill(0xff123456);
      screen.grab(rects);
      const isInside = (index: number): boolean =>
        rects.some(({ x, y }) => {
          const [column, row] = [index % 1280, Math.floor(index / 1280)];
          return column >= x && column < x + 10 && row >= y && row < y + 10;
        });
      const wrong = screen.pixels.findIndex(
        (pixel, index) => (pixel === 0xff123456) === isInside(index),
      );
      expect(wrong).toBe(-1);
    }
  });

  test("rectangles that reach beyond the screen are cut to it", () => {
    using screen = openX11Screen({ display: desktop.display });
    screen.grab([{ x: 1270, y: 790, width: 100, height: 100 }]);
    screen.grab([{ x: -5, y: -5, width: 10, height: 10 }]);
    screen.grab([{ x: 2000, y: 0, width: 10, height: 10 }]);
    expect(screen.pixels.length).toBe(1280 * 800);
  });

  test("a worker reads the picture without a copy", async () => {
    using screen = openX11Screen({ display: desktop.display });
    screen.grab(screen.takeDamage());
    const sum = screen.pixels.reduce((total, pixel) => (total + pixel) | 0, 0);
    const code = `const { parentPort, workerData } = require("node:worker_threads");
      parentPort.postMessage(workerData.reduce((total, pixel) => (total + pixel) | 0, 0));`;
    const worker = new Worker(code, { eval: true, workerData: screen.pixels });
    const answer = await new Promise((resolve) => worker.once("message", resolve));
    expect(answer).toBe(sum);
  });

  test("the cursor's picture comes once, and again when it changes", async () => {
    using screen = openX11Screen({ display: desktop.display });
    await desktop.openTerminal("cursor", "40x10+600+400");
    await desktop.xdotool("mousemove", "5", "795");
    const first = await poll("there is a cursor", () => screen.cursor());
    expect(first.rgba.length).toBe(first.width * first.height * 4);
    expect(screen.cursor()).toBeUndefined();
    await desktop.xdotool("mousemove", "700", "480");
    const second = await poll("the cursor is another one", () => screen.cursor());
    expect(second.serial).not.toBe(first.serial);
    expect(second.rgba.some((value) => value !== 0)).toBe(true);
  });

  test("the pointer's movements are told, also where nothing is drawn", async () => {
    using screen = openX11Screen({ display: desktop.display });
    follow(screen);
    screen.cursor();
    await desktop.xdotool("mousemove", "100", "100");
    await poll("the first position", () => screen.pointer().x === 100);
    const moved = new Promise<void>((resolve) => {
      screen.onChange(() => {
        if (screen.pointer().x === 101) resolve();
      });
    });
    await desktop.xdotool("mousemove_relative", "1", "3");
    await moved;
    expect(screen.pointer()).toEqual({ x: 101, y: 103 });
  });

  test("an idle screen wakes nobody", async () => {
    await using quiet = await Desktop.start({ width: 640, height: 480 });
    using source = openX11Screen({ display: quiet.display });
    follow(source);
    source.cursor();
    source.pointer();
    await poll("the desktop has come to rest", async () => (await waitsAfter(source, 300)) === 0);
    const before = process.cpuUsage();
    expect(await waitsAfter(source, 2_000)).toBe(0);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 2_000_000).toBeLessThan(0.02);
  });
});

describe("a screen whose monitors change", () => {
  const mode = ["--newmode", "small", "50", "1024", "1048", "1184", "1344"];
  const lines = ["700", "703", "709", "738"];

  test("a new size gives a new picture, all of it damaged", async () => {
    await using desktop = await Desktop.start();
    await desktop.open("xsetroot", ["-solid", "#204060"]).ended();
    using screen = openX11Screen({ display: desktop.display });
    follow(screen);
    const resized = new Promise<void>((resolve) => screen.onResize(resolve));
    await desktop.open("xrandr", [...mode, ...lines]).ended();
    await desktop.open("xrandr", ["--addmode", "screen", "small"]).ended();
    await desktop.open("xrandr", ["--output", "screen", "--mode", "small"]).ended();
    await resized;
    expect([screen.width, screen.height]).toEqual([1024, 700]);
    expect(screen.pixels.length).toBe(1024 * 700);
    expect(screen.displays()).toMatchObject([{ x: 0, y: 0, width: 1024, height: 700 }]);
    const isThere = (): boolean => screen.pixels.every((pixel) => pixel === 0x204060);
    await poll("the smaller picture is there", isThere);
    const back = new Promise<void>((resolve) => screen.onResize(resolve));
    await desktop.open("xrandr", ["--output", "screen", "--mode", "1280x800"]).ended();
    await back;
    expect([screen.width, screen.height]).toEqual([1280, 800]);
    await poll("the larger picture is there", isThere);
  });

  test("several monitors are told, the primary one first", async () => {
    await using desktop = await Desktop.start();
    using screen = openX11Screen({ display: desktop.display });
    expect(screen.displays()).toHaveLength(1);
    const resized = new Promise<void>((resolve) => screen.onResize(resolve));
    const left = ["--setmonitor", "left", "640/170x800/212+0+0", "screen"];
    await desktop.open("xrandr", left).ended();
    await resized;
    const again = new Promise<void>((resolve) => screen.onResize(resolve));
    await desktop
      .open("xrandr", ["--setmonitor", "*right", "640/170x800/212+640+0", "none"])
      .ended();
    await again;
    const displays = screen.displays();
    expect(displays.map(({ name, x, primary }) => ({ name, x, primary }))).toEqual([
      { name: "right", x: 640, primary: true },
      { name: "left", x: 0, primary: false },
    ]);
    expect(new Set(displays.map((display) => display.id)).size).toBe(2);
  });
});

describe("an X server without shared memory", () => {
  test("the picture comes over the connection", async () => {
    await using xvfb = new Program("Xvfb", {
      args: ["-displayfd", "1", "-screen", "0", "320x200x24", "-extension", "MIT-SHM", "-noreset"],
    });
    const display = `:${(await xvfb.line(/^(\d+)\n/m)).at(1) ?? ""}`;
    using screen = openX11Screen({ display });
    await using root = new Program("xsetroot", {
      args: ["-solid", "#4080c0"],
      env: { ...process.env, DISPLAY: display },
    });
    expect(await root.ended()).toBe(0);
    screen.grab([{ x: 10, y: 10, width: 100, height: 50 }]);
    expect(screen.pixels[10 * 320 + 10]).toBe(0x4080c0);
    expect(screen.pixels[59 * 320 + 109]).toBe(0x4080c0);
    expect(screen.pixels[60 * 320 + 109]).toBe(0);
  });
});

describe("an X server that goes away", () => {
  test("the loss is told once, and every call stays harmless", async () => {
    const xvfb = new Program("Xvfb", { args: ["-displayfd", "1", "-screen", "0", "320x200x24"] });
    const display = `:${(await xvfb.line(/^(\d+)\n/m)).at(1) ?? ""}`;
    using screen = openX11Screen({ display });
    const reasons: string[] = [];
    const lost = new Promise<void>((resolve) => {
      screen.onLost((reason) => {
        reasons.push(reason);
        resolve();
      });
    });
    xvfb.signal("SIGKILL");
    await lost;
    expect(screen.takeDamage()).toEqual([]);
    screen.grab([{ x: 0, y: 0, width: 10, height: 10 }]);
    expect(screen.cursor()).toBeUndefined();
    expect(screen.pointer()).toEqual({ x: 0, y: 0 });
    expect(screen.displays()).toHaveLength(1);
    expect(reasons).toEqual(["the X server closed the connection"]);
    await xvfb[Symbol.asyncDispose]();
  });

  test("a loss in the middle of a call is told as well", async () => {
    const xvfb = new Program("Xvfb", { args: ["-displayfd", "1", "-screen", "0", "320x200x24"] });
    const display = `:${(await xvfb.line(/^(\d+)\n/m)).at(1) ?? ""}`;
    using screen = openX11Screen({ display });
    const lost = new Promise((resolve) => screen.onLost(resolve));
    process.kill(xvfb.pid, "SIGKILL");
    // No turn of the event loop in between: the requests themselves meet the closed connection.
    for (let turn = 0; turn < 200; turn += 1) {
      screen.grab([{ x: 0, y: 0, width: 320, height: 200 }]);
      screen.takeDamage();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
    await lost;
    await xvfb[Symbol.asyncDispose]();
  });

  test("a display that does not exist is refused with its name", () => {
    expect(() => openX11Screen({ display: ":54321" })).toThrow("X display :54321 cannot be opened");
  });
});
