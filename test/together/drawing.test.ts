import {
  type DrawMessage,
  drawMessage,
  participantColours,
  strokeStaysMs,
} from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { artifact } from "../support/artifacts.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";

const colour = Buffer.from(participantColours[1].slice(1), "hex");
let scene: Scene;
let desktop: Desktop;
let visit: Visit;
beforeAll(async () => {
  scene = await Scene.start();
  ({ desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  visit = await Visit.begin(scene);
});
afterEach(() => visit[Symbol.asyncDispose]());

const begin: DrawMessage = { type: "begin", shape: "ring", colour: 1, x: 40, y: 560 };
const to: DrawMessage = { type: "to", points: [{ x: 240, y: 700 }] };

async function pen(): Promise<Probe> {
  await visit.grant("draw");
  return visit.representative.open("draw", visit.lsid).opened();
}

function draw(pen: Probe): void {
  for (const message of [begin, to]) pen.send(drawMessage.encode(message));
}

/** Draws until it is seen: on a busy machine a stroke may have gone by the time somebody looks. */
async function show(pen: Probe): Promise<void> {
  await poll("the ring is seen", async () => {
    draw(pen);
    const endsAt = performance.now() + 3000;
    while (performance.now() < endsAt) {
      if (await isSeen()) return true;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  });
}

/** Whether the lowest point of the ring is on the screen. */
async function isSeen(): Promise<boolean> {
  const { width, data } = await desktop.pixels();
  const at = (700 * width + 140) * 4;
  return data.subarray(at, at + 3).equals(colour);
}

function gone(): Promise<unknown> {
  return poll("the ring is gone", async () => !(await isSeen()));
}

describe("what a representative draws", () => {
  it("is seen on the customer's screen and in the picture, and goes without a trace", async () => {
    const viewer = await visit.watch();
    const drawing = await pen();
    await viewer.shows(desktop);
    // The part that is drawn on; the help window, to the right of it, says that somebody draws.
    const part = async () => {
      const { width, height, data } = await desktop.pixels();
      const rows = Array.from({ length: height - 520 }, (_, i) => (520 + i) * width * 4);
      return Buffer.concat(rows.map((row) => data.subarray(row, row + 500 * 4)));
    };
    const before = await part();
    await show(drawing);
    await viewer.shows(desktop);
    await desktop.screenshot(await artifact("drawing-customer.png"));
    const drawnAt = performance.now();
    await gone();
    expect(performance.now() - drawnAt).toBeLessThan(strokeStaysMs + 10_000);
    await poll("everything is as it was", async () => before.equals(await part()));
    await viewer.shows(desktop);
  });

  it("goes at once when it is cleared, when the pen is put down and with the permission", async () => {
    const drawing = await pen();
    await show(drawing);
    drawing.send(drawMessage.encode({ type: "clear" }));
    await gone();
    await show(drawing);
    drawing.channel.close();
    await gone();
    const again = await visit.representative.open("draw", visit.lsid).opened();
    await show(again);
    await visit.window.press("alt+t", "the pen is taken away", () => again.ended !== undefined);
    expect(["not-permitted", "customer-refused"]).toContain(await again.end());
    await gone();
  });

  it("gives way to a question to the customer", async () => {
    const drawing = await pen();
    await show(drawing);
    const { representative, lsid } = visit;
    const asked = representative.outcome("permission.request", { lsid, permission: "control" });
    await gone();
    draw(drawing);
    await visit.window.allow("it is answered", async () => {
      return (await visit.state()).permissions.control === "granted";
    });
    expect(await asked).toBe("allowed");
    expect(await isSeen()).toBe(false);
    await show(drawing);
  });

  it("goes with a client that dies", async () => {
    await show(await pen());
    visit.client.program.signal("SIGKILL");
    await gone();
  });

  it("goes with Stop", async () => {
    await show(await pen());
    await visit.window.press("alt+s", "the ring is gone", async () => !(await isSeen()));
  });
});
