import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { HelpWindow, HelpWindowState } from "../../../../../appliance/client/core/host.ts";
import { texts } from "../../../../../appliance/client/core/texts.ts";
import { openGtkWindow } from "../../../../../appliance/client/node/window/gtk-window.ts";
import { artifact } from "../../../../support/artifacts.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 40_000 });

let desktop: Desktop;
beforeAll(async () => {
  desktop = await Desktop.start({ width: 900, height: 700 });
  for (const [name, value] of Object.entries(desktop.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desktop[Symbol.asyncDispose]();
});

const state: HelpWindowState = {
  ...{ siteName: "ACME", representatives: ["Ann Archer"], status: "Connected" },
  ...{ allowed: [], recording: false },
};
const title = texts.en.window.title.replace("{site}", "ACME");

function open(): Promise<HelpWindow> {
  return openGtkWindow({
    ...{ texts: texts.en.window, siteName: "ACME", display: desktop.display, locale: "en" },
  });
}

/** A browser of the customer, that only writes down what it is asked to open. */
async function installBrowser(): Promise<string> {
  const opened = path.join(desktop.home, "opened.txt");
  const applications = path.join(desktop.home, ".local/share/applications");
  await mkdir(applications, { recursive: true });
  const script = path.join(desktop.home, "browser.sh");
  await writeFile(script, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`, { mode: 0o755 });
  await writeFile(
    path.join(applications, "browser.desktop"),
    `[Desktop Entry]\nType=Application\nName=Browser\nExec=${script} %u\n` +
      "MimeType=x-scheme-handler/https;x-scheme-handler/http;\n",
  );
  await writeFile(
    path.join(applications, "mimeapps.list"),
    "[Default Applications]\nx-scheme-handler/https=browser.desktop\n",
  );
  await writeFile(opened, "");
  return opened;
}

/** The customer is somewhere else. */
async function lookAway(): Promise<void> {
  const terminal = await desktop.openTerminal("elsewhere", "20x5+5+5");
  await poll("the customer is elsewhere", async () => {
    await desktop.xdotool("windowactivate", terminal);
    return (await desktop.xdotool("getactivewindow")) === terminal;
  });
}

test("the title says how many messages nobody has seen, until the customer comes", async () => {
  using window = await open();
  window.show(state);
  await desktop.window(`^${title}$`);
  await lookAway();
  window.addChat({ from: "Ann Archer", text: "Hello", mine: false, at: 0 });
  window.addChat({ from: "Ann Archer", text: "Are you there?", mine: false, at: 0 });
  const id = await desktop.window(`^\\(2\\) ${title}$`);
  await desktop.xdotool("windowactivate", "--sync", id);
  await poll(
    "the mark is gone",
    async () => (await desktop.xdotool("getwindowname", id)) === title,
  );
});

test("a call brings the window forward and says who calls", async () => {
  using window = await open();
  window.show(state);
  const id = await desktop.window(title);
  await lookAway();
  window.nudge("Ann Archer");
  // The window manager shows it at once, or flashes it while the customer types elsewhere.
  await poll("it is in front, or wants to be", async () => {
    if ((await desktop.xdotool("getactivewindow")) === id) return true;
    const xprop = desktop.open("xprop", ["-id", id, "_NET_WM_STATE"]);
    await xprop.ended();
    return xprop.output.includes("DEMANDS_ATTENTION");
  });
  await desktop.screenshot(await artifact("help-window-nudged.png"));
});

test("an offered page opens by the customer's own doing, and only then", async () => {
  const opened = await installBrowser();
  using window = await open();
  window.show(state);
  const address = "https://example.org/help?a=1&b=<2>";
  window.addChat({ from: "Ann Archer", text: address, mine: false, at: 0, isOffer: true });
  const id = await desktop.window(title);
  await desktop.xdotool("windowactivate", "--sync", id);
  await desktop.screenshot(await artifact("help-window-offer.png"));
  expect(await readFile(opened, "utf8")).toBe("");
  const shown = "https://example.org/help?a=1&b=";
  await poll("the page is opened by the keyboard", async () => {
    if ((await readFile(opened, "utf8")) === "") await desktop.xdotool("key", "shift+Tab", "space");
    return (await readFile(opened, "utf8")).startsWith(shown);
  });
});

test("the last page asks a few questions by the keyboard, and says that they were sent", async () => {
  using window = await open();
  window.show(state);
  const { question, ...words } = texts.en.survey;
  const ask = (en: string) => question({ en, fr: en });
  const answers: unknown[] = [];
  const closed = window.end(
    {
      ...{ title: "Ann Archer has ended the session", body: "Nobody sees you.", note: "" },
      closeLabel: "_Close",
      survey: {
        ...words,
        questions: [
          { id: "a", kind: "scale", text: ask("How content are you with the help?") },
          { id: "b", kind: "yes-no", text: ask("Is your problem solved?") },
          { id: "c", kind: "text", text: ask("What should we do better?") },
        ],
      },
    },
    async (given) => void answers.push(...given),
  );
  const id = await desktop.window(title);
  await desktop.xdotool("windowactivate", "--sync", id);
  await desktop.screenshot(await artifact("help-window-survey.png"));
  // An empty survey is not sent.
  await desktop.xdotool("key", "alt+s");
  await desktop.xdotool("key", "Tab", "space", "Right", "Tab", "space", "Tab");
  await desktop.xdotool("type", "--delay", "5", "Nothing");
  await desktop.screenshot(await artifact("help-window-survey-filled.png"));
  await desktop.xdotool("key", "alt+s");
  await poll("the answers are told", () => answers.length > 0);
  expect(answers).toEqual([
    { id: "a", value: "2" },
    { id: "b", value: "yes" },
    { id: "c", value: "Nothing" },
  ]);
  await poll("the window goes by its button", async () => {
    await desktop.xdotool("key", "alt+c").catch(() => "");
    return Promise.race([closed, new Promise<false>((done) => setTimeout(done, 300, false))]);
  });
});
