import { type DrawMessage, participantColours } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it, vi } from "vitest";
import { Sketch } from "../../../../../appliance/client/core/draw/sketch.ts";
import { systemClock } from "../../../../../appliance/client/node/clock.ts";
import { openOverlay } from "../../../../../appliance/client/node/draw/overlay.ts";
import { artifact } from "../../../../support/artifacts.ts";
import { Desktop } from "../../../../support/desktop.ts";
import type { Pixels } from "../../../../support/png.ts";
import { poll } from "../../../../support/poll.ts";

// Real windows on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const red = participantColours[0];
let desktop: Desktop;
let cleanup: DisposableStack;
let sketch: Sketch;
beforeAll(async () => {
  desktop = await Desktop.start({ width: 640, height: 480 });
});
afterAll(() => desktop[Symbol.asyncDispose]());
beforeEach(() => {
  cleanup = new DisposableStack();
  const overlay = cleanup.use(openOverlay({ display: desktop.display }));
  sketch = cleanup.use(new Sketch(cleanup.use(overlay.open("Zoë 世界")), systemClock));
});
afterEach(() => cleanup.dispose());

/** The colour of a pixel, as `#rrggbb`. */
function colourAt({ width, data }: Pixels, x: number, y: number): string {
  const at = (y * width + x) * 4;
  return `#${Buffer.from(data.subarray(at, at + 3)).toString("hex")}`;
}

function draw(...messages: DrawMessage[]): void {
  for (const message of messages) sketch.take(message);
}

const begin = (shape: "pen" | "arrow" | "rectangle" | "ring" | "spot", x: number, y: number) =>
  ({ type: "begin", shape, colour: 0, x, y }) as const;
const to = (...points: { x: number; y: number }[]) => ({ type: "to", points }) as const;

async function shows(colour: string, x: number, y: number): Promise<void> {
  await poll(
    `${x},${y} is ${colour}`,
    async () => colourAt(await desktop.pixels(), x, y) === colour,
  );
}

describe("what is drawn on a screen", () => {
  it("is seen in every shape, in its colour with a light edge, and the name beside it", async () => {
    draw(
      ...[begin("pen", 60, 80), to({ x: 160, y: 80 }, { x: 160, y: 160 })],
      ...[begin("arrow", 60, 400), to({ x: 200, y: 400 })],
      ...[begin("rectangle", 260, 60), to({ x: 380, y: 160 })],
      ...[begin("ring", 420, 60), to({ x: 600, y: 160 })],
      begin("spot", 320, 320),
    );
    for (const [x, y] of [
      ...([
        [100, 80],
        [160, 120],
        [130, 400],
        [260, 100],
        [300, 160],
      ] as const),
      ...([
        [420, 110],
        [510, 60],
        [320, 320],
        [345, 320],
      ] as const),
    ]) {
      await shows(red, x, y);
    }
    // Right outside the line of five pixels, and beyond the edge.
    await shows("#ffffff", 100, 84);
    await shows("#000000", 100, 90);
    await desktop.screenshot(await artifact("draw-overlay.png"));
  });

  it("goes by a command, and leaves every pixel as it was", async () => {
    await desktop.openTerminal("below", "40x10+20+20");
    await desktop.xdotool("mousemove", "639", "479");
    const before = await steady();
    draw(begin("ring", 40, 40), to({ x: 500, y: 400 }));
    await shows(red, 270, 400);
    draw({ type: "clear" });
    await poll("the screen is as it was", async () =>
      Buffer.from((await desktop.pixels()).data).equals(before),
    );
  });

  it("lets clicks through to what lies below", async () => {
    const below = await desktop.openTerminal("clicked", "30x8+40+40");
    const other = await desktop.openTerminal("other", "30x8+340+240");
    await desktop.xdotool("windowactivate", "--sync", other);
    draw(begin("spot", 120, 120));
    // The middle is under the mouse from here on.
    await shows(red, 145, 120);
    await desktop.xdotool("mousemove", "120", "120", "click", "1");
    await poll("the window below has got the click", async () => {
      return (await desktop.xdotool("getactivewindow")) === below;
    });
    await desktop.xdotool("mousemove", "639", "479");
  });

  it("stays on the screen, whatever coordinates it has", async () => {
    draw(begin("ring", 0, 0), to({ x: 65_535, y: 65_535 }));
    draw(begin("pen", 600, 440), to({ x: 65_535, y: 440 }));
    await shows(red, 639, 440);
    draw({ type: "clear" });
    await shows("#000000", 639, 440);
  });

  it("is many points long, and still there at once", async () => {
    draw(begin("pen", 0, 0));
    for (let at = 0; at < 1900; at += 50) {
      const points = Array.from({ length: 50 }, (_, i) => ({ x: ((at + i) * 7) % 640, y: 470 }));
      draw(to(...points));
    }
    await shows(red, 320, 470);
  });
});

/** What the display shows once it does not change any more. */
async function steady(): Promise<Buffer> {
  let last = Buffer.alloc(0);
  return poll("the screen is steady", async () => {
    const now = Buffer.from((await desktop.pixels()).data);
    const isSteady = now.equals(last);
    last = now;
    return isSteady ? now : undefined;
  });
}
