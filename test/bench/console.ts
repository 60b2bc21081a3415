import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Workbench } from "../console/workbench.ts";
import { SampleCustomer } from "../demo/customer.ts";
import { canvasDigest, canvasSelector } from "../demo/remote-canvas.ts";
import { createKey } from "../demo/session-key.ts";
import { Stage } from "../demo/stage.ts";
import type { Frame } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { type Bench, percentile, round } from "./report.ts";

const starts = 5;
/** A terminal that scrolls all the time. */
const scrolling = "for i in $(seq 1 4000); do ls -l /usr/share | sed -n ${i}p; sleep 0.01; done";
/** How long the pane is watched while the terminal scrolls; it reports every 2 s. */
const watchMs = 12_000;

/** The console in a real VS Code: what it weighs, how fast it starts, how often its pane paints. */
export const consoleBench: Bench = {
  name: "console",
  run: async () => {
    const say = (text: string) => void process.stdout.write(`  ${text}\n`);
    await using stage = await Stage.start(say);
    const options = await stage.consoleOptions();
    const vsix = options.vsix?.[0] ?? "";
    const vsixBytes = (await stat(vsix)).size;
    say("starting VS Code");
    await using workbench = await Workbench.start({
      ...options,
      viewport: { width: 1440, height: 900 },
    });
    const activations = await startAgain(workbench);
    const pane = await watch(stage, workbench);
    const painted = await paintedWhileScrolling(stage, pane);
    const figures = {
      activationMs: round(percentile(activations, 0.5)),
      activationMsMax: round(Math.max(...activations)),
      vsixBytes,
      webviewUpdatesPerSecond: round(painted.updatesPerSecond),
      webviewPaintMs: round(painted.paintMs),
    };
    return {
      title: "console: in a real VS Code in the browser",
      columns: ["what", "value"],
      rows: [
        [`activation, median of ${starts}, ms`, figures.activationMs],
        [`activation, slowest of ${starts}, ms`, figures.activationMsMax],
        [".vsix, bytes", figures.vsixBytes],
        ["updates painted per second", figures.webviewUpdatesPerSecond],
        ["from arrival to painted, p50 ms", figures.webviewPaintMs],
      ],
      figures,
    };
  },
};

/** The console's own measure of its activation, from several starts of VS Code's window. */
async function startAgain(workbench: Workbench): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < starts; i++) {
    if (i > 0) await workbench.reload();
    await workbench.runCommand("Handrail: Show Start Times");
    const text = await workbench.notification(/Activated in/).innerText();
    times.push(Number(/Activated in ([\d.]+) ms/.exec(text)?.[1]));
  }
  return times;
}

/** A session with the sample customer, seen in a pane. */
async function watch(stage: Stage, workbench: Workbench): Promise<Frame> {
  const key = await createKey(workbench);
  const customer = stage.use(await SampleCustomer.atPortal(stage));
  await customer.enterKey(key);
  const window = await customer.startClient();
  await workbench.answerNotification(/is waiting/, "Accept");
  const pane = await workbench.webview(canvasSelector);
  await window.allow("there is a picture", async () => {
    return (await canvasDigest(pane)).size === "1280x800";
  });
  return pane;
}

/** What the pane says of itself while a terminal scrolls on the customer's screen. */
async function paintedWhileScrolling(
  stage: Stage,
  pane: Frame,
): Promise<{ updatesPerSecond: number; paintMs: number }> {
  await pane.getByRole("tab", { name: "Details" }).click();
  const { desktop } = stage;
  const terminal = await desktop.openTerminal("Scroll", "90x30+20+40");
  await desktop.xdotool("windowactivate", "--sync", terminal);
  await desktop.xdotool("type", "--delay", "1", `${scrolling}\n`);
  await sleep(2_500);
  const said = new Set<string>();
  const endsAt = performance.now() + watchMs;
  while (performance.now() < endsAt) {
    const text = await poll("the pane says how often it paints", async () => {
      return /[\d.]+ updates\/s, [\d.]+ ms/.exec(await pane.locator("dl.facts").innerText())?.[0];
    });
    said.add(text);
    await sleep(250);
  }
  const figures = [...said].map((text) => (text.match(/[\d.]+/g) ?? []).map(Number));
  const median = (at: number) =>
    percentile(
      figures.map((each) => each[at] ?? 0),
      0.5,
    );
  return { updatesPerSecond: median(0), paintMs: median(1) };
}
