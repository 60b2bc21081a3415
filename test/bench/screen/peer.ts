import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { launchChromium, openContext } from "../../support/chromium.ts";
import { freePort } from "../../support/free-port.ts";
import type { Desktop } from "../../support/desktop.ts";
import { poll } from "../../support/poll.ts";
import { Program } from "../../support/processes.ts";
import { Shaper } from "../../support/shaper.ts";
import { CountingProxy } from "../counting-proxy.ts";
import { cpuSeconds } from "../cpu.ts";
import type { CustomerLine, Rig } from "./rig.ts";

const viewerPage = `<!doctype html><meta charset="utf-8"><style>body{margin:0}</style>
<div id="screen" style="width:1920px;height:1080px"></div>
<script type="module">
import RFB from "./novnc/core/rfb.js";
window.counted = { updates: 0, first: 0 };
// noVNC asks for the next update once it has dealt with one; within one frame they count as one.
const ask = RFB.messages.fbUpdateRequest;
let isFrameDue = false;
RFB.messages.fbUpdateRequest = (...args) => {
  if (!isFrameDue) requestAnimationFrame(() => { isFrameDue = false; window.counted.updates++; });
  isFrameDue = true;
  return ask(...args);
};
const started = performance.now();
const rfb = new RFB(document.querySelector("#screen"), "ws://" + location.host + "/websockify", {});
const look = () => {
  const canvas = document.querySelector("canvas");
  if (window.counted.updates > 1 && canvas?.width === 1920) window.counted.first = performance.now() - started;
  else setTimeout(look, 5);
};
look();
</script>`;

/** x11vnc with websockify on the customer's side, noVNC in the viewer; no encryption. */
export async function startPeer(desktop: Desktop, line?: CustomerLine): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const web = await mkdtemp(path.join(tmpdir(), "handrail-bench-"));
  stack.defer(() => rm(web, { recursive: true, force: true }));
  await symlink("/usr/share/novnc", path.join(web, "novnc"));
  await writeFile(path.join(web, "index.html"), viewerPage);
  const [rfbPort, webPort] = [await freePort(), await freePort()];
  const x11vnc = stack.use(
    new Program("x11vnc", {
      args: [
        ...["-display", desktop.display, "-rfbport", String(rfbPort), "-localhost", "-forever"],
        ...["-shared", "-nopw", "-nowireframe", "-noncache", "-quiet"],
      ],
      env: { ...process.env, ...desktop.env },
    }),
  );
  await x11vnc.line(new RegExp(`PORT=${rfbPort}`));
  const websockify = stack.use(
    new Program("websockify", { args: ["--web", web, String(webPort), `127.0.0.1:${rfbPort}`] }),
  );
  const counter = stack.use(await CountingProxy.start(webPort));
  const port = line ? stack.use(await shaped(counter.port, line)).port : counter.port;
  const browser = stack.use(await launchChromium());
  const context = await openContext(browser, { viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await poll("websockify answers", async () => (await fetch(`http://127.0.0.1:${webPort}/`)).ok);
  await page.goto(`http://127.0.0.1:${port}/index.html`);
  const first = await page.waitForFunction("window.counted.first", undefined, { timeout: 60_000 });
  const firstPictureMs = Number(await first.jsonValue());
  const moved = stack.move();
  return {
    name: "x11vnc + noVNC",
    page,
    canvas: "#screen canvas",
    firstPictureMs,
    updates: async () => Number(await page.evaluate("window.counted.updates")),
    sentBytes: () => counter.downBytes,
    customerCpuSeconds: async () =>
      (await cpuSeconds(x11vnc.pid)) + (await cpuSeconds(websockify.pid)),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

// The viewer connects here, so the customer's upload is the shaper's way back.
function shaped(targetPort: number, line: CustomerLine): Promise<Shaper> {
  return Shaper.start(targetPort, {
    upKbitPerSecond: line.downKbitPerSecond,
    downKbitPerSecond: line.upKbitPerSecond,
    rttMs: line.rttMs,
  });
}
