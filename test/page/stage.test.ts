import { expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { representative, sampleState } from "../unit/media/session-sample.ts";
import { openSession } from "./session-stand.ts";

const ben = { id: representative("2"), name: "Ben Baker", observer: false, connected: true };
const me = { ...sampleState().me, observer: false, connected: true };
const taken = sampleState({}, { participants: [me, ben], controller: ben.id });

it("a banner with a button is there once however often it is due, and keeps the focus", async () => {
  await using browser = await launchChromium();
  await using session = await openSession(browser, taken);
  const { page, stand, host } = session;
  const banners = page.locator(".banners .banner");
  const offer = banners.filter({ hasText: "Ben Baker" });
  const offered = offer.locator("vscode-button");
  for (let i = 0; i < 3; i++) {
    await page.locator(".screen-canvas").click({ position: { x: 20, y: 20 } });
    await offered.waitFor();
  }
  expect(await banners.count()).toBe(1);
  const warn = (said: string) => stand.end.command("notice", { text: said, isGood: false });
  warn("Another one");
  await banners.filter({ hasText: "Another one" }).waitFor();
  await offered.focus();
  const text = (await offer.locator("span").first().textContent()) ?? "";
  warn(text);
  await poll("the same is the newest", async () => {
    return (await banners.last().locator("span").first().textContent()) === text;
  });
  expect(await banners.count()).toBe(2);
  const withFocus = () => page.evaluate(() => document.activeElement?.closest(".banner") !== null);
  expect(await withFocus()).toBe(true);
  await page.locator(".screen-canvas").click({ position: { x: 20, y: 20 } });
  await offered.click();
  await poll("it does what it says", () => host.asked.includes("control.take"));
  expect(await banners.count()).toBe(1);
});

it("a customer's file can be saved while the session goes on, and no longer after its end", async () => {
  await using browser = await launchChromium();
  await using session = await openSession(browser);
  const { page, stand } = session;
  const file = { name: "log.txt", sizeBytes: 12, sha256: "ab".repeat(32) };
  const from = { kind: "customer", name: "Ann Moreau" } as const;
  stand.end.command("chat.message", { seq: 1, from, text: "log.txt", at: Date.now(), file });
  const save = page.locator(".messages button.save");
  await save.waitFor();
  expect(await save.isEnabled()).toBe(true);
  stand.end.command("state", sampleState({}, { state: "ended" }));
  await poll("it is disabled", () => save.isDisabled());
});
