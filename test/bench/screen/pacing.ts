// Click to pixel on the slow line, without a browser to look through: for trying out how the client
// paces itself. `node pacing.ts [--trace] [FOLDER …]` compares bundled clients in one run.

import { setTimeout as sleep } from "node:timers/promises";
import { inputMessage, type InputMessage, surfaceMessage, viewerMessage } from "@handrail/protocol";
import { Decoder } from "../../../media/screen/decoder.ts";
import type { ConsoleEnd, Probe } from "../../support/party.ts";
import { poll } from "../../support/poll.ts";
import { formatTable, percentile, round } from "../report.ts";
import { builtClient, startCustomer } from "./customer.ts";
import { adsl } from "./rig.ts";
import { flipAt, WorkDesktop, type Workload, workloads } from "./workloads.ts";

const clicks = Number(process.env.HANDRAIL_BENCH_CLICKS ?? 40);
const busyWork = ["idle", "page scroll", "animation"];

interface Arrival {
  readonly at: number;
  readonly text: string;
}

/** A viewer that decodes what comes, answers at once, and watches one pixel. */
class PixelWatch {
  updates = 0;
  sizeBytes = 0;
  arrivals: Arrival[] = [];
  readonly #decoder = new Decoder();
  readonly #screen: Probe;
  #epoch = 0;
  #changed: (() => void) | undefined;
  #before = 0;

  constructor(screen: Probe) {
    this.#screen = screen;
    screen.channel.listener.message = (bytes) => this.#receive(bytes);
  }

  get pixel(): number {
    const surface = this.#decoder.surface;
    return surface?.pixels[flipAt.y * surface.width + flipAt.x] ?? 0;
  }

  /** Resolves when the pixel is another one than now. */
  change(): Promise<void> {
    this.#before = this.pixel;
    return new Promise((resolve) => (this.#changed = resolve));
  }

  #receive(bytes: Uint8Array): void {
    const message = surfaceMessage.decode(bytes);
    this.sizeBytes += bytes.length;
    let text: string = message.type;
    if (message.type === "epoch") {
      this.#epoch = message.epoch;
      this.#decoder.begin(message);
    } else if (message.type === "restart") {
      this.#decoder.restart();
    } else if (message.type === "update" || message.type === "preview") {
      this.updates++;
      const rects =
        message.type === "update" ? this.#decoder.update(message) : this.#decoder.preview(message);
      const ack = { type: "ack" as const, epoch: this.#epoch, seq: message.seq };
      this.#screen.send(viewerMessage.encode(ack));
      const [first] = rects;
      text += ` ×${rects.length} ${first ? [first.x, first.y, first.width, first.height].join() : ""}`;
    }
    this.arrivals.push({ at: performance.now(), text: `${text} ${bytes.length} B` });
    if (this.pixel !== this.#before) this.#changed?.();
  }
}

async function clickMs(input: Probe, watch: PixelWatch): Promise<number> {
  const send = (message: InputMessage) => input.send(inputMessage.encode(message));
  const { x, y } = flipAt;
  const changed = watch.change();
  watch.arrivals = [];
  const pressedAt = performance.now();
  send({ type: "move", x, y });
  send({ type: "button", button: 1, down: true, x, y });
  send({ type: "button", button: 1, down: false, x, y });
  await changed;
  const lastedMs = performance.now() - pressedAt;
  if (process.argv.includes("--trace") && lastedMs > 75) {
    const lines = watch.arrivals.map((each) => `${round(each.at - pressedAt)}: ${each.text}`);
    process.stdout.write(`${round(lastedMs)} ms\n    ${lines.join("\n    ")}\n`);
  }
  return lastedMs;
}

async function measure(
  { input, watch }: { input: Probe; watch: PixelWatch },
  work: WorkDesktop,
  load: Workload,
): Promise<(string | number)[]> {
  await load.prepare?.(work);
  await sleep(1500);
  let isRunning = true;
  const running = (async () => {
    while (isRunning) await load.run(work);
  })();
  await sleep(700);
  const before = { at: performance.now(), updates: watch.updates, bytes: watch.sizeBytes };
  const times: number[] = [];
  for (let i = 0; i < clicks; i++) {
    times.push(await clickMs(input, watch));
    await sleep(60 + (i % 5) * 17);
  }
  const seconds = (performance.now() - before.at) / 1000;
  const kbit = ((watch.sizeBytes - before.bytes) * 8) / 1000 / seconds;
  isRunning = false;
  await running;
  const quantiles = [0.5, 0.75, 0.95, 1].map((p) => round(percentile(times, p)));
  return [load.name, ...quantiles, round((watch.updates - before.updates) / seconds), round(kbit)];
}

async function viewed(ann: ConsoleEnd, lsid: Parameters<ConsoleEnd["open"]>[1]) {
  const input = await ann.open("input", lsid).opened();
  const watch = new PixelWatch(ann.open("screen", lsid));
  await poll("the square is shown", () => watch.pixel !== 0 && (watch.pixel & 0xff00) === 0);
  await sleep(2500);
  return { input, watch };
}

const folders = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const rows: (string | number)[][] = [];
await using work = await WorkDesktop.start();
for (const clientFolder of folders.length > 0 ? folders : [builtClient]) {
  await using stack = new AsyncDisposableStack();
  const { ann, lsid } = await startCustomer(work.desktop, { line: adsl, clientFolder }, stack);
  const ends = await viewed(ann, lsid);
  for (const load of workloads.filter(({ name }) => busyWork.includes(name))) {
    rows.push([clientFolder.split("/").at(-1) ?? "", ...(await measure(ends, work, load))]);
  }
}
const columns = ["client", "work", "p50", "p75", "p95", "max", "updates/s", "kbit/s"];
process.stdout.write(formatTable({ title: "click to pixel, ms", columns, rows, figures: {} }));
process.exit(0);
