import { setTimeout as sleep } from "node:timers/promises";
import { inputMessage, type InputMessage, surfaceMessage, viewerMessage } from "@handrail/protocol";
import { Decoder } from "../../../media/screen/decoder.ts";
import type { ConsoleEnd, Probe } from "../../support/party.ts";
import { poll } from "../../support/poll.ts";
import { round } from "../report.ts";
import { flipAt } from "./workloads.ts";

interface Arrival {
  readonly at: number;
  readonly text: string;
}

/** A viewer without a browser, that decodes what comes, answers at once, and watches one pixel. */
export class PixelWatch {
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

/** From a click on the square that flips to its pixel, ms. With `--trace`: what arrived meanwhile. */
export async function clickMs(input: Probe, watch: PixelWatch): Promise<number> {
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

/** Opens mouse, keyboard and screen of a session, and waits until the picture is there. */
export async function viewed(ann: ConsoleEnd, lsid: Parameters<ConsoleEnd["open"]>[1]) {
  const input = await ann.open("input", lsid).opened();
  const watch = new PixelWatch(ann.open("screen", lsid));
  await poll("the square is shown", () => watch.pixel !== 0 && (watch.pixel & 0xff00) === 0);
  await sleep(2500);
  return { input, watch };
}
