import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  HelpQuestion,
  HelpWindow,
  HelpWindowState,
  HelpWindowTexts,
} from "../../../../../appliance/client/core/host.ts";
import { openGtkWindow } from "../../../../../appliance/client/node/window/gtk-window.ts";
import { artifact } from "../../../../support/artifacts.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";
import { root } from "../../../../support/root.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 });

const texts: HelpWindowTexts = {
  title: "Remote support – {site}",
  representatives: "Helping you",
  allowed: "Allowed now",
  recording: "This session is being recorded",
  chat: "Conversation",
  chatEntry: "Write a message",
  send: "S_end",
  you: "You",
  typing: "{name} is writing…",
  nudged: "{name} asks you to look here",
  offered: "Click to open this page:",
  saveFile: "Save",
  pickFile: "_File…",
  pickFileTitle: "Send a file",
  pickFileCancel: "Ca_ncel",
  stop: "_Stop",
  takeBack: "_Take back",
  secondsLeft: "No answer within {seconds} s means no.",
  closeTitle: "Stop the help?",
  closeBody: "Closing this window ends the session.",
  closeStop: "_Yes, stop",
  closeKeep: "_Keep the window",
};

const state: HelpWindowState = {
  siteName: "ACME Support",
  representatives: ["Ann Martin"],
  status: "Connected",
  allowed: ["Can see your screen", "Can use your mouse and keyboard"],
  recording: true,
};

const question: HelpQuestion = {
  id: "control",
  title: "May Ann Martin use your mouse and keyboard?",
  body: "You can take it back at any time with Stop.",
  allowLabel: "_Allow",
  refuseLabel: "_Refuse",
  timeoutMs: 60_000,
};

const keyQuestion = {
  title: "Enter your session key",
  body: "Your representative tells you the 7 digits.",
  okLabel: "_Connect",
  cancelLabel: "Ca_ncel",
};

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

let desktop: Desktop;
let window: HelpWindow;

async function find(): Promise<string> {
  const id = await desktop.window("ACME Support");
  await poll("the window has the focus", async () => {
    await desktop.xdotool("windowfocus", id);
    return (await desktop.xdotool("getwindowfocus")) === id;
  });
  return id;
}

async function placeOf(id: string): Promise<Place> {
  const output = await desktop.xdotool("getwindowgeometry", "--shell", id);
  const number = (name: string): number =>
    Number(new RegExp(`^${name}=(\\d+)`, "m").exec(output)?.[1]);
  return { x: number("X"), y: number("Y"), width: number("WIDTH"), height: number("HEIGHT") };
}

async function click(x: number, y: number): Promise<void> {
  await desktop.xdotool("mousemove", String(Math.round(x)), String(Math.round(y)), "click", "1");
}

/** A question answers nothing in its first second, and in the second after a key of writing. */
function untilItTakesAnswers(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_200));
}

/** The process of the window opened last. */
function windowProcess(): number {
  const children = execFileSync("pgrep", ["-P", String(process.pid), "-f", "window-process"]);
  return Number(children.toString().trim().split("\n").at(-1));
}

beforeAll(async () => {
  desktop = await Desktop.start();
  for (const [name, value] of Object.entries(desktop.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desktop[Symbol.asyncDispose]();
});
beforeEach(async () => {
  window = await openGtkWindow({
    texts,
    siteName: "ACME Support",
    display: desktop.display,
    locale: "en",
  });
});
afterEach(async () => {
  window[Symbol.dispose]();
  await poll("the window is gone", async () => {
    const found = await desktop.xdotool("search", "--name", "").catch(() => "");
    const names = found
      .split("\n")
      .map((id) => desktop.xdotool("getwindowname", id).catch(() => ""));
    return !(await Promise.all(names)).some((name) => name.includes("Remote support"));
  });
});

describe("the help window", () => {
  test("is small, above the others, and on every workspace", async () => {
    window.show(state);
    window.addChat({ from: "Ann Martin", text: "Hello, let me look at it.", mine: false, at: 0 });
    window.addChat({ from: "", text: "Thank you!", mine: true, at: 60_000 });
    const id = await find();
    const { width, height } = await placeOf(id);
    expect(width).toBe(400);
    // Room for some of the conversation included.
    expect(height).toBeLessThanOrEqual(560);
    const xprop = desktop.open("xprop", ["-id", id, "_NET_WM_STATE", "_NET_WM_DESKTOP"]);
    await xprop.ended();
    expect(xprop.output).toContain("_NET_WM_STATE_ABOVE");
    expect(xprop.output).toContain("= 4294967295");
    await desktop.xdotool("windowminimize", id);
    await poll("it is back", () => desktop.xdotool("search", "--onlyvisible", "--name", "ACME"));
    await desktop.screenshot(await artifact("help-window.png"));
  });

  test("shows much of what is allowed, and of the conversation, where there is room", async () => {
    const allowed = Array.from({ length: 24 }, (_, at) => `Something can be done, number ${at}`);
    window.show({ ...state, allowed });
    for (let at = 0; at < 9; at++) {
      window.addChat({ from: "Ann Martin", text: `Line ${at}`, mine: false, at: at * 60_000 });
    }
    const id = await find();
    await poll("it has grown", async () => (await placeOf(id)).height > 580);
    expect((await placeOf(id)).height).toBeLessThanOrEqual(740);
    const answer = window.ask(question);
    await desktop.screenshot(await artifact("help-window-room.png"));
    window.show(state);
    window[Symbol.dispose]();
    expect(await answer).toBe(false);
  });

  test("keeps Stop on a small screen, however much is allowed and asked", async () => {
    const allowed = Array.from({ length: 24 }, (_, at) => `Something can be done, number ${at}`);
    window.show({ ...state, allowed });
    const id = await find();
    const answer = window.ask({ ...question, body: "What will be done. ".repeat(7) });
    await poll("the question is there", async () => (await placeOf(id)).height > 560);
    expect((await placeOf(id)).height).toBeLessThanOrEqual(700);
    await desktop.screenshot(await artifact("help-window-much-allowed.png"));
    await untilItTakesAnswers();
    await desktop.xdotool("key", "Escape");
    expect(await answer).toBe(false);
  });

  test("allows by a click on Allow", async () => {
    window.show(state);
    const answer = window.ask(question);
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    const place = await placeOf(await find());
    await untilItTakesAnswers();
    await desktop.screenshot(await artifact("help-window-question.png"));
    // The button is somewhere in the upper right; a click on a line of text does nothing.
    for (let y = place.y + 60; y < place.y + 200 && !isAnswered; y += 15) {
      await click(place.x + place.width * 0.75, y);
    }
    expect(await answer).toBe(true);
  });

  test("allows by its letter, and refuses by Return, Escape and its letter", async () => {
    window.show(state);
    for (const [key, expected] of [
      ["alt+a", true],
      ["Return", false],
      ["Escape", false],
      ["alt+r", false],
    ] as const) {
      const answer = window.ask(question);
      await find();
      await untilItTakesAnswers();
      await desktop.xdotool("key", key);
      expect(await answer, key).toBe(expected);
    }
  });

  test("takes no answer from a key that was already on its way", async () => {
    window.show(state);
    await find();
    const answer = window.ask({ ...question, timeoutMs: 1_500 });
    await desktop.xdotool("key", "--delay", "10", "alt+a", "alt+a", "alt+a");
    expect(await answer).toBe(false);
  });

  test("leaves the keyboard to who is writing, and their draft as it is", async () => {
    const sent: string[] = [];
    window.onChat((text) => sent.push(text));
    window.show(state);
    await find();
    await desktop.xdotool("type", "--delay", "5", "the printer");
    const answers: boolean[] = [];
    const first = window.ask(question).then((isAllowed) => answers.push(isAllowed));
    await desktop.xdotool("type", "--delay", "150", " is on fire");
    await untilItTakesAnswers();
    await desktop.xdotool("key", "space");
    expect(answers).toEqual([]);
    // By Tab to the question and back again to the draft, once it has been answered.
    await untilItTakesAnswers();
    await desktop.xdotool("key", "alt+a");
    await first;
    const second = window.ask(question).then((isAllowed) => answers.push(isAllowed));
    await untilItTakesAnswers();
    await desktop.xdotool("key", "--delay", "50", "Tab", "Tab", "Tab", "space");
    await second;
    expect(answers).toEqual([true, false]);
    await desktop.xdotool("type", "--delay", "5", "again");
    await desktop.xdotool("key", "Return");
    await poll("the message arrives", () => sent.length > 0);
    expect(sent).toEqual(["the printer is on fire again"]);
  });

  test("takes no space for an answer while somebody writes without looking", async () => {
    window.show(state);
    await find();
    const answer = window.ask({ ...question, timeoutMs: 3_000 });
    let answeredAt = Infinity;
    const askedAt = performance.now();
    void answer.then(() => (answeredAt = performance.now()));
    await desktop.xdotool("type", "--delay", "100", "a word or two of it");
    expect(await answer).toBe(false);
    expect(answeredAt - askedAt).toBeGreaterThan(2_900);
  });

  test("takes silence, abort, and Stop for a refusal", async () => {
    window.show(state);
    expect(await window.ask({ ...question, timeoutMs: 300 })).toBe(false);
    const abort = new AbortController();
    const aborted = window.ask(question, abort.signal);
    const second = window.ask(question, AbortSignal.abort());
    abort.abort();
    expect(await aborted).toBe(false);
    expect(await second).toBe(false);
    const stopped = window.ask(question);
    await find();
    await desktop.xdotool("key", "alt+s");
    expect(await stopped).toBe(false);
  });

  test("tells of Stop by the mouse, at the bottom of the window", async () => {
    const stopped = new Promise<void>((resolve) => window.onStop(resolve));
    window.show(state);
    const place = await placeOf(await find());
    await click(place.x + place.width / 2, place.y + place.height - 35);
    await stopped;
  });

  test("leaves Stop within reach while a file is chosen", async () => {
    const stopped = new Promise<void>((resolve) => window.onStop(resolve));
    window.show({ ...state, maySendFiles: true });
    const id = await find();
    await desktop.xdotool("key", "alt+f");
    const chooser = await desktop.window("Send a file");
    const place = await placeOf(id);
    await poll("it stands beside the window", async () => {
      const { x, width } = await placeOf(chooser);
      return x + width <= place.x;
    });
    await desktop.screenshot(await artifact("client-help-file-chooser.png"));
    await click(place.x + place.width / 2, place.y + place.height - 35);
    await stopped;
  });

  test("tells that what is allowed is taken back, by the keyboard", async () => {
    const takenBack = new Promise<void>((resolve) => window.onTakeBack(resolve));
    window.show({ ...state, allowed: ["Can see your screen"] });
    await find();
    await poll("the key is heard", async () => {
      await desktop.xdotool("key", "alt+t");
      return Promise.race([
        takenBack.then(() => true),
        new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
      ]);
    });
  });

  test("asks before it is closed", async () => {
    let stops = 0;
    window.onStop(() => (stops += 1));
    window.show(state);
    const open = window.ask(question);
    const id = await find();
    const close = async (): Promise<void> => {
      // What a window manager's close button does.
      await desktop.xdotool("key", "alt+F4");
      await untilItTakesAnswers();
    };
    await close();
    expect(await open).toBe(false);
    await desktop.xdotool("key", "Return");
    expect(await desktop.xdotool("getwindowname", id)).toContain("ACME Support");
    expect(stops).toBe(0);
    await close();
    await desktop.xdotool("key", "alt+y");
    await poll("Stop is told", () => stops === 1);
  });

  test("sends what the customer writes, and tells that they write", async () => {
    const sent: string[] = [];
    let typed = 0;
    window.onChat((text) => sent.push(text));
    window.onTyping(() => (typed += 1));
    window.show(state);
    await find();
    await desktop.xdotool("type", "--delay", "5", "the printer is on fire");
    await poll("writing is told", () => typed > 0);
    await desktop.xdotool("key", "Return");
    await poll("the message arrives", () => sent.length > 0);
    await desktop.xdotool("key", "Return");
    await desktop.xdotool("type", "really");
    await desktop.xdotool("key", "alt+e");
    await poll("the second message arrives", () => sent.length > 1);
    expect(sent).toEqual(["the printer is on fire", "really"]);
    expect(typed).toBeLessThan(4);
  });

  test("shows messages as they come", async () => {
    window.show(state);
    await find();
    const before = await desktop.pixels();
    window.addChat({
      from: "Ann",
      text: "<b>&amp; _not_ markup</b> ".repeat(30),
      mine: false,
      at: 0,
    });
    window.setTyping("Ann");
    await poll(
      "the message is drawn",
      async () => !(await desktop.pixels()).data.equals(before.data),
    );
  });

  test("asks for the key in one box, with the error below it", async () => {
    const key = window.askKey(keyQuestion, "This key is not valid.");
    const id = await find();
    await poll("it has the keyboard", async () => (await desktop.xdotool("getwindowfocus")) === id);
    await desktop.xdotool("type", "123 45-67");
    await desktop.screenshot(await artifact("help-window-key.png"));
    await desktop.xdotool("key", "Return");
    expect(await key).toBe("123 45-67");
    const cancelled = window.askKey(keyQuestion);
    await desktop.xdotool("key", "Escape");
    expect(await cancelled).toBeUndefined();
  });
});

describe("the process of the help window", () => {
  test("costs nothing while nothing happens", async () => {
    window.show(state);
    await find();
    const ticks = (): number => {
      const fields = readFileSync(`/proc/${windowProcess()}/stat`, "utf8")
        .split(") ")[1]
        ?.split(" ");
      return Number(fields?.[11]) + Number(fields?.[12]);
    };
    // The text cursor stops blinking; a longer wait shows nothing else.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = ticks();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    // A hundredth of a second each, so 5 in 2 s is 2.5 %, with the cursor still blinking.
    expect(ticks() - before).toBeLessThan(5);
  });

  test("counts as Stop, and answers no, when it ends by itself", async () => {
    const stopped = new Promise<void>((resolve) => window.onStop(resolve));
    window.show(state);
    const answer = window.ask(question);
    await find();
    process.kill(windowProcess(), "SIGKILL");
    await stopped;
    expect(await answer).toBe(false);
    expect(await window.ask(question)).toBe(false);
    expect(await window.askKey(keyQuestion)).toBeUndefined();
  });

  test("ends with the client, also when that is killed", async () => {
    const module = path.join(root, "appliance/client/node/window/gtk-window.ts");
    const code = `import { openGtkWindow } from ${JSON.stringify(module)};
      const window = await openGtkWindow({ texts: ${JSON.stringify(texts)}, siteName: "Orphan" });
      window.show({ ...${JSON.stringify(state)}, siteName: "Orphan" });`;
    const client = desktop.open(process.execPath, ["--input-type=module-typescript", "-e", code]);
    await client.until("its window is open", () => desktop.window("Orphan"));
    // Only the client itself, not the group with its window.
    process.kill(client.pid, "SIGKILL");
    await poll("the window is gone", async () =>
      desktop.xdotool("search", "--name", "Orphan").then(
        () => false,
        () => true,
      ),
    );
  });

  test("is refused with a reason where there is no display", async () => {
    await expect(openGtkWindow({ texts, siteName: "", display: ":54321" })).rejects.toThrow(
      "X display :54321 cannot be opened",
    );
  });
});
