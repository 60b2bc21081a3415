import { appendFile, readdir } from "node:fs/promises";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { administrator, type Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import {
  type Browser,
  type ContextOptions,
  launchChromium,
  type Page,
} from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { administration } from "./login-stand.ts";
import { beginSession, recordShell } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** What the shell shows after its beginning, at these seconds. */
const later = [
  [5, "\u001b[1;33mCPU\u001b[0m \u001b[32mok\u001b[0m  \u001b[31mfan failed\u001b[0m\r\n"],
  [12, "$ systemctl restart cups\r\n"],
  [20, "$ logout\r\n"],
] as const;

/** A session with a shell that lasts twenty seconds, and one that has been left at once. */
async function recordShells(appliance: Appliance): Promise<Lsid> {
  await using session = await beginSession(appliance, administrator.name);
  const { lsid } = session;
  await recordShell(session, "$ sensors\r\n");
  const folder = path.join(appliance.dataDirectory, "recordings", lsid.slice(0, 2));
  const file = await poll("the shell is on the disk", async () => {
    const name = (await readdir(folder)).find((each) => each.endsWith(".cast"));
    return name && path.join(folder, name);
  });
  await recordShell(session, "$ exit\r\n");
  await session.representative.call("session.end", { lsid });
  // As if so much time had passed, for which nobody waits here.
  const lines = later.map(([seconds, text]) => JSON.stringify([seconds, "o", text]));
  await appendFile(file, `${lines.join("\n")}\n`);
  return lsid;
}

/** The page of a session with recorded shells. */
async function openSession(options: ContextOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const site = stack.use(await administration(browser, "", options));
  const lsid = await recordShells(site.appliance);
  await site.page.goto(`${site.appliance.url}/login/sessions/${lsid}`);
  const shells = site.page.getByRole("region", { name: "Recorded shells" });
  await shells.getByText("Shell 2").waitFor();
  const moved = stack.move();
  return { ...site, shells, lsid, [Symbol.asyncDispose]: () => moved.disposeAsync() };
}

/** What the terminal shows now. */
async function shown(page: Page): Promise<string> {
  const rows = await page.locator(".xterm-rows > div").allTextContents();
  return rows.map((row) => row.trimEnd()).join("\n");
}

/** Waits until the terminal shows the one and not the other. */
async function shows(page: Page, wanted: string, not: string): Promise<void> {
  await poll(`the terminal shows ${wanted} and not ${not}`, async () => {
    const text = await shown(page);
    return text.includes(wanted) && !text.includes(not);
  });
}

describe("recorded shells at /login", () => {
  it("are listed with their session, and played to their end", async () => {
    await using site = await openSession();
    const { complaints, page, shells } = site;
    expect(await shells.getByRole("listitem").count()).toBe(2);
    await shells.getByText("carla-pc – Ann Archer").first().waitFor();
    // Not loaded before it is wanted: the audit log says who opened it.
    expect(await page.locator(".xterm").count()).toBe(0);
    await shells.getByRole("button", { name: "Play: Shell 1" }).click();
    await shells.getByRole("button", { name: "Pause" }).waitFor();
    await shells.getByLabel("Speed").selectOption("8");
    await shells.getByRole("button", { name: "Play again" }).waitFor();
    await shows(page, "logout", "Shell 2");
    await shells.getByText("0:20 of 0:20").waitFor();
    await page.screenshot({ path: await artifact("login-shell.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await shells.getByRole("button", { name: "Play: Shell 2" }).click();
    await shows(page, "exit", "logout");
    expect(complaints).toEqual([]);
  });

  it("are played by the keyboard, and searched", async () => {
    await using site = await openSession();
    const { complaints, page, shells } = site;
    await shells.getByRole("button", { name: "Play: Shell 1" }).focus();
    await page.keyboard.press("Enter");
    const pause = shells.getByRole("button", { name: "Pause" });
    await pause.waitFor();
    await poll("the button has the focus", async () =>
      pause.evaluate((button) => button === document.activeElement),
    );
    await page.keyboard.press("Space");
    await shells.getByRole("button", { name: "Play", exact: true }).waitFor();
    const position = shells.getByRole("slider", { name: "Position" });
    await position.focus();
    await page.keyboard.press("Home");
    await shows(page, "sensors", "fan failed");
    await shells.getByRole("button", { name: "Play", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    await shows(page, "fan failed", "systemctl");
    await page.keyboard.press("ArrowLeft");
    await shows(page, "sensors", "fan failed");

    const search = shells.getByRole("searchbox", { name: "Search in the shell" });
    await search.fill("RESTART");
    await shells.getByText("1 found").waitFor();
    await search.press("Enter");
    await shells.getByText("1 of 1").waitFor();
    await shows(page, "systemctl restart", "logout");
    await shells.getByText("0:12 of 0:20").waitFor();
    await search.fill("$");
    await shells.getByText("3 found").waitFor();
    await shells.getByRole("button", { name: "Previous place" }).click();
    await shells.getByText("3 of 3").waitFor();
    await shows(page, "logout", "no such");
    await search.fill("hunter2");
    await shells.getByText("not found").waitFor();
    expect(complaints).toEqual([]);
  });

  it("are there in French, in the dark, and in a narrow window", async () => {
    const viewport = { width: 400, height: 800 };
    await using site = await openSession({ theme: "dark", viewport });
    const { complaints, page } = site;
    await page.evaluate(() => document.querySelector("select")?.scrollIntoView());
    await page.getByLabel("Language").selectOption("Français");
    const shells = page.getByRole("region", { name: "Terminaux enregistrés" });
    await shells.getByRole("button", { name: "Lire : Terminal 1" }).click();
    await shells.getByLabel("Vitesse").selectOption("8");
    await shells.getByRole("button", { name: "Relire" }).waitFor();
    await shells.getByText("0:20 sur 0:20").waitFor();
    await shells.getByRole("searchbox", { name: "Chercher dans le terminal" }).fill("cpu");
    await shells.getByText("1 trouvé", { exact: true }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    await shells.scrollIntoViewIfNeeded();
    await page.screenshot({ path: await artifact("login-shell-french-dark.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
