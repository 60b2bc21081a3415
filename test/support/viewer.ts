import {
  inputMessage,
  type InputMessage,
  type SurfaceDisplay,
  surfaceMessage,
  type SurfaceMessage,
  viewerMessage,
} from "@handrail/protocol";
import { Decoder } from "../../media/screen/decoder.ts";
import type { Desktop } from "./desktop.ts";
import type { ConsoleEnd, Probe } from "./party.ts";
import { poll } from "./poll.ts";

/** Side of the square at the bottom right in which the pointer, parked there, may be drawn. */
const pointerPixels = 32;

/** Watches a screen as a pane does: the real decoder, and an answer to every picture at once. */
export class Viewer {
  readonly decoder = new Decoder();
  readonly screen: Probe;
  /** The monitors as they were told last. */
  displays: readonly SurfaceDisplay[] = [];
  /** Epochs begun, and messages with pixels since the last of them. */
  epochs = 0;
  pictures = 0;
  restarts = 0;
  sizeBytes = 0;
  #epoch = 0;

  static async open(console: ConsoleEnd, lsid: Parameters<ConsoleEnd["open"]>[1]): Promise<Viewer> {
    return new Viewer(console.open("screen", lsid));
  }

  private constructor(screen: Probe) {
    this.screen = screen;
    screen.channel.listener.message = (bytes) => this.#receive(bytes);
  }

  /**
   * Waits until it shows exactly what the desktop does; the pointer must rest at bottom right.
   * `size`: that of a screen which is smaller now than the X server's memory for it.
   */
  async shows(
    desktop: Desktop,
    timeoutMs = 15_000,
    size?: { width: number; height: number },
  ): Promise<void> {
    await poll("the viewer shows the screen", () => this.#isSame(desktop, size), timeoutMs);
  }

  async #isSame(desktop: Desktop, size?: { width: number; height: number }): Promise<boolean> {
    const { width: stride, data, ...all } = await desktop.pixels();
    const { width, height } = size ?? { width: stride, height: all.height };
    const surface = this.decoder.surface;
    if (surface?.width !== width || surface.height !== height) return false;
    for (let at = 0; at < width * height; at++) {
      const isPointer =
        at % width >= width - pointerPixels && at >= (height - pointerPixels) * width;
      const pixel = surface.pixels[at] ?? 0;
      const there = (Math.floor(at / width) * stride + (at % width)) * 4;
      const isEqual =
        data[there] === (pixel & 255) &&
        data[there + 1] === ((pixel >>> 8) & 255) &&
        data[there + 2] === ((pixel >>> 16) & 255);
      if (!isEqual && !isPointer) return false;
    }
    return true;
  }

  #receive(bytes: Uint8Array): void {
    const message = surfaceMessage.decode(bytes);
    this.sizeBytes += bytes.length;
    if (message.type === "epoch") {
      this.#epoch = message.epoch;
      this.epochs++;
      this.pictures = 0;
      this.displays = message.displays;
      this.decoder.begin(message);
    } else if (message.type === "displays") this.displays = message.displays;
    else if (message.type === "restart") {
      this.restarts++;
      this.decoder.restart();
    } else if (message.type === "update" || message.type === "preview") this.#paint(message);
  }

  #paint(message: Extract<SurfaceMessage, { type: "update" | "preview" }>): void {
    this.pictures++;
    if (message.type === "update") this.decoder.update(message);
    else this.decoder.preview(message);
    this.screen.send(viewerMessage.encode({ type: "ack", epoch: this.#epoch, seq: message.seq }));
  }
}

/** Sends one message of mouse or keyboard. */
export function sendInput(input: Probe, message: InputMessage): void {
  input.send(inputMessage.encode(message));
}
