import type { Channel } from "@handrail/protocol";
import { InputDesk } from "./input.ts";
import type { PolicyGate } from "./policy-gate.ts";
import { ScreenShare, type ScreenState } from "./screen-share.ts";
import type { SessionPlace } from "./session-place.ts";
import type { StatusBoard } from "./status-board.ts";

interface DesktopOptions {
  readonly place: SessionPlace;
  readonly gate: PolicyGate;
  readonly board: StatusBoard;
  /** Tells the appliance whether the screen can be shown. */
  readonly tell: (state: ScreenState) => void;
}

/**
 * The customer's desktop as it is shown and worked: the screen, with mouse and keyboard. What cannot
 * be had is told to the customer, who may know why.
 */
export class Desktop implements Disposable {
  readonly #options: DesktopOptions;
  readonly #screen: ScreenShare;
  readonly #input: InputDesk;

  constructor(options: DesktopOptions) {
    this.#options = options;
    const { gate, place } = options;
    const { clock, openScreen, openEncoder } = place;
    this.#screen = new ScreenShare({
      ...{ gate, clock, openScreen, openEncoder },
      stateChanged: (state) => this.#screenChanged(state),
    });
    this.#input = new InputDesk({
      gate,
      openSink: place.openInput,
      screenSize: () => this.#screen.size,
      happened: (point, isStroke) => this.#screen.inputAt(point, isStroke),
    });
  }

  /** Gets ready to be shown: somebody may watch soon. */
  prepare(): void {
    this.#screen.prepare();
  }

  /** Shows the screen on a channel. */
  attachScreen(channel: Channel): void {
    this.#screen.attach(channel);
  }

  /** Takes mouse and keyboard from a channel, which ends where they cannot be worked. */
  attachInput(channel: Channel): void {
    const { board, place } = this.#options;
    try {
      this.#input.attach(channel);
    } catch (error) {
      place.log("input.failed", { reason: String(error) });
      board.warn("input", place.texts.inputUnavailable);
      channel.reset("unavailable", "mouse and keyboard cannot be worked here");
    }
  }

  /** The display is gone, with the window that names who is here, or is back. */
  setDisplay(isThere: boolean): void {
    this.#screen.setDisplay(isThere);
  }

  /** While the customer is asked something, nobody else works mouse and keyboard. */
  suspendInput(isSuspended: boolean): void {
    this.#input.suspend(isSuspended);
  }

  /** The line is away: nothing is captured, and what is pressed is let go. */
  away(): void {
    this.#screen.setPaused(true);
    this.#input.interrupted();
  }

  /** The line is back. */
  back(): void {
    this.#screen.setPaused(false);
  }

  /** For an appliance that knows nothing of this client: tells it why there is no screen, if so. */
  tellFault(): void {
    const { state } = this.#screen;
    if (state.fault) this.#options.tell(state);
  }

  /** Less is allowed now. */
  narrowed(): void {
    this.#screen.narrowed();
    this.#input.narrowed();
  }

  [Symbol.dispose](): void {
    this.#input[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  #screenChanged(state: ScreenState): void {
    const { board, place, tell } = this.#options;
    const isAvailable = state.fault === undefined;
    place.log("screen.state", { isAvailable: Number(isAvailable), reason: state.reason });
    board.warn("screen", isAvailable ? undefined : place.texts.screenUnavailable);
    if (isAvailable) this.#reopenInput();
    tell(state);
  }

  #reopenInput(): void {
    try {
      this.#input.reopen();
    } catch (error) {
      this.#options.place.log("input.failed", { reason: String(error) });
    }
  }
}
