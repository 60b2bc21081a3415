import { type DrawMessage, drawMessage, participantColours } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { DrawHost } from "../../../../../appliance/client/core/draw/tool.ts";
import { openDrawing } from "../../../../../appliance/client/node/draw/source.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";

// Programs are started, on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const program = new URL(
  "../../../../../appliance/client/node/draw/draw-process.ts",
  import.meta.url,
);
const red = Buffer.from(participantColours[0].slice(1), "hex");
const height = 1080;
let desktop: Desktop;
let drawing: DrawHost;
let failures: string[];
beforeAll(async () => {
  desktop = await Desktop.start({ width: 1920, height });
  vi.stubEnv("DISPLAY", desktop.display);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desktop[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await poll("nothing is left from before", isBlank);
  failures = [];
  drawing = openDrawing(program, (reason) => failures.push(reason));
});
afterEach(() => {
  drawing[Symbol.dispose]();
  expect(failures).toEqual([]);
});

function draw(use: number, message: DrawMessage): boolean {
  return drawing.draw(use, "Zoë", drawMessage.encode(message));
}

function spot(use: number, x: number): boolean {
  return draw(use, { type: "begin", shape: "spot", colour: 0, x, y: 500 });
}

/** As much as a message holds: lines from the top of the screen to its bottom. */
function scribble(x: number): DrawMessage {
  const points = Array.from({ length: 64 }, (_, i) => ({ x: x + i * 8, y: (i % 2) * height }));
  return { type: "to", points };
}

async function isRed(x: number): Promise<boolean> {
  const { width, data } = await desktop.pixels();
  const at = (500 * width + x) * 4;
  return red.equals(data.subarray(at, at + 3));
}

/** Whether nothing at all is shown. */
async function isBlank(): Promise<boolean> {
  const { data } = await desktop.pixels();
  return !Buffer.from(data).includes(red);
}

describe("the process that draws", () => {
  it.each(["pen", "arrow"] as const)(
    "is silenced at once, however much it has still to draw with the %s",
    async (shape) => {
      for (let i = 0; i < 480; i++) {
        if (i % 12 === 0) draw(1, { type: "begin", shape, colour: 0, x: i * 4, y: 0 });
        draw(1, scribble((i * 37) % 1400));
      }
      await poll("something is drawn", async () => !(await isBlank()));
      drawing.clear();
      await poll("nothing is shown", isBlank, 5000);
      expect(spot(1, 300)).toBe(true);
      await poll("it draws again", () => isRed(300));
    },
  );

  it("takes away what one use still has to draw, and goes on with the others", async () => {
    draw(1, { type: "begin", shape: "pen", colour: 0, x: 0, y: 0 });
    for (let i = 0; i < 400; i++) draw(1, scribble((i * 37) % 1400));
    await poll("something is drawn", async () => !(await isBlank()));
    drawing.clear(1);
    await poll("nothing is shown", isBlank, 5000);
    spot(2, 300);
    spot(3, 900);
    await poll("both are shown", async () => (await isRed(300)) && (await isRed(900)));
    drawing.clear(2);
    await poll("one is gone", async () => !(await isRed(300)));
    expect(await isRed(900)).toBe(true);
  });

  it("lets so much of one use wait, and takes that of another", () => {
    const taken = Array.from({ length: 1000 }, (_, i) => spot(1, i));
    expect(taken.at(300)).toBe(true);
    expect(taken.at(-1)).toBe(false);
    expect(spot(2, 10)).toBe(true);
  });
});
