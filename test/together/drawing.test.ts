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

/** Whether the lowest point of the ring is on the screen. */
async function isSeen(): Promise<boolean> {
  const { width, data } = await desktop.pixels();
  const at = (700 * width + 140) * 4;
  return data.subarray(at, at + 3).equals(colour);
}

function seen(): Promise<unknown> {
  return poll("the ring is seen", isSeen);
}

function gone(): Promise<unknown> {
  return poll("the ring is gone", async () => !(await isSeen()));
}

describe("what a representative draws", () => {
  it("is seen on the customer's screen and in the picture, and goes without a trace", async () => {
    const viewer = await visit.watch();
    const drawing = await pen();
    await viewer.shows(desktop);
    // The part that is drawn on; the help window says that somebody draws.
    const part = async () => {
      const { width, data } = await desktop.pixels();
      return data.subarray(520 * width * 4);
    };
    const before = Buffer.from(await part());
    draw(drawing);
    await seen();
    await viewer.shows(desktop);
    await desktop.screenshot(await artifact("drawing-customer.png"));
    const drawnAt = performance.now();
    await gone();
    expect(performance.now() - drawnAt).toBeLessThan(strokeStaysMs + 5000);
    await poll("everything is as it was", async () => before.equals(await part()));
    await viewer.shows(desktop);
  });

  it("goes at once when it is cleared, when the pen is put down and with the permission", async () => {
    const drawing = await pen();
    draw(drawing);
    await seen();
    drawing.send(drawMessage.encode({ type: "clear" }));
    await gone();
    draw(drawing);
    await seen();
    drawing.channel.close();
    await gone();
    const again = await visit.representative.open("draw", visit.lsid).opened();
    draw(again);
    await seen();
    await visit.window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await again.end());
    await gone();
  });

  it("gives way to a question to the customer", async () => {
    const drawing = await pen();
    draw(drawing);
    await seen();
    const { representative, lsid } = visit;
    const asked = representative.outcome("permission.request", { lsid, permission: "control" });
    await gone();
    draw(drawing);
    await visit.window.allow("it is answered", async () => {
      return (await visit.state()).permissions.control === "granted";
    });
    expect(await asked).toBe("allowed");
    expect(await isSeen()).toBe(false);
    draw(drawing);
    await seen();
  });

  it("goes with a client that dies", async () => {
    draw(await pen());
    await seen();
    visit.client.program.signal("SIGKILL");
    await gone();
  });

  it("goes with Stop", async () => {
    draw(await pen());
    await seen();
    await visit.window.focus();
    await desktop.xdotool("key", "alt+s");
    await gone();
  });
});
