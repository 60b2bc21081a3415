import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:tls";
import { loadIdentity } from "../../appliance/server/certificate/identity.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { CustomerClient, fingerprintAt } from "../support/customer-client.ts";
import { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";
import { Shaper } from "../support/shaper.ts";
import { accessToken } from "../support/signed-in.ts";
import { sendInput, Viewer } from "../support/viewer.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let fingerprint: string;
beforeAll(async () => {
  [appliance, desktop] = await Promise.all([
    Appliance.start(),
    Desktop.start({ width: 1024, height: 768 }),
  ]);
  await appliance.setUp();
  fingerprint = await fingerprintAt(appliance.port);
});
afterAll(async () => {
  await desktop[Symbol.asyncDispose]();
  await appliance[Symbol.asyncDispose]();
});

function visit(site = appliance.url, at = appliance): Promise<Visit> {
  return Visit.begin({ appliance: at, desktop, site });
}

describe("the customer client", () => {
  it("shows the screen exactly, lets itself be worked, and goes when it is stopped", async () => {
    await using session = await visit();
    const { representative, client, window } = session;
    expect(existsSync(client.joinFile)).toBe(false);
    const viewer = await session.watch();
    await viewer.shows(desktop);
    await desktop.openTerminal("work", "60x12+20+20");
    const input = await session.takeControl();
    sendInput(input, { type: "button", button: 1, down: true, x: 120, y: 120 });
    sendInput(input, { type: "button", button: 1, down: false, x: 120, y: 120 });
    sendInput(input, { type: "text", text: "echo 'Grüße, 7 €' > said\n" });
    const said = path.join(desktop.home, "said");
    await poll("the text has arrived", async () => (await readFile(said, "utf8")) !== "");
    expect(await readFile(said, "utf8")).toBe("Grüße, 7 €\n");
    sendInput(input, { type: "text", text: "exit\n" });
    sendInput(input, { type: "move", x: 5000, y: 5000 });
    await viewer.shows(desktop);

    await window.writeChat("thank you");
    await representative.hears("chat.message", ({ message }) => message.text === "thank you");
    await window.focus();
    await desktop.xdotool("key", "alt+s");
    await desktop.xdotool("key", "alt+s");
    expect(await viewer.screen.end()).toBe("session-ended");
    await window.dismiss();
    expect(await client.program.ended()).toBe(0);
  });

  it("shows nothing any more once the customer has taken it back, and the session goes on", async () => {
    await using session = await visit();
    const { representative, window, lsid } = session;
    const viewer = await session.watch();
    await viewer.shows(desktop);
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    // The client ends it by itself, and so does the appliance: whoever is first names the reason.
    expect(["not-permitted", "customer-refused"]).toContain(await viewer.screen.end());
    await representative.hears("session.changed", (now) => now.permissions.view === "revoked");
    // What narrows takes effect before its row is on the disk.
    await poll("the audit log has it", async () => {
      const { events } = await representative.call("session.history", { lsid });
      return events.some(({ event }) => event === "permission.revoked");
    });
    await window.writeChat("still here");
    await representative.hears("chat.message", ({ message }) => message.text === "still here");
  });

  it("captures nothing when the customer says no", async () => {
    await using session = await visit();
    const { representative, window, lsid } = session;
    const answer = representative.call("permission.request", { lsid, permission: "view" });
    await poll("the refusal has counted", async () => {
      await window.focus();
      await desktop.xdotool("key", "alt+r");
      return Promise.race([
        answer.then(() => true),
        new Promise<false>((resolve) => setTimeout(() => resolve(false), 700)),
      ]);
    });
    expect(await answer).toEqual({ granted: false });
    const viewer = await Viewer.open(representative, lsid);
    expect(await viewer.screen.end()).not.toBe("closed");
    expect(viewer.sizeBytes).toBe(0);
  });

  it("goes on where it was when the line drops, within two seconds of its return", async () => {
    await using shaper = await Shaper.start(appliance.port, {
      upKbitPerSecond: 20_000,
      downKbitPerSecond: 20_000,
      rttMs: 10,
    });
    await using session = await visit(`https://127.0.0.1:${shaper.port}`);
    const viewer = await session.watch();
    await viewer.shows(desktop);
    shaper.cut();
    const cutAt = performance.now();
    await desktop.openTerminal("after the cut", "40x10+500+300");
    await viewer.shows(desktop);
    await session.client.program.line(/link\.away[^]*link\.welcomed","isResumed":1/);
    expect(performance.now() - cutAt).toBeLessThan(8000);
    const { output } = session.client.program;
    const at = (pattern: RegExp) => Date.parse(pattern.exec(output)?.[1] ?? "");
    const awayMs =
      at(/"at":"([^"]+)","event":"link\.welcomed","isResumed":1/) -
      at(/"at":"([^"]+)","event":"link\.away"/);
    expect(awayMs).toBeLessThan(2000);
    await desktop.xdotool("search", "--name", "after the cut", "windowkill");
    await viewer.shows(desktop);
  });

  it("comes back by itself when the appliance was killed and started again", async () => {
    await using stack = new AsyncDisposableStack();
    const dataDirectory = await mkdtemp(path.join(tmpdir(), "handrail-restart-"));
    stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
    const first = await Appliance.start({ dataDirectory });
    const { port } = first;
    await first.setUp();
    await using session = await visit(first.url, first);
    const viewer = await session.watch();
    await viewer.shows(desktop);
    // The customer reads of it in the conversation.
    const before = Buffer.from((await desktop.pixels()).data);
    first.program.signal("SIGUSR2");
    await poll("the customer is warned", async () => !before.equals((await desktop.pixels()).data));
    await viewer.shows(desktop);
    await desktop.screenshot(await artifact("client-restarting.png"));
    first.program.signal("SIGKILL");
    await first[Symbol.asyncDispose]();
    const second = stack.use(await Appliance.start({ dataDirectory, port }));
    const back = stack.use(await connectConsole(second.url, await accessToken(second)));
    await poll("the customer is there again", async () => {
      const { sessions } = await back.call("overview", {});
      return sessions.some(
        ({ lsid, customerConnected }) => lsid === session.lsid && customerConnected,
      );
    });
    const again = await Viewer.open(back, session.lsid);
    await again.screen.opened();
    await again.shows(desktop);
    await back.call("session.end", { lsid: session.lsid });
    await session.window.dismiss();
    expect(await session.client.program.ended()).toBe(0);
  });

  it("asks for a key when it has no ticket, in the customer's language", async () => {
    const token = await accessToken(appliance);
    await using representative = await connectConsole(appliance.url, token);
    const { lsid, key } = await representative.key();
    await using client = await CustomerClient.start(desktop, {
      ...{ site: appliance.url, fingerprint, language: "fr" },
    });
    const window = await CustomerWindow.shown(desktop, "Assistance –");
    await window.focus();
    await desktop.xdotool("type", "--delay", "5", key);
    await desktop.xdotool("key", "Return");
    const session = await representative.hears(
      "session.changed",
      (changed) => changed.lsid === lsid && changed.customerConnected,
    );
    expect(session.state).toBe("waiting");
    await representative.call("session.accept", { lsid });
    await representative.call("session.end", { lsid });
    await window.dismiss();
    expect(await client.program.ended()).toBe(0);
  });

  it("asks a server that is not the one it was sent to whether it follows it, and says no more", async () => {
    let heard = "";
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-stranger-"));
    const { certificate, privateKey } = await loadIdentity(folder, "127.0.0.1");
    await rm(folder, { recursive: true });
    const stranger = createServer({ cert: certificate, key: privateKey }, (socket: Socket) => {
      socket.on("data", (bytes: Buffer) => (heard += bytes.toString("latin1")));
      socket.on("error", () => undefined);
    }).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const address = stranger.address();
    const port = typeof address === "object" ? address?.port : 0;
    await using client = await CustomerClient.start(desktop, {
      ...{ site: `https://127.0.0.1:${port}`, fingerprint, ticket: "0".repeat(32) },
    });
    await client.program.line(/"event":"session\.over","how":"refused"/);
    stranger.close();
    const question =
      "GET /api/hand-over HTTP/1\\.1\\r\\nHost: [\\d.:]+\\r\\nConnection: close\\r\\n\\r\\n";
    expect(heard).toMatch(new RegExp(`^(${question})+$`));
  });

  it("runs from its bundle with nothing installed beside it", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-bundle-"));
    try {
      await using build = new Program(process.execPath, {
        args: [path.join(root, "appliance/client/build.ts")],
      });
      expect(await build.ended()).toBe(0);
      await cp(path.join(root, "dist/client/linux-x64"), folder, { recursive: true });
      const command = [process.execPath, path.join(folder, "app.mjs")];
      await using session = await Visit.begin({ appliance, desktop, command });
      const { representative, client, window, lsid } = session;
      const viewer = await session.watch();
      await viewer.shows(desktop);
      await representative.call("session.end", { lsid });
      await window.dismiss();
      expect(await client.program.ended()).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
