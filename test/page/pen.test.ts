import { drawShapes } from "@handrail/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium, type Page } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { representative, sampleState } from "../unit/media/session-sample.ts";
import { all, openSession, size } from "./session-stand.ts";

const ben = { id: representative("2"), name: "Ben Baker", observer: false, connected: true };
const me = { ...sampleState().me, observer: false, connected: true };
/** The first monitor is the right one, as it stands; neither is as high as the screen. */
const twoMonitors = [
  { id: 1, x: 512, y: 0, width: 768, height: 800, primary: true, name: "DP-1" },
  { id: 2, x: 0, y: 0, width: 512, height: 768, primary: false, name: "HDMI-1" },
];
const shared = sampleState({}, { participants: [me, ben], controller: me.id });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
// A browser that the system has ended would fail every attempt.
beforeEach(async () => {
  if (!browser.isConnected()) browser = await launchChromium();
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
    await poll("the host is told", () => host.asked.includes("pen.stop"));
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

describe("the pen by keyboard", () => {
  const surface = (page: Page) => page.getByRole("application", { name: "Pen on the customer" });

  it("is moved by arrows, set down and lifted by Space, and says where it is", async () => {
    await using session = await openSession(browser, shared);
    const { page, host } = session;
    await pen(page).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Arrow").focus();
    await page.keyboard.press("Space");
    await page.getByLabel("Draw by keyboard").focus();
    await page.keyboard.press("Enter");
    await poll("it has the keyboard", () =>
      surface(page).evaluate((each) => each === document.activeElement),
    );
    await page.keyboard.press("Control+ArrowLeft");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Shift+ArrowRight");
    const spoken = page.locator(".spoken");
    await spoken.getByText("541 across, 390 down").waitFor();
    await poll("colleagues see where", () => host.pointed.at(-1)?.x === 541);
    await page.keyboard.press("Space");
    await spoken.getByText("Pen down at 541, 390").waitFor();
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowRight");
    await page.screenshot({ path: await artifact("pen-keys.png") });
    await page.keyboard.press("Space");
    await spoken.getByText("Pen up at 661, 390").waitFor();
    expect(await violations(page)).toEqual([]);
    await poll("it is drawn to there", () => {
      expect(host.drawn.at(-1)).toEqual({ type: "to", points: [{ x: 661, y: 390 }] });
      return true;
    });
    expect(host.drawn[0]).toEqual({ type: "begin", shape: "arrow", colour: 0, x: 541, y: 390 });
    // Nothing of it is a key for the customer's computer.
    expect(session.source.input.filter(({ type }) => type === "key")).toEqual([]);
    expect(session.stand.faults).toEqual([]);
  });

  it("points with one press, ends what it draws where the focus goes, and by Escape", async () => {
    await using session = await openSession(browser, shared);
    const { page, host } = session;
    await pen(page).click();
    await page.getByLabel("Point here").click();
    await page.getByLabel("Draw by keyboard").click();
    await page.keyboard.press("Space");
    await page.locator(".spoken").getByText("Pointed at 640, 400").waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    const begun = () => host.drawn.filter(({ type }) => type === "begin");
    await poll("it has pointed twice", () => begun().length === 2);
    expect(begun().at(-1)).toMatchObject({ shape: "spot", x: 640, y: 410 });
    await page.getByLabel("Freehand").click();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.locator(".spoken").getByText("Pen up at 640, 410").waitFor();
    expect(await page.locator(".screen-tip").isHidden()).toBe(true);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Escape");
    await poll("it is cleared", () => host.drawn.at(-1)?.type === "clear");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    await page.locator(".palette").waitFor({ state: "hidden" });
    expect(host.drawn.at(-1)?.type).toBe("clear");
    expect(await surface(page).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("screen-keys");
  });

  it("stays on the monitor that is shown", async () => {
    await using session = await openSession(browser, shared);
    const { page, host, source, writer, picture, stand } = session;
    source.send(writer.epoch(size, twoMonitors));
    source.send(await writer.update(picture, [all]));
    await page.getByLabel("Monitor").waitFor();
    stand.end.command("view.set", { ...shared.view, monitor: 2 });
    await pen(page).click();
    await page.getByLabel("Point here").click();
    const byKeys = page.getByLabel("Draw by keyboard");
    expect(await byKeys.getAttribute("aria-pressed")).toBe("false");
    await byKeys.click();
    await page.locator(".hint").getByText("Arrow keys move the pen").waitFor();
    expect(await byKeys.getAttribute("aria-pressed")).toBe("true");
    await poll("it begins in the middle of that monitor", async () => {
      await page.keyboard.press("Space");
      const last = host.drawn.at(-1);
      return last?.type === "begin" && last.x === 256 && last.y === 384;
    });
    for (let i = 0; i < 5; i++) await page.keyboard.press("Control+ArrowRight");
    await page.keyboard.press("Space");
    await poll("it is at the edge", () => {
      const last = host.drawn.at(-1);
      return last?.type === "begin" && last.x === 511;
    });
    await byKeys.click();
    await page.locator(".hint").getByText("Drag on the screen to draw").waitFor();
    expect(await byKeys.getAttribute("aria-pressed")).toBe("false");
  });
});

describe("two monitors, of which the second stands to the left", () => {
  it.each(["fit", "actual"] as const)("draw and point where one sees it, at %s", async (zoom) => {
    const view = { ...shared.view, zoom, monitor: 2 };
    await using session = await openSession(browser, { ...shared, view });
    const { page, host, source, writer, picture, stand } = session;
    source.send(writer.epoch(size, twoMonitors));
    source.send(await writer.update(picture, [all]));
    const isLeftAlone = () =>
      page.locator(".screen-frame").evaluate((frame) => {
        const { width, height } = frame.getBoundingClientRect();
        return Math.abs(width / height - 512 / 768) < 0.01;
      });
    await poll("only that monitor is shown", isLeftAlone);
    await pen(page).click();
    await page.getByLabel("Point here").click();
    const box = await page.locator(".screen-frame").boundingBox();
    if (!box) throw new Error("there is a picture");
    const scale = box.width / 512;
    // The pixel 300, 200 of the screen is that of the monitor, which begins at its left edge.
    await page.mouse.click(box.x + 300.5 * scale, box.y + 200.5 * scale);
    await poll("it is drawn there", () => host.drawn.length > 0);
    expect(host.drawn[0]).toMatchObject({ type: "begin", x: 300, y: 200 });
    stand.end.command("pointers", {
      pointers: [{ id: ben.id, at: { x: 100, y: 150 } }],
    });
    const mark = page.locator(".screen-colleague");
    await mark.getByText("Ben Baker").waitFor();
    const shown = await mark.locator("svg").boundingBox();
    expect(Math.abs((shown?.x ?? 0) - (box.x + 100 * scale))).toBeLessThan(3);
    expect(Math.abs((shown?.y ?? 0) - (box.y + 150 * scale))).toBeLessThan(3);
    // Somebody points at the other monitor: not seen here.
    stand.end.command("pointers", { pointers: [{ id: ben.id, at: { x: 900, y: 150 } }] });
    await mark.waitFor({ state: "hidden" });
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
