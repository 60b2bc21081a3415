import { type Channel, type ErrorCode, inputMessage, type InputMessage } from "@handrail/protocol";
import type { InputSink, PointerButton } from "./host.ts";
import type { PolicyGate } from "./policy-gate.ts";
import type { Point } from "./surface/backlog.ts";

const strokes: ReadonlySet<string> = new Set<InputMessage["type"]>(["button", "key", "text"]);
const buttons: readonly PointerButton[] = [1, 2, 3, 8, 9];

/** What the input desk works with. */
export interface InputDeskOptions {
  readonly gate: PolicyGate;
  /** Throws when mouse and keyboard cannot be worked. */
  readonly openSink: () => InputSink;
  /** Size of the screen shown, px; coordinates outside are clamped to it. */
  readonly screenSize: () => { width: number; height: number } | undefined;
  /** Told of every input, with its place where it has one, and whether it was a key or a button. */
  readonly happened: (point: Point | undefined, isStroke: boolean) => void;
}

/**
 * Works mouse and keyboard for the one input channel there is at a time. Asks the policy for every
 * message; holds still while the customer is being asked something; and never leaves a key or a
 * button down when the channel, the permission or the line goes.
 */
export class InputDesk implements Disposable {
  readonly #options: InputDeskOptions;
  #sink: InputSink | undefined;
  #channel: Channel | undefined;
  #isSuspended = false;
  readonly #downKeys = new Set<number>();
  readonly #downButtons = new Set<PointerButton>();

  constructor(options: InputDeskOptions) {
    this.#options = options;
  }

  /** Takes input from this channel; another one before it is reset. */
  attach(channel: Channel): void {
    this.#end("conflict", "another input channel was opened");
    this.#sink = this.#options.openSink();
    this.#channel = channel;
    channel.listener = {
      message: (bytes) => this.#receive(channel, inputMessage.decode(bytes)),
      closed: () => {
        if (this.#channel === channel) this.#end("cancelled");
      },
    };
  }

  /** While suspended nothing is injected: the customer is answering a question. */
  suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    if (isSuspended) this.releaseAll();
  }

  /** Ends the channel when working the computer is not allowed any more. */
  narrowed(): void {
    const { gate } = this.#options;
    if (gate.may("control")) return;
    this.#end(gate.state === "ended" ? "session-ended" : "not-permitted", "control is not allowed");
  }

  /** The screen is another one: so are mouse and keyboard. */
  reopen(): void {
    if (!this.#channel) return;
    this.releaseAll();
    this.#sink?.[Symbol.dispose]();
    this.#sink = this.#options.openSink();
  }

  /** The line is away: what is held goes up, but a text that has arrived is typed to its end. */
  interrupted(): void {
    for (const keysym of this.#downKeys) this.#sink?.key(keysym, false);
    for (const button of this.#downButtons) this.#sink?.pointerButton(button, false);
    this.#downKeys.clear();
    this.#downButtons.clear();
  }

  releaseAll(): void {
    this.#downKeys.clear();
    this.#downButtons.clear();
    this.#sink?.releaseAll();
  }

  [Symbol.dispose](): void {
    this.#end("session-ended");
  }

  #end(code: ErrorCode, reason = ""): void {
    const channel = this.#channel;
    this.#channel = undefined;
    this.releaseAll();
    this.#sink?.[Symbol.dispose]();
    this.#sink = undefined;
    channel?.reset(code, reason);
  }

  #receive(channel: Channel, message: InputMessage): void {
    const sink = this.#sink;
    if (!sink || this.#channel !== channel) return;
    if (!this.#options.gate.may("control")) return this.narrowed();
    if (this.#isSuspended) return;
    this.#inject(sink, message);
    const point = "x" in message ? this.#clamp(message) : undefined;
    this.#options.happened(point, strokes.has(message.type));
  }

  #inject(sink: InputSink, message: InputMessage): void {
    switch (message.type) {
      case "move":
        return this.#moveTo(sink, message);
      case "button":
        return this.#press(sink, message);
      case "wheel":
        this.#moveTo(sink, message);
        return sink.wheel(message.dx, message.dy);
      case "key":
        return this.#strike(sink, message);
      case "text":
        // Not awaited: the sink keeps the order of calls itself.
        void sink.text(message.text);
        return;
      case "releaseAll":
        return this.releaseAll();
    }
  }

  #press(sink: InputSink, message: { button: number; down: boolean } & Point): void {
    const button = buttons.find((each) => each === message.button);
    if (button === undefined) return;
    // A release that follows a suspension belongs to a press that was released already.
    if (!message.down && !this.#downButtons.delete(button)) return;
    if (message.down) this.#downButtons.add(button);
    this.#moveTo(sink, message);
    sink.pointerButton(button, message.down);
  }

  #strike(sink: InputSink, { keysym, down }: { keysym: number; down: boolean }): void {
    if (!down && !this.#downKeys.delete(keysym)) return;
    if (down) this.#downKeys.add(keysym);
    sink.key(keysym, down);
  }

  #moveTo(sink: InputSink, point: Point): void {
    const { x, y } = this.#clamp(point);
    sink.pointerMove(x, y);
  }

  #clamp(point: Point): Point {
    const size = this.#options.screenSize();
    if (!size) return { x: point.x, y: point.y };
    return {
      x: Math.max(0, Math.min(size.width - 1, point.x)),
      y: Math.max(0, Math.min(size.height - 1, point.y)),
    };
  }
}
