import {
  type Channel,
  type ChannelKind,
  type ErrorCode,
  toHandrailError,
} from "@handrail/protocol";
import { streamChannels, type StreamChannel, type StreamOffer } from "../../media/pane/contract.ts";
import type { Clock } from "../clock.ts";
import type { OpenStream, Stream } from "./stream.ts";

const againAfterMs = 1_000;

/** What a feed needs from its pane. */
export interface FeedPlace {
  readonly openChannel: (kind: ChannelKind) => Channel;
  readonly openStream: OpenStream;
  readonly offer: (offer: StreamOffer) => void;
  /** The picture stopped, and why. */
  readonly stopped: (code: ErrorCode) => void;
  readonly clock: Clock;
}

/** What should be so now. */
export interface FeedWish {
  readonly watch: boolean;
  readonly control: boolean;
}

/**
 * Joins a session's `screen` and `input` channels with a pane. It opens and closes them so that
 * they follow what is wished; a picture that stopped comes again by itself where that can help.
 */
export class ScreenFeed {
  readonly #place: FeedPlace;
  #wish: FeedWish = { watch: false, control: false };
  #stream: Stream | undefined;
  #screen: Channel | undefined;
  #input: Channel | undefined;
  /** Refused for good until something changes. */
  #refused = { watch: false, control: false };
  #again: { dispose(): void } | undefined;
  /** Counts streams, so that one that was given up says nothing more. */
  #turn = 0;

  constructor(place: FeedPlace) {
    this.#place = place;
  }

  /** Whether the picture is on its way to the pane. */
  get isWatching(): boolean {
    return this.#stream !== undefined;
  }

  follow(wish: FeedWish): void {
    // Given back, or taken over by a colleague, and got again: that is another right.
    if (wish.control && !this.#wish.control) this.#refused.control = false;
    this.#wish = wish;
    this.#settle();
  }

  /** Something changed that makes a refusal worth another try. */
  forgive(): void {
    this.#refused = { watch: false, control: false };
    this.#settle();
  }

  /** The pane lost its stream, or was loaded anew: begin with a whole picture. */
  restart(): void {
    this.#stop();
    this.forgive();
  }

  dispose(): void {
    this.#wish = { watch: false, control: false };
    this.#settle();
  }

  #settle(): void {
    const { watch, control } = this.#wish;
    if (!watch && this.#turnIsUsed()) this.#stop();
    if (watch && !this.#turnIsUsed() && !this.#refused.watch) void this.#start();
    if (!control) this.#closeInput();
    if (control && !this.#input && !this.#refused.control) this.#openInput();
  }

  #turnIsUsed(): boolean {
    return this.#turn % 2 === 1;
  }

  async #start(): Promise<void> {
    const turn = ++this.#turn;
    this.#again?.dispose();
    const stream = await this.#place.openStream({
      ready: () => {
        if (turn === this.#turn) this.#openScreen(turn);
      },
      message: (channel, bytes) => {
        if (turn === this.#turn) this.#fromPane(channel, bytes);
      },
      // The pane asks for another; one that has gone does not.
      lost: () => {
        if (turn === this.#turn) this.#ended("too-slow");
      },
    });
    if (turn !== this.#turn) return stream.close();
    this.#stream = stream;
    this.#place.offer(stream.offer);
    if (stream.offer.stream === "messages") this.#openScreen(turn);
  }

  #openScreen(turn: number): void {
    const screen = this.#opened("screen");
    if (!screen) return this.#ended("unavailable");
    this.#screen = screen;
    screen.listener = {
      message: (bytes) => this.#stream?.send(bytes),
      closed: (code) => {
        if (turn === this.#turn) this.#ended(code ?? "unavailable");
      },
    };
  }

  #openInput(): void {
    const input = this.#opened("input");
    if (!input) return;
    this.#input = input;
    input.listener = {
      closed: (code) => {
        if (this.#input !== input) return;
        this.#input = undefined;
        this.#refused.control = code !== undefined;
      },
    };
  }

  // The link may have gone since it was wished; what is wished is tried again when it is back.
  #opened(kind: ChannelKind): Channel | undefined {
    try {
      return this.#place.openChannel(kind);
    } catch (error) {
      if (toHandrailError(error).code === "unavailable") return undefined;
      throw error;
    }
  }

  #closeInput(): void {
    const input = this.#input;
    this.#input = undefined;
    input?.close();
  }

  #fromPane(channel: StreamChannel, bytes: Uint8Array): void {
    const target = channel === streamChannels.viewer ? this.#screen : this.#input;
    target?.send(bytes);
  }

  #ended(code: ErrorCode): void {
    this.#stop();
    const mayReturn = code === "too-slow" || code === "unavailable" || code === "customer-away";
    this.#refused.watch = !mayReturn || code === "customer-away";
    this.#place.stopped(code);
    if (!this.#refused.watch) {
      this.#again = this.#place.clock.after(againAfterMs, () => this.#settle());
    }
  }

  #stop(): void {
    if (this.#turnIsUsed()) this.#turn++;
    this.#again?.dispose();
    const screen = this.#screen;
    this.#screen = undefined;
    if (screen) {
      screen.listener = {};
      screen.close();
    }
    this.#stream?.close();
    this.#stream = undefined;
  }
}
