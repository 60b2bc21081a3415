import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { launchChromium, openContext, type Page } from "../../support/chromium.ts";
import { Desktop } from "../../support/desktop.ts";
import type { Pixels } from "../../support/png.ts";
import type { Program } from "../../support/processes.ts";
import { root } from "../../support/root.ts";

/** Where the square is that a click flips: in the corner that no workload touches. */
export const flip = { x: 1660, y: 860, side: 200 } as const;
/** Where the browser shows its page and nothing else. */
export const pagePart = { x: 40, y: 130, width: 1120, height: 780 } as const;
/** How far down the page there is text that the other work never shows, px. */
export const unseenAt = 14_000;
/** The middle of the square. */
export const flipAt = { x: flip.x + flip.side / 2, y: flip.y + flip.side / 2 } as const;

/** One kind of desktop work, done again and again in the same way. */
export interface Workload {
  readonly name: string;
  /** Brings the desktop to where the work begins; not measured. */
  prepare?(work: WorkDesktop): Promise<void>;
  run(work: WorkDesktop): Promise<void>;
}

/** A 1920×1080 desktop with a browser, two terminals and the square that flips. */
export class WorkDesktop implements AsyncDisposable {
  readonly desktop: Desktop;
  readonly browser: Page;
  readonly terminals: readonly [string, string];
  /** What the desktop shows with the browser at `unseenAt`, where no other work takes it. */
  readonly textPage: Pixels;
  readonly #stack: AsyncDisposableStack;

  static async start(): Promise<WorkDesktop> {
    await using stack = new AsyncDisposableStack();
    const desktop = stack.use(await Desktop.start({ width: 1920, height: 1080 }));
    const chromium = stack.use(
      await launchChromium({
        desktopEnv: desktop.env,
        args: ["--window-position=20,20", "--window-size=1200,960"],
      }),
    );
    const context = await openContext(chromium, { viewport: { width: 1180, height: 840 } });
    const browser = await context.newPage();
    await browser.goto(`file://${path.join(root, "test/bench/screen/page.html")}`);
    const first = await desktop.openTerminal("T1", "90x30+900+40");
    const second = await desktop.openTerminal("T2", "90x24+700+500");
    const square: Program = desktop.open(path.join(root, "node_modules/.bin/node"), [
      path.join(root, "test/bench/screen/flip.ts"),
      ...[flip.x, flip.y, flip.side].map(String),
    ]);
    await square.line(/shown/);
    await sleep(1000);
    const textPage = await pixelsOfUnseenPage(desktop, browser);
    const terminals = [first, second] as const;
    return new WorkDesktop({ desktop, browser, terminals, textPage, stack: stack.move() });
  }

  private constructor(parts: {
    desktop: Desktop;
    browser: Page;
    terminals: readonly [string, string];
    textPage: Pixels;
    stack: AsyncDisposableStack;
  }) {
    this.desktop = parts.desktop;
    this.browser = parts.browser;
    this.terminals = parts.terminals;
    this.textPage = parts.textPage;
    this.#stack = parts.stack;
  }

  async activate(window: string): Promise<void> {
    await this.desktop.xdotool("windowactivate", "--sync", window);
  }

  /** Brings the browser to the front. */
  async activateBrowser(): Promise<void> {
    await this.activate(await this.desktop.window("bench page"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

async function pixelsOfUnseenPage(desktop: Desktop, browser: Page): Promise<Pixels> {
  await desktop.xdotool("windowactivate", "--sync", await desktop.window("bench page"));
  await browser.evaluate(`window.scrollTo(0, ${unseenAt})`);
  await sleep(1000);
  const pixels = await desktop.pixels();
  await browser.evaluate("window.scrollTo(0, 0)");
  return pixels;
}

const typed = 'ls -la /usr/lib && echo "the quick brown fox" | sed s/x/y/g # comment';

/** The scripted desktop work, in the order in which it is run. */
export const workloads: readonly Workload[] = [
  { name: "idle", run: () => sleep(15_000) },
  {
    name: "typing",
    run: async (work) => {
      await work.activate(work.terminals[0]);
      await work.desktop.xdotool("type", "--delay", "80", typed);
      await work.desktop.xdotool("key", "ctrl+c");
    },
  },
  {
    name: "terminal scroll",
    run: async (work) => {
      await work.activate(work.terminals[1]);
      // As fast as a build writes its log: more often than anybody shows it.
      const command = "for i in $(seq 1 5); do ls -l /usr/bin | head -100; done | slowly";
      const slowly = 'slowly() { while read -r l; do echo "$l"; read -rt 0.01 <> <(:); done; }';
      await work.desktop.xdotool("type", "--delay", "1", `${slowly}\n${command}\n`);
      await sleep(6500);
    },
  },
  {
    name: "page scroll",
    prepare: async (work) => {
      await work.activateBrowser();
      await work.browser.evaluate("window.scrollTo(0, 0)");
    },
    run: async (work) => {
      // Smoothly, as browsers do; not with the display's pointer, which may be busy with clicks.
      await work.browser.evaluate("window.scrollSmoothly(5000)");
    },
  },
  {
    name: "text page flip",
    run: async (work) => {
      await work.activateBrowser();
      await work.browser.evaluate("window.blank(true)");
      await sleep(1500);
      await work.browser.evaluate("window.blank(false)");
      await sleep(4000);
    },
  },
  {
    name: "window drag",
    run: async (work) => {
      await work.activate(work.terminals[1]);
      await work.desktop.xdotool("windowmove", work.terminals[1], "700", "500");
      await work.desktop.xdotool("mousemove", "900", "510", "mousedown", "1");
      for (let i = 0; i < 60; i++) {
        const step = i < 30 ? ["-14", "-6"] : ["14", "6"];
        await work.desktop.xdotool("mousemove_relative", "--", ...step);
        await sleep(55);
      }
      await work.desktop.xdotool("mouseup", "1");
    },
  },
  {
    name: "window switch",
    run: async (work) => {
      for (let round = 0; round < 3; round++) {
        await work.activateBrowser();
        await sleep(450);
        for (const terminal of work.terminals) {
          await work.activate(terminal);
          await sleep(450);
        }
      }
    },
  },
  {
    name: "animation",
    run: async (work) => {
      await work.activateBrowser();
      await work.browser.evaluate("window.animate(true)");
      await sleep(5000);
      await work.browser.evaluate("window.animate(false)");
    },
  },
];
