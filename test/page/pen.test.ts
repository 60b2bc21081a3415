import { drawShapes } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { representative, sampleState } from "../unit/media/session-sample.ts";
import { openSession } from "./session-stand.ts";

const ben = { id: representative("2"), name: "Ben Baker", observer: false, connected: true };
const me = { ...sampleState().me, observer: false, connected: true };
const shared = sampleState({}, { participants: [me, ben], controller: me.id });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Where a pixel of the customer's screen is on the page. */
async function placeOf(page: Page, pixel: { x: number; y: number }) {
  const box = await page.locator(".screen-canvas").boundingBox();
  if (!box) throw new Error("there is a picture");
  const scale = box.width / 1280;
  return { x: box.x + (pixel.x + 0.5) * scale, y: box.y + (pixel.y + 0.5) * scale };
}

async function moveTo(page: Page, pixel: { x: number; y: number }): Promise<void> {
  const { x, y } = await placeOf(page, pixel);
  await page.mouse.move(x, y);
}

const pen = (page: Page) => page.getByRole("button", { name: "Draw on the customer's screen" });

describe("the pen", () => {
  it.each(["fit", "actual"] as const)("draws where the mouse is, at %s", async (zoom) => {
    const state = { ...shared, view: { ...shared.view, zoom } };
    await using session = await openSession(browser, state);
    const { page, host, source } = session;
    await pen(page).click();
    await page.locator(".palette").waitFor();
    expect(await pen(page).getAttribute("aria-pressed")).toBe("true");
    await page.getByLabel("Arrow").click();
    await moveTo(page, { x: 200, y: 100 });
    const before = source.input.length;
    await page.mouse.down();
    await moveTo(page, { x: 300, y: 150 });
    await moveTo(page, { x: 400, y: 220 });
    await page.mouse.up();
    await poll("the stroke is sent", () => {
      return (
        JSON.stringify(host.drawn.at(-1)) ===
        JSON.stringify({
          ...{ type: "to", points: [{ x: 400, y: 220 }] },
        })
      );
    });
    expect(host.drawn[0]).toEqual({ type: "begin", shape: "arrow", colour: 0, x: 200, y: 100 });
    // Nothing of it works the customer's computer, though mouse and keyboard are in hand.
    expect(source.input.slice(before).filter(({ type }) => type === "button")).toEqual([]);
    await page.locator(".screen-ink > *").waitFor({ state: "attached" });
    await page.screenshot({ path: await artifact(`pen-${zoom}.png`) });
    await poll("the echo goes", async () => (await page.locator(".screen-ink > *").count()) === 0);
    expect(session.stand.faults).toEqual([]);
  });

  it("clears with Escape, and is put down by the next one or by its button", async () => {
    await using session = await openSession(browser, shared);
    const { page, host } = session;
    await pen(page).click();
    await page.locator(".palette").waitFor();
    await moveTo(page, { x: 600, y: 300 });
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.press("Escape");
    await poll("it is cleared", () => host.drawn.at(-1)?.type === "clear");
    expect(await page.locator(".palette").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await page.locator(".palette").waitFor({ state: "hidden" });
    expect(host.asked).toContain("pen.stop");
    // By keyboard alone, and by the host's command.
    await pen(page).focus();
    await page.keyboard.press("Enter");
    await page.locator(".palette").waitFor();
    for (let at = 1; at < drawShapes.length; at++) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await page.getByLabel("Point here").getAttribute("aria-pressed")).toBe("true");
    session.stand.end.command("pen.toggle", null);
    await page.locator(".palette").waitFor({ state: "hidden" });
  });

  it("is not for who only watches, who is told so and may ask to take part", async () => {
    const participants = [{ ...me, observer: true }, ben];
    const watching = sampleState({}, { participants, controller: ben.id });
    await using session = await openSession(browser, watching);
    const { page, host } = session;
    expect(await pen(page).isDisabled()).toBe(true);
    await page.locator(".toolbar .who").getByText("You only watch").waitFor();
    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByText("Ask to take part").click();
    await poll("it is asked", () => host.asked.includes("session.ask-part"));
  });

  it("ends when the way to draw is gone", async () => {
    await using session = await openSession(browser, shared);
    const { page, stand } = session;
    await pen(page).click();
    await page.locator(".palette").waitFor();
    stand.end.command("pen.ended", null);
    await page.locator(".palette").waitFor({ state: "hidden" });
    expect(await pen(page).getAttribute("aria-pressed")).toBe("false");
  });
});

describe("pointers of colleagues", () => {
  it.each([
    ["vscode-dark", "fit"],
    ["vscode-light", "actual"],
  ] as const)("are shown with names where they point, in %s at %s", async (theme, zoom) => {
    const state = { ...shared, view: { ...shared.view, zoom } };
    await using session = await openSession(browser, state, { theme });
    const { page, stand } = session;
    const at = { x: 320, y: 200 };
    stand.end.command("pointers", { pointers: [{ id: ben.id, at }] });
    const mark = page.locator(".screen-colleague");
    await mark.getByText("Ben Baker").waitFor();
    const wanted = await placeOf(page, { x: at.x - 0.5, y: at.y - 0.5 });
    const shown = await mark.locator("svg").boundingBox();
    expect(Math.abs((shown?.x ?? 0) - wanted.x)).toBeLessThan(3);
    expect(Math.abs((shown?.y ?? 0) - wanted.y)).toBeLessThan(3);
    await page.screenshot({ path: await artifact(`pointer-${theme}.png`) });
    stand.end.command("pointers", { pointers: [{ id: ben.id, at: null }] });
    await mark.waitFor({ state: "detached" });
    stand.end.command("pointers", { pointers: [{ id: ben.id, at }] });
    await mark.waitFor();
    // Who has left points no more.
    stand.end.command("state", sampleState({}, { participants: [me] }));
    await mark.waitFor({ state: "detached" });
  });

  it("are told of one's own while others are there, and when the mouse leaves", async () => {
    await using session = await openSession(browser, shared);
    const { page, host, stand } = session;
    await moveTo(page, { x: 100, y: 100 });
    await moveTo(page, { x: 640, y: 400 });
    await poll("the place is told", () => {
      const last = host.pointed.at(-1);
      return last?.x === 640 && last.y === 400;
    });
    await page.mouse.move(5, 5);
    await poll("leaving is told", () => host.pointed.at(-1) === null);
    stand.end.command("state", sampleState({}, { participants: [me] }));
    const { length } = host.pointed;
    await moveTo(page, { x: 300, y: 300 });
    await moveTo(page, { x: 500, y: 300 });
    await page.mouse.move(5, 5);
    stand.end.command("state", shared);
    await moveTo(page, { x: 200, y: 300 });
    await poll("it is told again", () => host.pointed.length > length);
    expect(host.pointed.slice(length).some((at) => at?.x === 500)).toBe(false);
  });
});
