import type { Channel, ScreenFault } from "@handrail/protocol";
import { type Clock, Timer } from "./clock.ts";
import type { ScreenSource } from "./host.ts";
import type { PolicyGate } from "./policy-gate.ts";
import { ScreenSender } from "./screen-sender.ts";
import type { Encoder } from "./surface/encoder.ts";
import type { Point } from "./surface/backlog.ts";

const retryMs = 2000;

/** What sharing the screen needs. */
export interface ScreenShareOptions {
  readonly gate: PolicyGate;
  readonly clock: Clock;
  /** Throws when there is no screen to show. */
  readonly openScreen: () => ScreenSource;
  readonly openEncoder: () => Encoder;
  /** Told when the screen cannot be shown, and why, and when it can again. */
  readonly stateChanged: (state: ScreenState) => void;
}

/** Whether the screen can be shown. `fault`: why not; `reason`: for the log, in English. */
export interface ScreenState {
  readonly fault: ScreenFault | undefined;
  readonly reason: string;
}

const available: ScreenState = { fault: undefined, reason: "" };

/**
 * Shares the screen with the one channel that watches. Nothing is open and nothing runs while
 * nobody does, nor while the display is away. An encoder that breaks down is replaced.
 */
export class ScreenShare implements Disposable {
  readonly #options: ScreenShareOptions;
  readonly #retry: Timer;
  #encoder: Encoder | undefined;
  #channel: Channel | undefined;
  #source: ScreenSource | undefined;
  #sender: ScreenSender | undefined;
  #epoch = 1;
  #state = available;
  #hasDisplay = true;
  #isPaused = false;

  constructor(options: ScreenShareOptions) {
    this.#options = options;
    this.#retry = new Timer(options.clock);
  }

  /** Size of the screen while it is shown, px. */
  get size(): { width: number; height: number } | undefined {
    return this.#source && { width: this.#source.width, height: this.#source.height };
  }

  get state(): ScreenState {
    return this.#state;
  }

  /** The display server is gone, so that nothing can be captured; or it is back. */
  setDisplay(hasDisplay: boolean): void {
    this.#hasDisplay = hasDisplay;
    this.#stop();
    if (!hasDisplay) return this.#setState({ fault: "display-gone", reason: "no display" });
    if (this.#channel) this.#start();
    else this.#setState(available);
  }

  /** Somebody may soon want to watch: what takes time to start is started. */
  prepare(): void {
    this.#encoder ??= this.#options.openEncoder();
  }

  /** Shows the screen on this channel; an earlier one is reset. */
  attach(channel: Channel): void {
    this.#channel?.reset("conflict", "another screen channel was opened");
    this.#channel = channel;
    this.#stop();
    this.#start();
  }

  /** See `ScreenSender.inputAt`. */
  inputAt(point: Point | undefined, isStroke: boolean): void {
    this.#sender?.inputAt(point, isStroke);
  }

  /** The line is away, or back. */
  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#sender?.pause();
    else this.#sender?.resume();
  }

  /** Stops at once when the screen may not be seen any more. */
  narrowed(): void {
    if (!this.#channel || this.#options.gate.may("view")) return;
    const channel = this.#channel;
    this.#channel = undefined;
    this.#stop();
    const isOver = this.#options.gate.state === "ended";
    channel.reset(isOver ? "session-ended" : "not-permitted", "the screen may not be seen");
  }

  [Symbol.dispose](): void {
    this.#channel?.reset("session-ended");
    this.#channel = undefined;
    this.#stop();
    this.#encoder?.[Symbol.dispose]();
    this.#encoder = undefined;
  }

  #detach(channel: Channel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#stop();
  }

  #start(): void {
    const { gate, clock, openScreen } = this.#options;
    const channel = this.#channel;
    if (!this.#hasDisplay || !channel || channel.isGone || !gate.may("view")) return;
    try {
      this.#source = openScreen();
    } catch (error) {
      return this.#unavailable("failed", messageOf(error));
    }
    this.#source.onLost((reason) => this.#unavailable("display-gone", reason));
    this.#encoder ??= this.#options.openEncoder();
    this.#sender = new ScreenSender({
      source: this.#source,
      encoder: this.#encoder,
      channel,
      clock,
      epoch: this.#epoch,
      mayCapture: () => gate.may("view"),
      closed: () => this.#detach(channel),
      failed: (error) => this.#failed(error),
    });
    if (this.#isPaused) this.#sender.pause();
    this.#setState(available);
  }

  #stop(): void {
    this.#retry.clear();
    this.#epoch = this.#sender?.nextEpoch ?? this.#epoch;
    this.#sender?.[Symbol.dispose]();
    this.#sender = undefined;
    this.#source?.[Symbol.dispose]();
    this.#source = undefined;
    const channel = this.#channel;
    if (channel) channel.listener = { closed: () => this.#detach(channel) };
  }

  /** The encoder broke down: a new one begins a new epoch. */
  #failed(error: unknown): void {
    this.#stop();
    this.#encoder?.[Symbol.dispose]();
    this.#encoder = undefined;
    this.#unavailable("failed", messageOf(error));
  }

  #setState(state: ScreenState): void {
    const isSame = state.fault === this.#state.fault;
    this.#state = state;
    if (!isSame) this.#options.stateChanged(state);
  }

  #unavailable(fault: ScreenFault, reason: string): void {
    this.#stop();
    this.#setState({ fault, reason: reason.slice(0, 256) });
    this.#retry.set(retryMs, () => this.#start());
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
