import {
  scriptConsoleMessage,
  type ScriptCustomerMessage,
  scriptCustomerMessage,
} from "@handrail/protocol";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import type { Desktop } from "../support/desktop.ts";
import type { Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
let folder = "";
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
  folder = await mkdtemp(path.join(tmpdir(), "handrail-scripts-"));
});
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const said = ({ messages }: Probe): ScriptCustomerMessage[] =>
  messages.map((bytes) => scriptCustomerMessage.decode(bytes));
const stdout = (probe: Probe) =>
  said(probe)
    .map((message) => (message.type === "stdout" ? Buffer.from(message.bytes).toString() : ""))
    .join("");

let made = 0;

/** Keeps a script and runs it in a session. */
async function start({ representative, lsid }: Visit, text: string): Promise<Probe> {
  const document = `---\nname: Script ${++made}\n---\n${text}`;
  const { id } = await representative.call("script.save", { revision: 0, document });
  const source = { script: id };
  const { run } = await representative.call("script.prepare", { lsid, source });
  return representative.open("script", lsid, run);
}

/** A script that says so and then goes on until it is ended; its mark says that it still goes on. */
const endless = (mark: string) =>
  `#!/bin/bash\necho ready\nwhile :; do touch "${mark}"; sleep 0.05; done\n`;

/** Waits until nobody makes the mark again. */
async function isOver(mark: string): Promise<void> {
  await poll("the script is over", async () => {
    await rm(mark, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return !existsSync(mark);
  });
}

describe("a canned script", () => {
  it("runs on the customer's computer once they agree, and is written down", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = visit;
    const refused = await representative.outcome("script.prepare", {
      ...{ lsid, source: { name: "x", text: "id" } },
    });
    expect(refused).toBe("customer-refused");
    await visit.grant("scripts");
    const { customer } = await visit.state();
    const text = '#!/bin/sh\nprintf "%s" "${session.customer.name}"\nexit 4\n';
    const probe = await start(visit, text);
    expect(await probe.end()).toBe("closed");
    expect(stdout(probe)).toBe(customer.name);
    expect(said(probe).at(-1)).toMatchObject({ type: "ended", code: 4, why: 0 });
    const { event } = await representative.hears(
      "session.event",
      (told) => told.event.event === "script.ran",
    );
    expect(event.detail).toMatchObject({ name: `Script ${made}`, revision: 1, exitCode: 4 });
  });

  it("is ended by a cancel, by Take back and with the session", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, window, lsid } = visit;
    await visit.grant("scripts");
    const mark = path.join(folder, "cancel");
    const probe = await start(visit, endless(mark));
    await poll("it runs", () => stdout(probe).includes("ready"));
    await desktop.screenshot(await artifact("client-script-running.png"));
    probe.send(scriptConsoleMessage.encode({ type: "cancel" }));
    expect(await probe.end()).toBe("closed");
    expect(said(probe).at(-1)).toMatchObject({ type: "ended", why: 1 });
    await isOver(mark);
    const second = await start(visit, endless(mark));
    await poll("it runs", () => stdout(second).includes("ready"));
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await second.end());
    await isOver(mark);
    await representative.call("session.end", { lsid });
  });

  it("ends with a console that does not come back", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    await visit.grant("scripts");
    const mark = path.join(folder, "gone");
    const probe = await start(visit, endless(mark));
    await poll("it runs", () => stdout(probe).includes("ready"));
    await visit.representative.leave();
    await isOver(mark);
  });
});
