import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { administrator } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { launchChromium, openContext } from "../support/chromium.ts";
import { image, report } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis, powerOff, speaksFrench } from "./menu.ts";
import { fingerprintAt } from "../support/fingerprint.ts";
import { siteAnswers, speaks, statusOf } from "./site.ts";

/** Processor time of two emulated processors until HTTPS answers, seconds. */
const budget = { firstBoot: 130, secondBoot: 80 } as const;

let disk: Disk;
beforeAll(() => {
  disk = new Disk(image);
});
afterAll(() => disk[Symbol.dispose]());

describe("an imported appliance", () => {
  test("is reached, recognised, set up and switched off without a log-in", async () => {
    await using machine = await Machine.start(disk, { ports: [443, 80, 22] });
    const site = await siteAnswers(machine);
    await report("first boot", machine);
    expect(machine.cpuSeconds).toBeLessThan(budget.firstBoot);

    const [, code = ""] = await machine.shows(/Set-up code +([A-Z0-9-]{19})/);
    await machine.shows(/Web address +https:\/\/10\.0\.2\.15\n/);
    // The screen has what the serial line has, a few seconds sooner or later.
    await sleep(10_000);
    await machine.screenshot("appliance-console");
    const shown = machine.console.replace(/\n +(?=([0-9A-F]{2}:){15}[0-9A-F]{2}\n)/g, ":");
    expect(shown).toContain(`Certificate SHA-256  ${await fingerprintAt(machine.port(443))}`);
    expect(site.fingerprint.replaceAll(":", "").toUpperCase()).toBe(
      (await fingerprintAt(machine.port(443))).replaceAll(":", ""),
    );

    expect(await statusOf(machine)).toBe(308);
    expect(await speaks(machine, 22)).toBe(false);
    // A server of SSH would speak first.
    await setUp(machine, code);
    await powerOff(machine);
  });

  test("keeps what it knows, takes the room of an enlarged disk, and has no failed service", async () => {
    disk.grow(8);
    await using machine = await Machine.start(disk);
    await siteAnswers(machine);
    await report("second boot", machine);
    expect(machine.cpuSeconds).toBeLessThan(budget.secondBoot);

    await machine.shows(/Certificate SHA-256 .*\n.*\n\n +1\)/);
    expect(machine.console).not.toContain("Set-up code");
    const { failed, freeGb, gateway } = await diagnosis(machine);
    expect(gateway).toBe("works");
    // 20 GB and 8 more, without both systems.
    expect(freeGb).toBeGreaterThan(20);
    expect(failed).toBe("");
    await speaksFrench(machine);
    await powerOff(machine);
  });
});

/** The first page of a new site, as an administrator goes through it. */
async function setUp(machine: Machine, code: string): Promise<void> {
  await using browser = await launchChromium();
  const context = await openContext(browser);
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  await page.goto(`https://127.0.0.1:${machine.port(443)}/login`);
  await page.getByLabel("Set-up code").fill(code);
  await page.getByLabel("Name for signing in").fill(administrator.name);
  await page.getByLabel("Name that others see").fill(administrator.displayName);
  await page.getByRole("textbox", { name: "Password" }).fill(administrator.password);
  await page.screenshot({ path: await artifact("appliance-set-up.png") });
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await page.getByRole("button", { name: "Later" }).click();
  await page.getByLabel("Name of the site").waitFor();
  await page.getByText("Certificate fingerprint (SHA-256)").waitFor();
  await page.screenshot({ path: await artifact("appliance-first-steps.png") });
  await page.getByRole("link", { name: "Machine" }).click();
  await page.getByText("10.0.2.15/24").first().waitFor();
  await page.getByText("Loading…").waitFor({ state: "hidden" });
  await page.screenshot({ path: await artifact("appliance-machine.png"), fullPage: true });
  await page.getByRole("link", { name: "Health" }).click();
  await page.getByRole("heading", { name: "Health" }).first().waitFor();
  await page.getByText("Loading…").waitFor({ state: "hidden" });
  await page.screenshot({ path: await artifact("appliance-health.png"), fullPage: true });
  await page.getByRole("link", { name: "Status" }).click();
  await page.getByText("Certificate fingerprint (SHA-256)").waitFor();
  await page.screenshot({ path: await artifact("appliance-status.png") });
}
