import { readdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { accessToken } from "../support/signed-in.ts";
import { openPortal } from "./open.ts";

// The way of a customer with an ordinary browser, which nothing but keyboard and screen reaches.
const resources = new AsyncDisposableStack();
afterAll(() => resources.disposeAsync());

it("saves the program in the browser's own way, and the saved file starts the session", async () => {
  const appliance = resources.use(await Appliance.start());
  await appliance.setUp();
  const desktop = resources.use(await Desktop.start());
  const representative = resources.use(
    await connectConsole(appliance.url, await accessToken(appliance)),
  );
  const { lsid, key } = await representative.key();
  await desktop.openTerminal("Terminal", "76x14+20+520");
  await openPortal(desktop, appliance.url);
  await desktop.xdotool("windowactivate", "--sync", await desktop.window("Get help"));
  // The page puts the cursor into its one field.
  await desktop.xdotool("type", "--delay", "20", `${key}\n`);
  await desktop.window(administrator.displayName);
  // The first Tab stop leads past the menu, the next one is the button.
  await desktop.xdotool("key", "--delay", "100", "Tab", "Return", "Tab", "Return");
  const downloads = path.join(desktop.home, "Downloads");
  await poll("the file is saved", async () =>
    (await readdir(downloads)).find((name) => /^handrail-support.*\.sh$/.test(name)),
  ).finally(async () => desktop.screenshot(await artifact("download-1-saved.png")));
  // After the button comes what copies the line.
  await desktop.xdotool(
    "windowactivate",
    "--sync",
    await desktop.window(administrator.displayName),
  );
  await desktop.xdotool("key", "--delay", "100", "Tab", "Return");
  await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
  await desktop.xdotool("key", "--delay", "100", "ctrl+shift+v", "Return");
  await CustomerWindow.shown(desktop);
  const waiting = await representative.hears("session.changed", ({ state }) => state === "waiting");
  expect(waiting.lsid).toBe(lsid);
  await desktop.screenshot(await artifact("download-2-started.png"));
});
