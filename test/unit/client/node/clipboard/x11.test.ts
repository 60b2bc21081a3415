import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeText, maxClipboardBytes } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ClipboardHost } from "../../../../../appliance/client/core/clipboard/host.ts";
import {
  type AtomName,
  SelectionDisplay,
  type SelectionEvent,
} from "../../../../../appliance/client/node/clipboard/selection-display.ts";
import { openX11Clipboard } from "../../../../../appliance/client/node/clipboard/x11.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { encodePng } from "../../../../support/png.ts";
import { poll } from "../../../../support/poll.ts";
import { copyOn, pasteOn } from "../../../../support/xclip.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let desktop: Desktop;
let clipboard: ClipboardHost;
let cleanup: DisposableStack;
beforeAll(async () => {
  desktop = await Desktop.start({ width: 320, height: 240 });
});
afterAll(() => desktop[Symbol.asyncDispose]());
beforeEach(() => {
  cleanup = new DisposableStack();
  clipboard = cleanup.use(openX11Clipboard({ display: desktop.display }));
});
afterEach(() => cleanup.dispose());

/** Lines of all alphabets, so that no cut falls between characters by chance. */
function longText(sizeBytes: number): string {
  const line = "Zoë ➜ naïve — Привет, 世界 👩‍🔧 0123456789\n";
  return line.repeat(Math.ceil(sizeBytes / Buffer.byteLength(line)));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A picture that does not pack well, so that it is as large as it looks. */
function picture(width: number, height: number): Buffer {
  return encodePng({ width, height, data: randomBytes(width * height * 4) });
}

async function readText(): Promise<string> {
  const reading = await clipboard.read();
  if (!("copy" in reading)) throw new Error(`nothing: ${reading.none}`);
  expect(reading.copy.format).toBe("text");
  expect(reading.sha256).toBe(sha256(reading.copy.bytes));
  return Buffer.from(reading.copy.bytes).toString("utf8");
}

describe("what other programs have copied", () => {
  it("is read: text of all alphabets", async () => {
    await copyOn(desktop, "Zoë 世界 👩‍🔧\nline two");
    expect(await readText()).toBe("Zoë 世界 👩‍🔧\nline two");
  });

  it("is read part by part (INCR) when it is long", async () => {
    const text = longText(5 * 1024 * 1024);
    await copyOn(desktop, text);
    expect((await readText()) === text).toBe(true);
  });

  it("is read: an image", async () => {
    const image = picture(700, 500);
    await copyOn(desktop, image, "image/png");
    const reading = await clipboard.read();
    expect("copy" in reading && reading.copy.format).toBe("png");
    expect("copy" in reading && image.equals(reading.copy.bytes)).toBe(true);
  });

  it("is told of as it is copied, and what was placed here is not", async () => {
    let times = 0;
    clipboard.onChange((more) => (times += more));
    await clipboard.place({ format: "text", bytes: encodeText("ours") });
    await copyOn(desktop, "theirs");
    await poll("it is told of", () => times > 0);
    expect(times).toBe(1);
  });

  it("is nothing where nothing was copied that can be given", async () => {
    await copyOn(desktop, "<b>", "text/html");
    expect(await clipboard.read()).toEqual({ none: "format" });
  });
});

it("hears what Xlib has read while it was sending", async () => {
  const display = cleanup.use(new SelectionDisplay(desktop.display));
  const window = display.openWindow();
  let heard = 0;
  display.on((event) => void (event.on === "property" && heard++));
  // By then nothing looks by itself any more.
  await sleep(500);
  const property = display.atom("HANDRAIL_TIME");
  const type = display.atom("INTEGER");
  display.putProperty({ window, property }, { type, format: 8, bytes: new Uint8Array(0) });
  // The server answers meanwhile, and the next flush finds it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  display.watchOwner(window, display.atom("CLIPBOARD"));
  await poll("it is heard", () => heard === 1, 5_000);
});

describe("what is placed", () => {
  it("is pasted by other programs, as each wants it", async () => {
    const text = "Zoë 世界 👩‍🔧";
    const bytes = encodeText(text);
    expect(await clipboard.place({ format: "text", bytes })).toBe(sha256(bytes));
    expect((await pasteOn(desktop)).toString("utf8")).toBe(text);
    expect((await pasteOn(desktop, "text/plain;charset=utf-8")).toString("utf8")).toBe(text);
    const targets = (await pasteOn(desktop, "TARGETS")).toString("utf8").split("\n");
    expect(targets).toContain("UTF8_STRING");
    expect(targets).not.toContain("image/png");
    await expect(pasteOn(desktop, "image/png")).rejects.toThrow();
    expect(await readText()).toBe(text);
  });

  it("is given part by part (INCR) when it is long, to several at once", async () => {
    const text = longText(5 * 1024 * 1024);
    await clipboard.place({ format: "text", bytes: encodeText(text) });
    const all = await Promise.all([pasteOn(desktop), pasteOn(desktop), pasteOn(desktop)]);
    for (const pasted of all) expect(pasted.toString("utf8") === text).toBe(true);
  });

  it("is pasted as an image", async () => {
    const bytes = picture(700, 500);
    await clipboard.place({ format: "png", bytes });
    expect(bytes.equals(await pasteOn(desktop, "image/png"))).toBe(true);
  });

  it("is there no longer once somebody copies, or the clipboard is let go", async () => {
    await clipboard.place({ format: "text", bytes: encodeText("ours") });
    await copyOn(desktop, "theirs");
    expect((await pasteOn(desktop)).toString("utf8")).toBe("theirs");
    await clipboard.place({ format: "text", bytes: encodeText("ours again") });
    expect((await pasteOn(desktop)).toString("utf8")).toBe("ours again");
    cleanup.dispose();
    await poll("nobody owns the clipboard", () =>
      pasteOn(desktop).then(
        () => false,
        () => true,
      ),
    );
  });
});

type Request = SelectionEvent & { on: "request" };

/** A program that owns the clipboard and does as the test says. */
class Owner implements Disposable {
  readonly display = new SelectionDisplay(desktop.display);
  readonly window = this.display.openWindow();

  constructor(answer: (request: Request, owner: Owner) => void) {
    this.display.on((event) => {
      if (event.on === "request") answer(event, this);
    });
    this.display.setOwner(this.display.atom("CLIPBOARD"), this.window, 0);
    expect(this.display.owner(this.display.atom("CLIPBOARD"))).toBe(this.window);
  }

  asked(request: Request): AtomName | undefined {
    const names = ["TARGETS", "UTF8_STRING", "image/png", "x-kde-passwordManagerHint"] as const;
    return names.find((name) => this.display.atom(name) === request.target);
  }

  give({ requestor, property, target }: Request, bytes: Uint8Array, type = target): void {
    this.display.putProperty({ window: requestor, property }, { type, format: 8, bytes });
  }

  /** As its targets, or the length of what comes part by part. */
  giveNumbers(request: Request, type: "ATOM" | "INCR", numbers: readonly number[]): void {
    const { requestor: window, property } = request;
    const bytes = new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer);
    const value = { type: this.display.atom(type), format: 32 as const, bytes };
    this.display.putProperty({ window, property }, value);
    this.display.answer(request, property);
  }

  giveTargets(request: Request, names: readonly AtomName[]): void {
    const atoms = names.map((name) => this.display.atom(name));
    this.giveNumbers(request, "ATOM", atoms);
  }

  [Symbol.dispose](): void {
    this.display[Symbol.dispose]();
  }
}

/** The clipboard of a program that is to be quick. */
function impatient(): ClipboardHost {
  const times = { stepMs: 500, totalMs: 1500 };
  return cleanup.use(openX11Clipboard({ display: desktop.display, times }));
}

describe("a program that is hostile, or broken", () => {
  it("is not waited for when it never answers", async () => {
    cleanup.use(new Owner(() => undefined));
    expect(await impatient().read()).toEqual({ none: "too-slow" });
  });

  it("is not waited for when it promises parts and gives none", async () => {
    cleanup.use(
      new Owner((request, owner) => {
        if (owner.asked(request) === "TARGETS") owner.giveTargets(request, ["UTF8_STRING"]);
        else owner.giveNumbers(request, "INCR", [1000]);
      }),
    );
    expect(await impatient().read()).toEqual({ none: "too-slow" });
  });

  it.each([
    ["too much", 4 * 1024 * 1024, "too-large"],
    ["little by little for ever", 1, "too-slow"],
  ] as const)("is stopped when it gives %s", async (_title, partBytes, none) => {
    const part = new Uint8Array(Math.min(partBytes, 200_000)).fill(0x61);
    let given = 0;
    cleanup.use(
      new Owner((request, owner) => {
        if (owner.asked(request) === "TARGETS") return owner.giveTargets(request, ["UTF8_STRING"]);
        owner.display.watchProperties(request.requestor);
        owner.display.on((event) => {
          const isTaken = event.on === "property" && event.isDeleted;
          if (!isTaken || event.window !== request.requestor) return;
          given += part.length;
          owner.give(request, part);
        });
        owner.giveNumbers(request, "INCR", [1]);
      }),
    );
    const times = { stepMs: 5000, totalMs: none === "too-slow" ? 1000 : 30_000 };
    const reader = cleanup.use(openX11Clipboard({ display: desktop.display, times }));
    expect(await reader.read()).toEqual({ none });
    expect(given).toBeLessThan(maxClipboardBytes.text + 1024 * 1024);
  });

  it("gives no secret of a password manager", async () => {
    let wasGiven = false;
    cleanup.use(
      new Owner((request, owner) => {
        const asked = owner.asked(request);
        if (asked === "TARGETS") {
          return owner.giveTargets(request, ["UTF8_STRING", "x-kde-passwordManagerHint"]);
        }
        wasGiven ||= asked === "UTF8_STRING";
        owner.give(request, encodeText("secret"));
        owner.display.answer(request, request.property);
      }),
    );
    expect(await clipboard.read()).toEqual({ none: "secret" });
    expect(wasGiven).toBe(false);
  });

  it("gives no image that is none", async () => {
    await copyOn(desktop, "<svg onload=alert(1)>", "image/png");
    expect(await clipboard.read()).toEqual({ none: "format" });
  });

  it("that asks for a long text and does not take it does not keep others from it", async () => {
    const text = longText(1024 * 1024);
    await clipboard.place({ format: "text", bytes: encodeText(text) });
    const greedy = cleanup.use(new SelectionDisplay(desktop.display));
    const [selection, target] = [greedy.atom("CLIPBOARD"), greedy.atom("UTF8_STRING")];
    for (let asked = 0; asked < 10; asked++) {
      const window = greedy.openWindow();
      greedy.convert({ selection, target, window, property: greedy.atom("HANDRAIL_COPY") });
    }
    expect((await pasteOn(desktop)).toString("utf8") === text).toBe(true);
  });
});
