import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { ConnectProxy } from "../support/connect-proxy.ts";
import { CustomerClient, fingerprintAt, redeemAtPortal } from "../support/customer-client.ts";
import type { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { accessToken } from "../support/signed-in.ts";
import { SilentLine } from "../support/silent-line.ts";
import { sendInput } from "../support/viewer.ts";
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

/** When the client wrote the last line of its log that matches, Unix ms. */
function loggedAt(client: CustomerClient, pattern: RegExp): number {
  const lines = client.program.output.split("\n").filter((line) => pattern.test(line));
  return Date.parse(/"at":"([^"]+)"/.exec(lines.at(-1) ?? "")?.[1] ?? "");
}

describe("a line that falls silent", () => {
  it("is noticed, and goes on within two seconds of its return; nothing typed is lost or doubled", async () => {
    await using line = await SilentLine.start(appliance.port);
    const site = `https://127.0.0.1:${line.port}`;
    await using session = await Visit.begin({ appliance, desktop, site });
    const { client, representative, window } = session;
    const viewer = await session.watch();
    const input = await session.takeControl();
    await desktop.openTerminal("work", "40x20+20+20");
    await desktop.xdotool("search", "--name", "work", "windowfocus", "--sync");
    let typed = "";
    const type = async (many: number) => {
      for (let i = 0; i < many; i++) {
        const text = `line ${typed.split("\n").length} é€\n`;
        typed += text;
        sendInput(input, { type: "text", text });
        await sleep(150);
      }
    };
    sendInput(input, { type: "text", text: "cat > said\n" });
    await type(5);
    const said = path.join(desktop.home, "said");
    await poll("the first lines are there", async () => (await readFile(said, "utf8")) === typed);
    line.silence();
    await type(20);
    await client.program.line(/link\.away/, 20_000);
    await type(10);
    await window.writeChat("in the dark");
    await desktop.screenshot(await artifact("client-line-away.png"));
    await desktop.xdotool("search", "--name", "work", "windowfocus", "--sync");
    line.restore();
    const restoredAt = Date.now();
    await client.program.line(/link\.away[^]*link\.welcomed","isResumed":1/);
    expect(loggedAt(client, /link\.welcomed/) - restoredAt).toBeLessThan(2000);
    await type(5);
    await poll("all lines are there", async () => (await readFile(said, "utf8")) === typed);
    await desktop.xdotool("mousemove", "1023", "767");
    await viewer.shows(desktop);
    await representative.hears("chat.message", ({ message }) => message.text === "in the dark");
    const { chat } = await representative.call("session.history", { lsid: session.lsid });
    expect(chat.map(({ text }) => text)).toEqual(["in the dark"]);
    expect(await readFile(said, "utf8")).toBe(typed);
  });
});

describe("a proxy", () => {
  const env = (proxy: ConnectProxy, credentials = "") => ({
    HTTPS_PROXY: `http://${credentials}127.0.0.1:${proxy.port}`,
  });

  it("carries a whole session, with a name and a password if it wants them", async () => {
    await using proxy = await ConnectProxy.start();
    proxy.credentials = "zoë:p@ss:w/rd";
    const credentials = `${encodeURIComponent("zoë")}:${encodeURIComponent("p@ss:w/rd")}@`;
    await using session = await Visit.begin({
      ...{ appliance, desktop },
      env: env(proxy, credentials),
    });
    const viewer = await session.watch();
    await viewer.shows(desktop);
    expect(new Set(proxy.asked)).toEqual(new Set([`127.0.0.1:${appliance.port}`]));
    expect(session.client.program.output).not.toContain("ss:w");
  });

  it("carries one without any, too, and is left out where no_proxy says so", async () => {
    await using proxy = await ConnectProxy.start();
    await using through = await Visit.begin({ appliance, desktop, env: env(proxy) });
    await through.session(({ customerConnected }) => customerConnected);
    expect(proxy.asked.length).toBeGreaterThan(0);
    const before = proxy.asked.length;
    await using beside = await Visit.begin({
      ...{ appliance, desktop },
      env: { ...env(proxy), no_proxy: "localhost,127.0.0.1" },
    });
    await beside.session(({ customerConnected }) => customerConnected);
    expect(proxy.asked).toHaveLength(before);
  });

  it.each([
    ["refuses", 403, "proxy-refuses"],
    ["wants a name and a password", 407, "proxy-credentials"],
    ["cannot reach the site", 502, "proxy-cannot-reach"],
  ] as const)(
    "that %s is what the customer reads about, until it lets through",
    async (_what, status, obstacle) => {
      await using proxy = await ConnectProxy.start();
      proxy.refuseWith = status;
      await using representative = await connectConsole(
        appliance.url,
        await accessToken(appliance),
      );
      const { lsid, key } = await representative.key();
      const join = {
        site: appliance.url,
        fingerprint: await fingerprintAt(appliance.port),
        ticket: await redeemAtPortal(appliance, key),
      };
      await using client = await CustomerClient.start(desktop, join, undefined, env(proxy));
      await client.program.line(new RegExp(`"event":"link.away".*"obstacle":"${obstacle}"`));
      const window = await CustomerWindow.shown(desktop);
      await window.focus();
      await desktop.screenshot(await artifact(`client-${obstacle}.png`));
      proxy.refuseWith = undefined;
      await representative.hears(
        "session.changed",
        (session) => session.lsid === lsid && session.customerConnected,
      );
    },
  );

  it("that does not answer is named, too", async () => {
    const proxy = await ConnectProxy.start();
    await proxy[Symbol.asyncDispose]();
    const join = { site: appliance.url, fingerprint: "0".repeat(64), ticket: "0".repeat(32) };
    await using client = await CustomerClient.start(desktop, join, undefined, env(proxy));
    await client.program.line(/"event":"link.away".*"obstacle":"proxy-silent"/);
  });
});
