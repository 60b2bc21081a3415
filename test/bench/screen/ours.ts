import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import path from "node:path";
import { build } from "esbuild";
import { Loopback } from "../../../extension/pane/loopback.ts";
import { openSocketStream, type Stream } from "../../../extension/pane/stream.ts";
import { streamChannels } from "../../../media/pane/contract.ts";
import { launchChromium, openContext } from "../../support/chromium.ts";
import type { Desktop } from "../../support/desktop.ts";
import type { ConsoleEnd } from "../../support/party.ts";
import { root } from "../../support/root.ts";
import { canvasDigest, hidePointer, pixelsDigest } from "../../demo/remote-canvas.ts";
import { cpuSeconds } from "../cpu.ts";
import { watchPicture } from "./picture-watch.ts";
import { startCustomer } from "./customer.ts";
import type { CustomerLine, Rig } from "./rig.ts";

const canvas = ".screen canvas";
/** Of the screen, without the help window, whose caret blinks, and the corner with the pointer. */
const visible = { width: 1530, height: 1040 } as const;

/** The real appliance and customer client, and the console's screen in Chromium. */
export async function startOurs(desktop: Desktop, line?: CustomerLine): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const { ann, lsid, counter, clientPid } = await startCustomer(desktop, { line }, stack);
  const viewer = await openViewer(stack);
  await hidePointer(desktop);
  const pixels = await desktop.pixels();
  const part = { x: 0, y: 0, ...visible };
  const wanted = { pixels, part, withinMs: 15_000, until: "exact" } as const;
  const shown = await watchPicture({ page: viewer.page, canvas }, wanted);
  const [startedAt, startedUnix] = [performance.now(), Date.now()];
  await attach(ann, lsid, viewer);
  const first = await viewer.page.waitForFunction("window.counted.firstMs > 0");
  await first.jsonValue();
  const firstPictureMs = performance.now() - startedAt;
  const { readableAt, exactAt } = await shown();
  const moved = stack.move();
  return {
    name: "Handrail",
    page: viewer.page,
    canvas,
    firstPictureMs,
    readablePictureMs: readableAt - startedUnix,
    exactPictureMs: exactAt - startedUnix,
    updates: async () => Number(await viewer.page.evaluate("window.counted.updates")),
    sentBytes: () => counter.upBytes,
    customerCpuSeconds: () => cpuSeconds(clientPid),
    isExact: async () => {
      await hidePointer(desktop);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const there = pixelsDigest(await desktop.pixels());
      const here = await canvasDigest(viewer.page.mainFrame(), canvas);
      return there.digest === here.digest;
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** A page with the console's screen, served from loopback. */
async function openViewer(stack: AsyncDisposableStack) {
  const folder = path.join(root, "test/bench/screen");
  const { outputFiles } = await build({
    entryPoints: [path.join(folder, "viewer.ts")],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    outdir: "/",
    loader: { ".css": "empty" },
  });
  const files = new Map<string, [type: string, body: string | Uint8Array]>([
    ["/", ["text/html", await readFile(path.join(folder, "viewer.html"))]],
    ["/viewer.js", ["text/javascript", outputFiles[0]?.contents ?? ""]],
    ["/session.css", ["text/css", await readFile(dist("pane/session.css"))]],
  ]);
  const server = createServer((request, response) => {
    const [type, body] = files.get(request.url ?? "") ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const browser = stack.use(await launchChromium());
  const context = await openContext(browser, { viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  const loopback = new Loopback();
  stack.defer(() => loopback.dispose());
  return { page, loopback };
}

function dist(file: string): string {
  return path.join(root, "dist/media", file);
}

/** Joins the page to the session's screen and input, as the console's host does. */
async function attach(
  ann: ConsoleEnd,
  lsid: Parameters<ConsoleEnd["open"]>[1],
  { page, loopback }: Awaited<ReturnType<typeof openViewer>>,
): Promise<void> {
  const input = await ann.open("input", lsid).opened();
  const ready = Promise.withResolvers<void>();
  const stream: Stream = await openSocketStream(loopback, {
    ready: () => ready.resolve(),
    message: (channel, bytes) => {
      if (channel === streamChannels.input) input.channel.send(bytes);
      else screen.channel.send(bytes);
    },
    lost: () => undefined,
  });
  if (stream.offer.stream === "messages") throw new Error("the stream is not a socket");
  await page.evaluate((offer) => window.start(offer), stream.offer.stream);
  await ready.promise;
  const screen = ann.open("screen", lsid);
  screen.channel.listener.message = (bytes) => stream.send(bytes);
}
