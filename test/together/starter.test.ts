import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { redeemAtPortal } from "../support/customer-client.ts";
import { Desktop } from "../support/desktop.ts";
import { CustomerWindow } from "../support/help-window.ts";
import { connectConsole } from "../support/party.ts";
import { Program } from "../support/processes.ts";
import { root } from "../support/root.ts";
import { accessToken } from "../support/signed-in.ts";

it("the starter works for its session, leaves nothing but itself and the cache, and refuses politely when it is run again", async () => {
  await using build = new Program(process.execPath, {
    args: [path.join(root, "appliance/client/build.ts")],
  });
  expect(await build.ended()).toBe(0);
  await using desktop = await Desktop.start({ width: 1024, height: 768 });
  await using appliance = await Appliance.start({ env: { HANDRAIL_SITE_NAME: "O'Brien & Sons" } });
  await appliance.setUp();
  await using ann = await connectConsole(appliance.url, await accessToken(appliance));
  const { lsid, key } = await ann.key();
  const ticket = await redeemAtPortal(appliance, key);
  const form = new URLSearchParams({ ticket, language: "en" }).toString();
  const { text } = await appliance.ask("/start/linux", { form });
  const starter = path.join(desktop.home, "handrail-support.sh");
  await writeFile(starter, text);
  const before = await readdir(desktop.home);
  const run = () => desktop.open("sh", [starter]);

  const first = run();
  await ann.hears("session.changed", (now) => now.lsid === lsid && now.customerConnected);
  const window = await CustomerWindow.shown(desktop, "Remote support – O'Brien & Sons");
  await ann.call("session.accept", { lsid });
  await ann.call("session.end", { lsid });
  await window.focus();
  await desktop.screenshot(await artifact("client-ended.png"));
  await window.dismiss();
  expect(await first.ended(), first.output).toBe(0);
  const left = (await readdir(desktop.home)).filter((name) => !before.includes(name));
  expect(left.filter((name) => name !== ".cache")).toEqual([]);
  expect(existsSync(starter)).toBe(true);
  expect(await readdir(path.join(desktop.home, ".cache"))).toContain("handrail");

  ann.forget();
  const second = run();
  const refusal = await CustomerWindow.shown(desktop, "Remote support – O'Brien & Sons");
  await refusal.focus();
  await desktop.screenshot(await artifact("client-refused.png"));
  await refusal.dismiss();
  expect(await second.ended(), second.output).toBe(0);
  expect(second.output).not.toContain("Downloading");
  expect(ann.all("session.changed")).toEqual([]);
}, 120_000);
