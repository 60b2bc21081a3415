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
import { pasteOn } from "../support/xclip.ts";
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
  const downloads = path.join(desktop.home, "Downloads");
  // The first Tab stop leads past the menu, the next one is the button.
  await pressUntil(desktop, ["Tab", "Return", "Tab", "Return"], "the file is saved", async () =>
    (await readdir(downloads)).some((name) => /^handrail-support.*\.sh$/.test(name)),
  ).finally(async () => desktop.screenshot(await artifact("download-1-saved.png")));
  // After the button comes what copies the line.
  await pressUntil(
    desktop,
    ["Tab", "Return", "Tab", "Tab", "Return"],
    "the line is copied",
    async () => (await pasteOn(desktop)).includes("handrail-support"),
  );
  await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
  await desktop.xdotool("key", "--delay", "100", "ctrl+shift+v", "Return");
  await CustomerWindow.shown(desktop);
  const waiting = await representative.hears("session.changed", ({ state }) => state === "waiting");
  expect(waiting.lsid).toBe(lsid);
  await desktop.screenshot(await artifact("download-2-started.png"));
});

/** Works the visitor's page by keys from its top on, as often as it needs until that has the effect. */
async function pressUntil(
  desktop: Desktop,
  keys: readonly string[],
  effect: string,
  happened: () => Promise<boolean>,
): Promise<void> {
  await poll(
    effect,
    async () => {
      const page = await desktop.window(administrator.displayName);
      await desktop.xdotool("windowactivate", "--sync", page);
      await desktop.xdotool("key", "F5");
      // The page that is read anew is there when its title is again, which may be too soon for keys.
      await desktop.window(administrator.displayName);
      await desktop.xdotool("key", "--delay", "200", ...keys);
      await poll(effect, happened, 3_000);
      return true;
    },
    60_000,
  );
}
