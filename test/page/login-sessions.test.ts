import type { Hello, SystemAnswer, SystemCategory } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { seePicture } from "../support/active-session.ts";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { CustomerEnd } from "../support/party.ts";
import { answerAll, snapshotChannel } from "../support/system-answers.ts";
import { administration } from "./login-stand.ts";
import { beginSession, lastColor, recordSession, signInConsole } from "./recorded-session.ts";

const oddCustomer = {
  name: `\u05d3\u05d5\u05d3 <b>${"x".repeat(60)}</b>`,
  computer: `pc-${"z".repeat(200)}`,
  platform: "Linux",
  issue: `"><script>alert(1)</script> ${"w".repeat(400)}`,
};
/** As it stands in a sentence: its letters run from right to left, those around it do not. */
const isolatedName = `\u2068${oddCustomer.name}\u2069`;

/** A customer whose computer says odd things of itself. */
class OddCustomer extends CustomerEnd {
  protected override hello(): Hello {
    return Object.assign(super.hello(), { customer: oddCustomer });
  }
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("sessions", () => {
  it("are found, told in full and played", async () => {
    await using site = await administration(browser);
    const { appliance, complaints, page } = site;
    const lsid = await recordSession(appliance, administrator.name);
    await page.getByRole("link", { name: "Sessions" }).click();
    await page.getByRole("link", { name: "Carla" }).waitFor();
    await page.screenshot({ path: await artifact("login-sessions.png") });
    await page.getByLabel("Search sessions").fill("no such customer");
    await page.getByText("No session matches.").waitFor();
    await page.getByLabel("Search sessions").fill(lsid.slice(4, 20));
    await page.getByRole("link", { name: "Carla" }).click();

    await page.getByRole("heading", { name: "Session with Carla" }).waitFor();
    const chat = page.getByRole("region", { name: "Chat" });
    await chat.getByText("Does it print now?").waitFor();
    await chat.getByText("Yes, thank you <b>!</b>").waitFor();
    await page.getByRole("region", { name: "Events" }).getByText("Recording started").waitFor();
    const details = page.getByRole("region", { name: "Details" });
    await details.getByText("carla-pc").waitFor();
    await details.getByText("Ended by Ann Archer").waitFor();
    await details.getByText("See the screen – granted").waitFor();
    await details.getByText("Recording – allowed without asking").waitFor();

    // Not loaded before it is wanted: the audit log says who opened it.
    expect(await page.getByRole("img", { name: "Recorded screen" }).count()).toBe(0);
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.getByRole("button", { name: "Play again" }).waitFor();
    expect(await colorOf(page)).toBe(lastColor);
    await page.screenshot({ path: await artifact("login-session.png"), fullPage: true });
    expect(complaints).toEqual([]);
  });

  it("show how the computer was at the start, where that is allowed", async () => {
    await using site = await administration(browser, "/representatives");
    const { appliance, complaints, page } = site;
    await allowForAnn(page, "Record at the start");
    await using session = await beginSession(appliance, administrator.name);
    await seePicture(session);
    await answerAll(await snapshotChannel(session.customer), fullDisk);
    const { lsid, representative } = session;
    await representative.hears("session.changed", ({ snapshot }) => snapshot === "taken");
    await page.goto(`${appliance.url}/login/sessions/${lsid}`);
    const details = page.getByRole("region", { name: "Details" });
    await details.getByText("Record at the start – granted").waitFor();
    const events = page.getByRole("region", { name: "Events" });
    await events.getByText("Kept how the customer’s computer was at the start: 9").waitFor();
    const computer = page.getByRole("region", { name: "The computer at the start" });
    await computer.getByRole("button", { name: "Show the computer" }).click();
    await computer.getByText("Disks", { exact: true }).click();
    await computer.getByText("/ <b>disk</b> – 97 %").waitFor();
    await computer.getByText("Services", { exact: true }).click();
    await computer.getByText("It took too long.").waitFor();
    const saved = page.waitForEvent("download");
    await computer.getByRole("button", { name: "Save as JSON" }).click();
    expect((await saved).suggestedFilename()).toBe(`handrail-${lsid}.json`);
    await page.screenshot({ path: await artifact("login-snapshot.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await page.goto(`${appliance.url}/login/audit`);
    await page.getByText("Opened the record of how the customer’s computer was").waitFor();
    expect(complaints).toEqual([]);
  });

  it("that do not exist are said not to", async () => {
    await using site = await administration(browser, `/sessions/${"0".repeat(32)}`);
    await site.page.getByText("This does not exist, or no longer.").waitFor();
  });
});

/** A computer whose disk is nearly full, and which does not tell of its services. */
function fullDisk(id: number, category: SystemCategory): SystemAnswer {
  if (category === "services") return { answer: "failed", id, reason: "too-slow" };
  const row = { mount: "/ <b>disk</b>", usedPercent: 97 };
  const lists = category === "disks" ? [{ name: "fileSystems", rows: [row], omitted: 0 }] : [];
  return { answer: "report", id, takenAt: 5, report: { facts: { name: category }, lists } };
}

/** Allows the administrator what the site denies. */
async function allowForAnn(page: Page, permission: string): Promise<void> {
  await page.getByRole("button", { name: `Edit ${administrator.displayName}` }).click();
  const group = page.getByRole("radiogroup", { name: `${permission}: Rule` });
  await group.getByText("Allow", { exact: true }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(`${administrator.displayName} was changed.`).waitFor();
}

describe("names that people choose", () => {
  it("break no page: HTML, another direction, no end", async () => {
    const viewport = { width: 1024, height: 768 };
    await using site = await administration(browser, "", { viewport, theme: "dark" });
    const { appliance, complaints, page } = site;
    await using representative = await signInConsole(appliance, administrator.name);
    const { lsid, key } = await representative.key();
    await using customer = new OddCustomer(appliance.url, { key });
    await customer.connect();
    await representative.call("session.accept", { lsid });
    await representative.call("permission.request", { lsid, permission: "view" });
    await customer.call("chat.send", { text: `<img src=x onerror=alert(1)>${"y".repeat(500)}` });
    await representative.call("session.end", { lsid });
    await customer.hears("session.ended");

    const fits = async () => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width, page.url()).toBeLessThanOrEqual(viewport.width);
      expect(await page.locator("b, img[src=x]").count()).toBe(0);
    };
    await page.getByRole("link", { name: "Sessions" }).click();
    await page.getByText(oddCustomer.computer).waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-sessions.png") });
    await page.getByRole("link", { name: oddCustomer.name }).click();
    await page.getByRole("region", { name: "Chat" }).getByText("onerror").waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-session.png"), fullPage: true });
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText(`${isolatedName} (customer)`).first().waitFor();
    await fits();
    await page.screenshot({ path: await artifact("login-odd-audit.png") });
    expect(complaints).toEqual([]);
  });
});

/** The colour in the middle of the recorded screen, 0xRRGGBB. */
function colorOf(page: Page): Promise<number> {
  return page.getByRole("img", { name: "Recorded screen" }).evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error("not a canvas");
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const pixel = context?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
    return ((pixel?.[0] ?? 0) << 16) | ((pixel?.[1] ?? 0) << 8) | (pixel?.[2] ?? 0);
  });
}
