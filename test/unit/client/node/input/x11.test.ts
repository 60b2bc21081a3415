import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { InputSink } from "../../../../../appliance/client/core/host.ts";
import { openX11Input } from "../../../../../appliance/client/node/input/x11.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";
import { Program } from "../../../../support/processes.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const keysym = {
  backSpace: 0xff08,
  tab: 0xff09,
  return: 0xff0d,
  left: 0xff51,
  f5: 0xffc2,
  keypad7: 0xffb7,
  shift: 0xffe1,
  control: 0xffe3,
  capsLock: 0xffe5,
  numLock: 0xff7f,
  altGr: 0xfe03,
  deadCircumflex: 0xfe52,
  deadDiaeresis: 0xfe57,
  euro: 0x20ac,
};

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join("");
/** What a French keyboard shows beyond ASCII, on its keys and with AltGr. */
const french = "éèçàù²µ§£¤°€";

/** A terminal that writes every byte it gets into a file, as it is. */
class Typewriter {
  readonly #file: string;

  static async open(desktop: Desktop, name: string): Promise<Typewriter> {
    const file = path.join(desktop.home, name);
    const raw = `stty raw -echo; touch ${file}; exec cat >> ${file}`;
    opened.push(desktop.open("xterm", ["-T", name, "-u8", "-e", "sh", "-c", raw]));
    await focus(await desktop.window(name));
    await poll("the terminal listens", async () => (await readFile(file)).length === 0);
    return new Typewriter(file);
  }

  constructor(file: string) {
    this.#file = file;
  }

  /** Waits until as much as this has arrived, then expects it to be this and no more. */
  async expectText(expected: string): Promise<void> {
    const read = (): Promise<string> => readFile(this.#file, "utf8");
    await poll("the text arrives", async () => (await read()).length >= expected.length, 4_000)
      // The comparison below says better what is wrong.
      .catch(() => undefined);
    expect(await read()).toBe(expected);
  }
}

function tap(input: InputSink, ...symbols: number[]): void {
  for (const symbol of symbols) {
    input.key(symbol, true);
    input.key(symbol, false);
  }
}

/** Keysyms of characters up to U+00FF are their code points; the euro sign has its own. */
function symbolOf(character: string): number {
  return character === "€" ? keysym.euro : (character.codePointAt(0) ?? 0);
}

let desktop: Desktop;
let input: InputSink;
let count = 0;
const opened: Program[] = [];

/** xdotool's own `--sync` waits for ever when the window manager has other ideas in between. */
async function focus(id: string): Promise<void> {
  await poll("the window has the focus", async () => {
    await desktop.xdotool("windowfocus", id);
    return (await desktop.xdotool("getwindowfocus")) === id;
  });
}

async function setLayout(...args: string[]): Promise<void> {
  expect(await desktop.open("setxkbmap", args).ended()).toBe(0);
}

async function keyMap(): Promise<string> {
  const program = desktop.open("xmodmap", ["-pke"]);
  await program.ended();
  return program.output;
}

/** Lines that xev writes for a window of its own while `act` runs, up to `last`. */
async function observe(act: () => void, last: RegExp): Promise<string> {
  const xev = desktop.open("xev", ["-geometry", "300x300+200+200", "-name", `xev-${count++}`]);
  await focus(await desktop.window(`xev-${count - 1}`));
  await desktop.xdotool("mousemove", "350", "350");
  await xev.line(/FocusIn event/);
  const before = xev.output.length;
  act();
  await xev.until("it has seen all", () => last.test(xev.output.slice(before)), 4_000);
  const seen = xev.output.slice(before);
  await xev[Symbol.asyncDispose]();
  return seen;
}

beforeAll(async () => {
  desktop = await Desktop.start();
});
afterAll(async () => desktop[Symbol.asyncDispose]());
beforeEach(() => {
  input = openX11Input({ display: desktop.display });
});
afterEach(async () => {
  input[Symbol.dispose]();
  for (const program of opened.splice(0)) await program[Symbol.asyncDispose]();
});

describe.each([["us"], ["fr"], ["de"]])("a %s keyboard", (layout) => {
  let typewriter: Typewriter;
  beforeEach(async () => {
    await setLayout(layout);
    typewriter = await Typewriter.open(desktop, `${layout}-${count++}`);
  });

  test("every printable character arrives as itself by its key", async () => {
    tap(input, ...[...(ascii + french)].map(symbolOf));
    await typewriter.expectText(ascii + french);
  });

  test("text with characters that no keyboard has arrives as it is", async () => {
    const text = `Héllo “wörld” – ${french} 漢字かな 😀🦊 ẞ ½ ñ Ω Ж ش ∑\ttab\nend`;
    await input.text(text);
    await typewriter.expectText(text.replaceAll("\n", "\r"));
  });

  test("Caps lock changes no character", async () => {
    tap(input, keysym.capsLock);
    await input.text("aAéÉ1&");
    tap(input, ...[..."bB1"].map(symbolOf));
    tap(input, keysym.capsLock);
    await typewriter.expectText("aAéÉ1&bB1");
  });

  test("a character arrives as itself also while Shift or AltGr is held", async () => {
    for (const held of [keysym.shift, keysym.altGr]) {
      input.key(held, true);
      tap(input, ...[..."aA1!@#é"].map(symbolOf));
      input.key(held, false);
    }
    await typewriter.expectText("aA1!@#éaA1!@#é");
  });

  test("Control with a letter is a control character", async () => {
    input.key(keysym.control, true);
    tap(input, symbolOf("c"), symbolOf("a"));
    input.key(keysym.control, false);
    tap(input, symbolOf("c"), keysym.return, keysym.tab, keysym.left);
    await typewriter.expectText("\x03\x01c\r\t\x1b[D");
  });

  test("a dead key waits for its letter", async () => {
    tap(input, keysym.deadCircumflex, symbolOf("e"), keysym.deadDiaeresis, symbolOf("I"));
    await typewriter.expectText("êÏ");
  });

  test("Shift+Tab stays Shift+Tab", async () => {
    input.key(keysym.shift, true);
    tap(input, keysym.tab);
    input.key(keysym.shift, false);
    tap(input, keysym.f5);
    await typewriter.expectText("\x1b[Z\x1b[15~");
  });

  test("digits of the number pad arrive with and without Num lock", async () => {
    tap(input, keysym.keypad7, keysym.numLock, keysym.keypad7, keysym.numLock);
    await typewriter.expectText("77");
  });
});

describe("order and repetition", () => {
  test("what is called during a text takes effect after it", async () => {
    await setLayout("us");
    const typewriter = await Typewriter.open(desktop, "order");
    const first = input.text("漢");
    tap(input, symbolOf("1"));
    const second = input.text("字".repeat(60));
    tap(input, symbolOf("2"));
    await Promise.all([first, second]);
    await typewriter.expectText(`漢1${"字".repeat(60)}2`);
  });

  test("a long text of many different characters arrives whole", async () => {
    await setLayout("us");
    const typewriter = await Typewriter.open(desktop, "long");
    const text = Array.from({ length: 90 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7));
    await input.text(text.join(""));
    await typewriter.expectText(text.join(""));
  });

  test("a held key does not repeat by itself, a second press repeats it", async () => {
    await setLayout("us");
    const typewriter = await Typewriter.open(desktop, "repeat");
    input.key(symbolOf("x"), true);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    input.key(symbolOf("x"), true);
    input.key(symbolOf("x"), false);
    tap(input, symbolOf("y"));
    await typewriter.expectText("xxy");
    const state = desktop.open("xset", ["q"]);
    await state.ended();
    expect(state.output).toContain("auto repeat:  on");
  });

  test("a layout that changes while the client runs is followed", async () => {
    await setLayout("us");
    const typewriter = await Typewriter.open(desktop, "layouts");
    tap(input, ...[..."azerty1!"].map(symbolOf));
    await typewriter.expectText("azerty1!");
    await setLayout("fr");
    tap(input, ...[..."azerty1!é"].map(symbolOf));
    await setLayout("us,ru", "-option", "grp:alt_shift_toggle");
    tap(input, ...[..."azerty1!é"].map(symbolOf));
    await typewriter.expectText("azerty1!azerty1!éazerty1!é");
  });
});

describe("pointer and release", () => {
  beforeEach(() => setLayout("us"));

  test("the wheel turns both ways on both axes, and parts of a notch add up", async () => {
    const seen = await observe(() => {
      input.wheel(0, 1);
      input.wheel(0, -1);
      input.wheel(1, 0);
      input.wheel(-1, 0);
      input.wheel(0, 0.5);
      input.wheel(0, 0.5);
      input.pointerButton(3, true);
      input.pointerButton(3, false);
    }, /ButtonRelease[^]*button 3/);
    const pressed = [...seen.matchAll(/ButtonPress event[^]*?button (\d)/g)].map(([, one]) => one);
    expect(pressed).toEqual(["5", "4", "7", "6", "5", "3"]);
  });

  test("the pointer goes where it is sent, and the swapped buttons of the left-handed are undone", async () => {
    await desktop.open("xmodmap", ["-e", "pointer = 3 2 1 4 5 6 7 8 9"]).ended();
    const seen = await observe(() => {
      input.pointerMove(320, 340);
      input.pointerButton(1, true);
      input.pointerButton(1, false);
    }, /ButtonRelease/);
    await desktop.open("xmodmap", ["-e", "pointer = default"]).ended();
    expect(seen).toMatch(/ButtonPress[^]*?root:\(320,340\)[^]*?button 1/);
  });

  test("releaseAll lets go of every key and button", async () => {
    const seen = await observe(() => {
      input.key(keysym.control, true);
      input.key(keysym.shift, true);
      input.key(symbolOf("Q"), true);
      input.pointerButton(1, true);
      input.releaseAll();
      input.key(symbolOf("z"), true);
      input.key(symbolOf("z"), false);
    }, /KeyRelease[^]*keysym 0x7a/);
    for (const name of ["Control_L", "Shift_L", "Q"]) {
      expect(seen).toMatch(new RegExp(`KeyRelease[^]*?, ${name}\\)`));
    }
    expect(seen).toMatch(/ButtonRelease/);
    expect(seen).toMatch(/KeyPress event[^K]*state 0x0, keycode \d+ \(keysym 0x7a, z\)/);
  });

  test("releaseAll ends a text that is being typed, and its promise", async () => {
    const typewriter = await Typewriter.open(desktop, "cut");
    const first = input.text("a".repeat(2_000));
    const second = input.text("never");
    input.releaseAll();
    await Promise.all([first, second]);
    tap(input, symbolOf("z"));
    await typewriter.expectText("z");
  });

  test("spare keys are given back at the end", async () => {
    const before = await keyMap();
    await input.text("漢字");
    expect(await keyMap()).not.toBe(before);
    input[Symbol.dispose]();
    await poll("the map is as before", async () => (await keyMap()) === before);
  });

  test("spare keys that a killed client left behind are found again", async () => {
    const typewriter = await Typewriter.open(desktop, "abandoned");
    const codes = (await keyMap()).split("\n").filter((line) => /=\s*$/.test(line));
    const used = codes.map((line) => ["-e", `${line.trim()} U5B57 U6F22`]).flat();
    await desktop.open("xmodmap", used).ended();
    await input.text("あ");
    tap(input, symbolOf("1"));
    await typewriter.expectText("あ1");
  });

  test("a lost server leaves every call harmless", async () => {
    const xvfb = new Program("Xvfb", { args: ["-displayfd", "1", "-screen", "0", "320x200x24"] });
    const display = `:${(await xvfb.line(/^(\d+)\n/m)).at(1) ?? ""}`;
    using orphan = openX11Input({ display });
    orphan.key(symbolOf("a"), true);
    await xvfb[Symbol.asyncDispose]();
    orphan.key(symbolOf("a"), false);
    orphan.pointerMove(1, 1);
    await orphan.text("a漢");
    orphan.releaseAll();
  });
});
