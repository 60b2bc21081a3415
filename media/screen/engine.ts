import {
  type ErrorCode,
  type SurfaceDisplay,
  surfaceMessage,
  type SurfaceRect,
  toHandrailError,
  viewerMessage,
} from "@handrail/protocol";
import {
  type DecodeStatistics,
  type Screenshot,
  type StreamChannel,
  streamChannels,
  type StreamOffer,
} from "../pane/contract.ts";
import { Decoder } from "./decoder.ts";
import { Pace, platformClock } from "./pace.ts";
import { Painter } from "./painter.ts";
import { messageTransport, socketTransport, type Transport } from "./receiver.ts";

/** What the page tells the engine. */
export type EngineCommand =
  | { t: "open"; offer: StreamOffer }
  | { t: "close" }
  /** A surface message of a stream by messages. */
  | { t: "surface"; message: Uint8Array }
  | { t: "send"; channel: StreamChannel; message: Uint8Array }
  | { t: "visible"; isVisible: boolean }
  | { t: "screenshot"; id: number; part: SurfaceRect | undefined };

/** The pointer's shape, premultiplied RGBA; 0 × 0 hides it. */
export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8Array;
}

/** What the engine tells the page. */
export type EngineEvent =
  | { t: "epoch"; epoch: number; width: number; height: number; displays: SurfaceDisplay[] }
  | { t: "displays"; displays: SurfaceDisplay[] }
  | { t: "cursor"; shape: CursorShape }
  | { t: "pointer"; x: number; y: number }
  | { t: "painted"; seq: number; arrivedAt: number; paintedAt: number }
  | { t: "statistics"; statistics: DecodeStatistics }
  /** A surface message of a stream by messages was dealt with. */
  | { t: "taken" }
  /** To be sent by messages. */
  | { t: "answer"; channel: StreamChannel; message: Uint8Array }
  | { t: "lost"; reason: string }
  | { t: "failed"; code: ErrorCode; message: string }
  | { t: "screenshot"; id: number; screenshot: Screenshot | undefined };

/**
 * The chain receiver, decoder, painter, pace. An update is decoded, painted and acknowledged in the
 * very task in which it arrives, in the page's own thread: measured, a worker with an offscreen
 * canvas decodes as fast, but what it paints is displayed 8 to 10 ms later.
 */
export class Engine {
  readonly #emit: (event: EngineEvent) => void;
  readonly #pace: Pace;
  #decoder = new Decoder();
  readonly #painter: Painter;
  #transport: Transport | undefined;
  #epoch = 0;
  /** After a fault nothing can be decoded until the next epoch. */
  #isBroken = false;

  constructor(canvas: HTMLCanvasElement, emit: (event: EngineEvent) => void) {
    this.#emit = emit;
    this.#painter = new Painter(canvas);
    this.#pace = new Pace(platformClock, (seq) => this.#acknowledge(seq));
  }

  take(command: EngineCommand): void {
    switch (command.t) {
      case "open":
        return this.#open(command.offer);
      case "close":
        return this.#close();
      case "surface":
        this.#receive(command.message);
        return this.#emit({ t: "taken" });
      case "send":
        return this.#transport?.send(command.channel, command.message);
      case "visible":
        return this.#pace.setVisible(command.isVisible);
      case "screenshot":
        void this.#screenshot(command.id, command.part);
    }
  }

  #open({ stream }: StreamOffer): void {
    this.#close();
    if (stream === "messages") {
      this.#transport = messageTransport((channel, message) =>
        this.#emit({ t: "answer", channel, message }),
      );
      return;
    }
    this.#transport = socketTransport(stream, {
      received: (message) => this.#receive(message),
      lost: (reason) => this.#emit({ t: "lost", reason }),
    });
  }

  #close(): void {
    this.#transport?.close();
    this.#transport = undefined;
    this.#isBroken = true;
  }

  #receive(bytes: Uint8Array): void {
    const arrivedAt = performance.now();
    try {
      this.#apply(bytes, arrivedAt);
    } catch (error) {
      const { code, message } = toHandrailError(error);
      this.#isBroken = true;
      this.#emit({ t: "failed", code, message });
    }
  }

  #apply(bytes: Uint8Array, arrivedAt: number): void {
    const message = surfaceMessage.decode(bytes);
    if (this.#isBroken && message.type !== "epoch") return;
    switch (message.type) {
      case "epoch": {
        this.#isBroken = false;
        this.#epoch = message.epoch;
        this.#pace.reset();
        this.#painter.begin(this.#decoder.begin(message));
        const { epoch, width, height, displays } = message;
        return this.#emit({ t: "epoch", epoch, width, height, displays });
      }
      case "update":
        return this.#paint(message.seq, this.#decoder.update(message), {
          arrivedAt,
          sizeBytes: bytes.length,
        });
      case "preview":
        return this.#paint(message.seq, this.#decoder.preview(message), {
          arrivedAt,
          sizeBytes: bytes.length,
        });
      case "cursor": {
        const { width, height, hotX, hotY } = message;
        // A copy: the view would drag the whole received message along to the page.
        const shape = { width, height, hotX, hotY, rgba: message.rgba.slice() };
        return this.#emit({ t: "cursor", shape });
      }
      case "pointer":
        return this.#emit({ t: "pointer", x: message.x, y: message.y });
      case "restart":
        return this.#decoder.restart();
      case "displays":
        return this.#emit({ t: "displays", displays: message.displays });
    }
  }

  #paint(
    seq: number,
    rects: SurfaceRect[],
    { arrivedAt, sizeBytes }: { arrivedAt: number; sizeBytes: number },
  ): void {
    this.#painter.paint(rects);
    this.#pace.painted({ seq, arrivedAt, sizeBytes });
    this.#emit({ t: "painted", seq, arrivedAt, paintedAt: performance.now() });
    const statistics = this.#pace.report();
    if (statistics) this.#emit({ t: "statistics", statistics });
  }

  #acknowledge(seq: number): void {
    const message = viewerMessage.encode({ type: "ack", epoch: this.#epoch, seq });
    this.#transport?.send(streamChannels.viewer, message);
  }

  async #screenshot(id: number, part: SurfaceRect | undefined): Promise<void> {
    const blob = await this.#painter.screenshot(part);
    const surface = this.#decoder.surface;
    if (!blob || !surface) return this.#emit({ t: "screenshot", id, screenshot: undefined });
    const png = new Uint8Array(await blob.arrayBuffer());
    const { width, height } = part ?? surface;
    this.#emit({ t: "screenshot", id, screenshot: { png, width, height } });
  }
}
