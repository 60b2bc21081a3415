import { surfaceMessage } from "@handrail/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PaneLanguage, SessionPane } from "../../media/pane/contract.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { sampleState } from "../unit/media/session-sample.ts";
import { Picture, random, SurfaceWriter } from "../unit/media/surface-writer.ts";
import { hearStream, PaneStand, type StreamSource } from "./pane-stand.ts";
import { happened, pictureHash, said, SessionHost, shownHash } from "./screen-host.ts";
import { all, openSession, size } from "./session-stand.ts";

const controlled = sampleState({}, { controller: sampleState().me.id });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
// A browser that the system has ended would fail every attempt.
beforeEach(async () => {
  if (!browser.isConnected()) browser = await launchChromium();
});
afterAll(() => browser.close());

describe("the screen", () => {
  it("paints exactly the sender's pixels and acknowledges each update", async () => {
    await using session = await openSession(browser);
    const { page, source, writer, picture } = session;
    const hash = () => shownHash(page, ".screen-canvas");
    await poll("the first picture is shown", async () => (await hash()) === pictureHash(picture));
    const next = random(77);
    for (let i = 0; i < 25; i++) {
      const rect = { x: Math.floor(next() * 1000), y: Math.floor(next() * 600) };
      const rects = [{ ...rect, width: 200, height: 120 }];
      const scroll = { rect: { x: 100, y: 90, width: 500, height: 300 }, dx: 0, dy: 16 };
      const copies = i % 3 === 0 ? [scroll] : [];
      for (const copy of copies) picture.copy(copy);
      for (const each of rects) picture.fill(each, (x, y) => (x * y * (i + 1)) & 0xffffff);
      source.send(await writer.update(picture, rects, copies));
    }
    await poll("all is acknowledged", () => source.acknowledged.length === 26);
    expect(source.acknowledged.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 26 }, (_, i) => i + 1),
    );
    await poll("the last picture is shown", async () => (await hash()) === pictureHash(picture));
    expect(session.stand.faults).toEqual([]);
  });

  it("answers a small update within a few milliseconds", async () => {
    await using session = await openSession(browser);
    const { source, writer, picture, host } = session;
    const rect = { x: 300, y: 200, width: 160, height: 20 };
    const tookMs: number[] = [];
    const endsAt = performance.now() + 2500;
    for (let i = 0; performance.now() < endsAt; i++) {
      picture.fill(rect, (x) => (x * i) & 0xffffff);
      const message = await writer.update(picture, [rect]);
      const sentAt = performance.now();
      const heard = source.heard();
      source.send(message);
      await heard;
      tookMs.push(performance.now() - sentAt);
    }
    await poll("the pane reports its figures", () => host.statistics.length > 0);
    const sorted = tookMs.sort((a, b) => a - b);
    const quantile = (q: number) => (sorted[Math.floor(sorted.length * q)] ?? 0).toFixed(2);
    const [figures] = host.statistics;
    process.stdout.write(
      `small update: paint p50 ${figures?.paintMsP50.toFixed(2)} ms ` +
        `p95 ${figures?.paintMsP95.toFixed(2)} ms; there and back p50 ${quantile(0.5)} ms ` +
        `p95 ${quantile(0.95)} ms, n=${tookMs.length}\n`,
    );
    expect(figures?.paintMsP50).toBeLessThan(3);
  });
});

describe("the stream", () => {
  it("comes by messages where there is no socket, three on their way at most", async () => {
    const host = new SessionHost();
    const acknowledged: number[] = [];
    let mostInFlight = 0;
    hearStream(host.handlers, { fromStream: () => acknowledged.push(1) });
    const options = { pane: "session", handlers: host.handlers } as const;
    await using stand = await PaneStand.open<SessionPane>(browser, options);
    await poll("the pane is ready", () => host.isReady);
    stand.end.command("state", sampleState());
    stand.end.command("stream", { stream: "messages" });
    const writer = new SurfaceWriter();
    const picture = new Picture(size.width, size.height);
    const messages = [writer.epoch(size)];
    for (let i = 0; i < 12; i++) {
      const rect = { x: i * 50, y: i * 30, width: 100, height: 80 };
      picture.fill(rect, (x, y) => (x * y + i) & 0xffffff);
      messages.push(await writer.update(picture, [rect]));
    }
    for (const message of messages) {
      await poll("there is room", () => stand.end.surfaceInFlight < 3);
      stand.end.sendSurface(message);
      mostInFlight = Math.max(mostInFlight, stand.end.surfaceInFlight);
    }
    await poll("all is acknowledged", () => acknowledged.length === 12);
    await poll("the picture is shown", async () => {
      return (await shownHash(stand.page, ".screen-canvas")) === pictureHash(picture);
    });
    expect(mostInFlight).toBeLessThanOrEqual(3);
  });

  it("is asked for again when it breaks, and the last picture stays meanwhile", async () => {
    await using session = await openSession(browser);
    const { host, source, page, picture } = session;
    await poll("the picture is shown", async () => {
      return (await shownHash(page, ".screen-canvas")) === pictureHash(picture);
    });
    source.cut();
    await poll("another is asked for", () => host.asked.includes("stream.request"));
    expect(await shownHash(page, ".screen-canvas")).toBe(pictureHash(picture));
  });

  it("that cannot be decoded is reported and asked for again", async () => {
    await using session = await openSession(browser);
    const { host, source } = session;
    const broken = { seq: 99, capturedMs: 0, copies: [], rects: [all] };
    const packed = Uint8Array.of(1, 2, 3, 4);
    source.send(surfaceMessage.encode({ type: "update", ...broken, packed }));
    await poll("another is asked for", () => host.asked.includes("stream.request"));
    expect(host.faults).toHaveLength(1);
  });
});

describe("mouse and keyboard", () => {
  it("send nothing without control, and offer to take it", async () => {
    await using session = await openSession(browser);
    const { page, source, host } = session;
    await page.locator(".screen-frame").click();
    await page.keyboard.type("secret");
    await page.getByRole("alert").getByText("Take control").click();
    await poll("control is asked for", () => host.asked.includes("control.take"));
    expect(source.input.filter(({ type }) => type !== "releaseAll")).toEqual([]);
    expect(host.grabs).toEqual([]);
  });

  it("hit exactly the pixel under the pointer", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source } = session;
    const frame = page.locator(".screen-frame");
    const box = await frame.boundingBox();
    if (!box) throw new Error("no screen");
    const scale = box.width / size.width;
    for (const pixel of [
      { x: 0, y: 0 },
      { x: 640, y: 400 },
      { x: 1279, y: 799 },
    ]) {
      source.input.length = 0;
      const position = { x: (pixel.x + 0.5) * scale, y: (pixel.y + 0.5) * scale };
      await page.mouse.move(box.x + position.x, box.y + position.y);
      await page.mouse.down();
      await page.mouse.up();
      await poll("the button is up", () =>
        source.input.some((m) => m.type === "button" && !m.down),
      );
      const buttons = source.input.filter(({ type }) => type === "button");
      expect(buttons).toEqual([
        { type: "button", button: 1, down: true, ...pixel },
        { type: "button", button: 1, down: false, ...pixel },
      ]);
    }
    source.input.length = 0;
    await page.mouse.wheel(0, -240);
    await poll("the wheel has turned", () => source.input.some(({ type }) => type === "wheel"));
    expect(source.input.find(({ type }) => type === "wheel")).toMatchObject({ dx: 0, dy: -2 });
  });

  it("keep a drag until the button is up, also outside the pane", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source } = session;
    const box = await page.locator(".screen-frame").boundingBox();
    if (!box) throw new Error("no screen");
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width + 150, box.y + 100, { steps: 5 });
    await page.mouse.up();
    await poll("the button is up", () => source.input.some((m) => m.type === "button" && !m.down));
    expect(source.input.at(-1)).toMatchObject({ type: "button", button: 1, down: false, x: 1279 });
  });

  it("give the keyboard away by a click and take it back by the chord", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source, host } = session;
    await page.evaluate(() => {
      Reflect.set(window, "leaked", 0);
      addEventListener("keydown", () => {
        Reflect.set(window, "leaked", Number(Reflect.get(window, "leaked")) + 1);
      });
    });
    await page.locator(".screen-frame").click();
    await poll("the keyboard is given", () => host.grabs.includes(true));
    await page.keyboard.type("aé€");
    await page.keyboard.press("Control+Shift+P");
    await page.keyboard.press("Tab");
    await poll("Tab is sent", () => keys(source).includes("-ff09"));
    const typed = ["+61", "-61", "+ffe3", "+ffe1", "+50", "-50", "-ffe1", "-ffe3"];
    expect(keys(source).filter((key) => typed.includes(key))).toEqual(typed);
    expect(source.input.filter(({ type }) => type === "text")).toEqual([
      { type: "text", text: "é" },
      { type: "text", text: "€" },
    ]);
    expect(await page.evaluate(() => Reflect.get(window, "leaked") as number)).toBe(0);
    await page.keyboard.press("Control+Alt+Shift");
    await poll("the keyboard is back", () => host.grabs.at(-1) === false);
    await poll("all is released", () => source.input.at(-1)?.type === "releaseAll");
    await page.keyboard.press("F1");
    expect(await page.evaluate(() => Reflect.get(window, "leaked") as number)).toBe(1);
  });

  it("trap nobody: Tab passes over the screen, Enter gives the keyboard", async () => {
    await using session = await openSession(browser, controlled);
    const { page, host, source } = session;
    const screen = page.getByRole("textbox", { name: "Screen of LOKI" });
    await screen.focus();
    await page.keyboard.press("Tab");
    expect(await screen.evaluate((box) => box === document.activeElement)).toBe(false);
    await page.keyboard.press("Shift+Tab");
    expect(await screen.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(keys(source)).toEqual([]);
    await page.keyboard.press("Enter");
    await poll("the keyboard is given", () => host.grabs.at(-1) === true);
    await page.keyboard.press("b");
    await poll("the key is sent", () => keys(source).includes("-62"));
    expect(keys(source)).toEqual(["+62", "-62"]);
  });

  it("release everything when the focus goes elsewhere", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source, host } = session;
    await page.locator(".screen-frame").click();
    await page.keyboard.down("Shift");
    await page.getByRole("textbox", { name: "Write a message" }).focus();
    await poll("the keyboard is back", () => host.grabs.at(-1) === false);
    await poll("all is released", () => source.input.at(-1)?.type === "releaseAll");
    await page.keyboard.up("Shift");
  });

  it("send what an input method composes as text", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source } = session;
    await page.locator(".screen-frame").click();
    const devTools = await page.context().newCDPSession(page);
    await devTools.send("Input.imeSetComposition", {
      ...{ text: "かん", selectionStart: 2, selectionEnd: 2 },
    });
    await devTools.send("Input.insertText", { text: "漢字" });
    await poll("the text is sent", () => source.input.some(({ type }) => type === "text"));
    expect(source.input.filter(({ type }) => type === "text")).toEqual([
      { type: "text", text: "漢字" },
    ]);
  });

  it("send special keys from the menu", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source } = session;
    await page.getByRole("button", { name: "Send keys" }).click();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await poll("the keys are sent", () => keys(source).length >= 6);
    expect(keys(source)).toEqual(["+ffe3", "+ffe9", "+ffff", "-ffff", "-ffe9", "-ffe3"]);
  });
});

describe("the pane", () => {
  it("saves a screenshot of exactly what is on the remote screen", async () => {
    await using session = await openSession(browser);
    const { page, host, picture } = session;
    await page.getByRole("button", { name: "Save screenshot" }).click();
    const [shot] = await poll("it is saved", () => host.screenshots.length > 0 && host.screenshots);
    expect(shot).toMatchObject(size);
    const bytes = Array.from(shot?.png ?? []);
    await page.evaluate(async (png) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(png)]));
      const canvas = document.createElement("canvas");
      canvas.id = "shot";
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
      document.body.append(canvas);
    }, bytes);
    expect(await shownHash(page, "#shot")).toBe(pictureHash(picture));
  });

  it("shows one monitor, and follows a click there", async () => {
    await using session = await openSession(browser, controlled);
    const { page, source, writer, picture } = session;
    const half = { y: 0, width: 640, height: 800 };
    source.send(
      writer.epoch(size, [
        { id: 1, x: 0, ...half, primary: true, name: "HDMI-1" },
        { id: 2, x: 640, ...half, primary: false, name: "HDMI-2" },
      ]),
    );
    source.send(await writer.update(picture, [all]));
    await page.getByLabel("Monitor").selectOption({ label: "HDMI-2 (640 × 800)" });
    const box = await page.locator(".screen-frame").boundingBox();
    if (!box) throw new Error("no screen");
    expect(box.width / box.height).toBeCloseTo(0.8, 1);
    await page.mouse.click(box.x + 0.5, box.y + box.height / 2);
    await poll("the button is sent", () => source.input.some(({ type }) => type === "button"));
    expect(source.input.find(({ type }) => type === "button")).toMatchObject({ x: 640 });
  });

  it("names every control, and says states to a screen reader", async () => {
    await using session = await openSession(browser, controlled);
    const { page, stand } = session;
    const unnamed = await page.evaluate(() => {
      const controls = [...document.querySelectorAll("button, select, textarea, input")];
      const nameOf = (control: Element) =>
        (control.getAttribute("aria-label") ?? "") + (control.textContent ?? "").trim();
      return controls.filter((control) => nameOf(control) === "").map((each) => each.outerHTML);
    });
    expect(unnamed).toEqual([]);
    await page.getByRole("toolbar", { name: "Session tools" }).waitFor();
    await page.getByRole("log", { name: "Chat" }).waitFor({ state: "attached" });
    const asked = { ...controlled.session.permissions, view: "asked" } as const;
    stand.end.command("state", sampleState({}, { permissions: asked }));
    await page.getByRole("status").getByText("Ann Moreau is being asked…").waitFor();
    stand.end.command("state", sampleState({}, { state: "ended", endedAt: Date.now() }));
    await page.getByRole("heading", { name: "The session has ended" }).waitFor();
  });
});

describe("the tools", () => {
  it("stay in one row at every width, in French too, and are named when they show no words", async () => {
    const state = { ...controlled, language: "fr" } as const;
    await using session = await openSession(browser, state, { language: "fr" });
    const { page } = session;
    const end = page.getByRole("button", { name: "Terminer la session" });
    for (const width of [920, 640, 480, 360]) {
      await page.setViewportSize({ width, height: 700 });
      const { rows, overflow } = await page.locator(".toolbar").evaluate((bar) => {
        const shown = [...bar.children].filter((each) => each.getClientRects().length > 0);
        const middles = shown
          .map((each) => each.getBoundingClientRect())
          .map((at) => at.y * 2 + at.height);
        const spread = Math.max(...middles) - Math.min(...middles);
        return {
          rows: spread > 12 ? "several" : "one",
          overflow: bar.scrollWidth - bar.clientWidth,
        };
      });
      expect({ width, rows, overflow }).toEqual({ width, rows: "one", overflow: 0 });
      await end.waitFor();
    }
    await page.getByRole("button", { name: "Rendre la main" }).waitFor();
  });

  it("do not move the picture when the keyboard has something to say, and rest after the end", async () => {
    await using session = await openSession(browser, sampleState());
    const { page, stand } = session;
    const top = async () => (await page.locator(".screen-frame").boundingBox())?.y;
    const before = await top();
    stand.end.command("state", controlled);
    await page.locator(".hint", { hasText: "Click the screen" }).waitFor();
    expect(await top()).toBe(before);
    const over = { ...controlled.session, state: "ended", endedAt: Date.now() } as const;
    stand.end.command("state", { ...controlled, session: over });
    for (const name of ["View only: send nothing", "Actual size (1:1)", "Save screenshot"]) {
      await page.getByRole("button", { name, disabled: true }).waitFor();
    }
  });
});

describe("screenshots", () => {
  const looks = [
    { name: "light", theme: "vscode-light" },
    { name: "dark", theme: "vscode-dark" },
    { name: "high-contrast", theme: "vscode-high-contrast" },
    { name: "narrow-french", theme: "vscode-dark", language: "fr", width: 600 },
  ] as const;

  it.each(looks)("of the session in $name", async ({ name, theme, ...look }) => {
    const language: PaneLanguage = "language" in look ? look.language : "en";
    const viewport = { width: "width" in look ? look.width : 1180, height: 720 };
    const state = { ...controlled, language };
    await using session = await openSession(browser, state, { theme, language, viewport });
    const { page, stand, host } = session;
    const chat = [
      said(1, "Hello, my printer prints half a page only.", "Ann Moreau"),
      said(2, "Good morning Ann, let me have a look.", "Rita Keller", "1".repeat(32)),
      said(3, "The manual is at https://example.org/manual", "Ann Moreau"),
    ];
    const events = [
      happened(1, "session.accepted", "Rita Keller"),
      happened(2, "control.granted", "Ann Moreau"),
      happened(3, "control.taken", "Rita Keller"),
    ];
    stand.end.command("history", { chat, events, notes: [] });
    stand.end.command("chat.typing", { name: "Ann Moreau" });
    await page.screenshot({ path: await artifact(`screen-${name}-1-chat.png`) });
    await page.locator(".screen-frame").click();
    await poll("the keyboard is given", () => host.grabs.includes(true));
    stand.end.command("view.set", { side: "information" });
    await page.screenshot({ path: await artifact(`screen-${name}-2-grabbed.png`) });
    const refused = { ...state.session.permissions, view: "refused" } as const;
    const refusal = { ...state.session, permissions: refused };
    stand.end.command("state", { ...state, session: refusal, view: sideView("events") });
    stand.end.command("warning", {
      code: "disk-full",
      text: "Recording has stopped: the disk is full.",
      at: 0,
    });
    await page.locator(".card").waitFor();
    await page.screenshot({ path: await artifact(`screen-${name}-3-refused.png`) });
    expect(session.stand.faults).toEqual([]);
  });
});

function sideView(side: "events" | "chat") {
  return { zoom: "fit", monitor: "all", viewOnly: false, side } as const;
}

function keys(source: StreamSource): string[] {
  return source.input.flatMap((message) =>
    message.type === "key" ? [`${message.down ? "+" : "-"}${message.keysym.toString(16)}`] : [],
  );
}
