import {
  type SystemAnswer,
  systemAnswer,
  systemCategories,
  systemRequest,
  type SystemSnapshot,
} from "@handrail/protocol";
import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { artifact } from "../support/artifacts.ts";
import { Admin, allow } from "../support/signed-in.ts";
import { Visit } from "../support/visit.ts";
import { Scene } from "../support/scene.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

/** Asks for a category, and waits for what the computer says. */
async function read(channel: Probe, category: (typeof systemCategories)[number]) {
  const id = systemCategories.indexOf(category) + 1;
  channel.send(systemRequest.encode({ id, category }));
  const answers = (): SystemAnswer[] => channel.messages.map((bytes) => systemAnswer.decode(bytes));
  return poll(`${category} is read`, () => answers().find((answer) => answer.id === id), 30_000);
}

describe("system information", () => {
  it("is read from the real computer once the customer allows it, and written down", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = session;
    await session.grant("system");
    const channel = await representative.open("system", lsid).opened();
    const computer = await read(channel, "computer");
    expect(computer).toMatchObject({ answer: "report", report: { facts: { name: hostname() } } });
    const disks = await read(channel, "disks");
    const mounts = disks.answer === "report" ? disks.report.lists[0]?.rows : [];
    expect(mounts).toContainEqual(expect.objectContaining({ mount: "/" }));
    const { event } = await representative.hears(
      "session.event",
      (told) => told.event.event === "system.read" && told.event.detail["category"] === "disks",
    );
    expect(event.who).not.toBe("");
    channel.channel.close();
    await representative.hears("session.event", (told) => told.event.event === "system.closed");
  });

  it("is not read any more once the customer has taken it back", async () => {
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, window, lsid } = session;
    await session.grant("system");
    const channel = await representative.open("system", lsid).opened();
    await read(channel, "memory");
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await channel.end());
    const again = representative.open("system", lsid);
    expect(await again.end()).toBe("customer-refused");
  });
});

describe("the snapshot of a session's start", () => {
  it("is read from the real computer after the first picture, and told to the customer", async () => {
    await allow(appliance, "snapshot");
    await using session = await Visit.begin({ appliance, desktop });
    const { representative, window, lsid } = session;
    await session.watch();
    const isTaken = async () => (await session.state()).snapshot === "taken";
    await window.allow("it is kept", isTaken);
    const { event } = await representative.hears(
      "session.event",
      (told) => told.event.event === "snapshot.taken",
    );
    expect(event.detail["categories"]).toBeGreaterThan(5);
    const admin = new Admin(appliance);
    await admin.signIn();
    const kept = await admin.json<SystemSnapshot>(`sessions/${lsid}/snapshot`);
    expect(kept.readings.map(({ category }) => category)).toEqual(systemCategories);
    expect(kept.readings[0]?.answer).toMatchObject({ report: { facts: { name: hostname() } } });
    expect((await new Admin(appliance).read(`sessions/${lsid}/snapshot`)).status).toBe(401);
    await desktop.screenshot(await artifact("customer-snapshot.png"));
  });
});
