import type { ErrorCode, SurfaceDisplay } from "@handrail/protocol";
import type { HandListener } from "../screen/hand.ts";
import { Screen } from "../screen/screen.ts";
import type { DecodeStatistics, PaneEnd, SessionPane, StreamOffer } from "./contract.ts";
import { platform } from "./platform.ts";
import type { PictureState } from "./situation.ts";

const firstRetryMs = 250;
const longestRetryMs = 5000;
/** A stream that cannot be decoded this often in a row is given up. */
const maxFaults = 5;

/** What the picture tells the pane. */
export interface PictureListener {
  /** A picture is there, or no more, or its monitors changed. */
  changed(): void;
  grabbed(isGrabbed: boolean): void;
  statistics(statistics: DecodeStatistics): void;
  pressedIdle(): void;
}

/**
 * The screen of the pane with its stream: takes what the host offers, asks for another when one is
 * lost or cannot be decoded, ever more slowly.
 */
export class Picture {
  readonly screen: Screen;
  readonly #end: PaneEnd<SessionPane>;
  readonly #listener: PictureListener;
  #displays: readonly SurfaceDisplay[] = [];
  #isShown = false;
  #hasEpoch = false;
  #closed: ErrorCode | undefined;
  #faults = 0;
  #retryMs = firstRetryMs;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(end: PaneEnd<SessionPane>, listener: PictureListener, hand: HandListener) {
    this.#end = end;
    this.#listener = listener;
    this.screen = new Screen({
      platform: platform(),
      hand,
      listener: {
        grabbed: (isGrabbed) => listener.grabbed(isGrabbed),
        displays: (displays) => {
          this.#displays = displays;
          this.#hasEpoch = true;
          listener.changed();
        },
        painted: () => this.#painted(),
        statistics: (statistics) => listener.statistics(statistics),
        lost: () => this.#askAgain(),
        failed: (fault) => this.#failed(fault),
        pressedIdle: () => listener.pressedIdle(),
        answer: (channel, message) => end.sendStream(channel, message),
        taken: () => end.taken(),
      },
    });
    document.addEventListener("visibilitychange", () => {
      this.screen.setVisible(document.visibilityState === "visible");
    });
  }

  get displays(): readonly SurfaceDisplay[] {
    return this.#displays;
  }

  get state(): PictureState {
    return { isShown: this.#isShown, closed: this.#closed };
  }

  open(offer: StreamOffer): void {
    clearTimeout(this.#retry);
    this.#closed = undefined;
    this.#hasEpoch = false;
    const byMessages = offer.stream === "messages";
    this.#end.onSurface(byMessages ? (message) => this.screen.receive(message) : undefined);
    this.screen.open(offer);
    this.#listener.changed();
  }

  /** The host has taken the stream away. */
  close(code: ErrorCode): void {
    clearTimeout(this.#retry);
    this.#end.onSurface(undefined);
    this.screen.close();
    this.#isShown = false;
    this.#closed = code;
    this.#listener.changed();
  }

  /** The person wants another try. */
  retry(): void {
    this.#faults = 0;
    this.#closed = undefined;
    this.#retryMs = firstRetryMs;
    this.#askAgain();
    this.#listener.changed();
  }

  #painted(): void {
    this.#retryMs = firstRetryMs;
    if (this.#isShown || !this.#hasEpoch) return;
    this.#isShown = true;
    this.#listener.changed();
  }

  #failed(fault: { code: ErrorCode; message: string }): void {
    this.#end.notify("failed", fault);
    this.#faults++;
    if (this.#faults >= maxFaults) return this.close(fault.code);
    this.#askAgain();
  }

  #askAgain(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      // Refused while there is nothing to watch: the host offers a stream by itself then.
      this.#end.request("stream.request", null).catch(() => undefined);
    }, this.#retryMs);
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
  }
}
