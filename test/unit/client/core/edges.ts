import { Channel, type ChannelKind, inputMessage, type InputMessage } from "@handrail/protocol";
import type { Clock } from "../../../../appliance/client/core/clock.ts";
import type {
  HelpChatMessage,
  HelpQuestion,
  HelpWindow,
  HelpWindowState,
  InputSink,
} from "../../../../appliance/client/core/host.ts";
import { type FakeClock } from "../../../support/fake-clock.ts";

/** The core's clock, moved by the test. */
export function clockOf(fake: FakeClock): Clock {
  return {
    now: () => fake.monotonicMs(),
    unixNow: () => fake.now(),
    after: (delayMs, run) => fake.after(delayMs, run),
  };
}

/** A computer whose mouse and keyboard only keep a list of what was done with them. */
export class SinkRecord implements InputSink {
  readonly done: string[] = [];
  isDisposed = false;

  pointerMove(x: number, y: number): void {
    this.done.push(`move ${x},${y}`);
  }
  pointerButton(button: number, down: boolean): void {
    this.done.push(`button ${button} ${down ? "down" : "up"}`);
  }
  wheel(dx: number, dy: number): void {
    this.done.push(`wheel ${dx},${dy}`);
  }
  key(keysym: number, down: boolean): void {
    this.done.push(`key ${keysym} ${down ? "down" : "up"}`);
  }
  async text(text: string): Promise<void> {
    this.done.push(`text ${text}`);
  }
  releaseAll(): void {
    this.done.push("release");
  }
  [Symbol.dispose](): void {
    this.isDisposed = true;
  }
}

/** A help window at which the test sits. */
export class WindowRecord implements HelpWindow {
  readonly questions: HelpQuestion[] = [];
  readonly chat: HelpChatMessage[] = [];
  shown: HelpWindowState | undefined;
  readonly #answers: ((isAllowed: boolean) => void)[] = [];

  ask(question: HelpQuestion, signal?: AbortSignal): Promise<boolean> {
    this.questions.push(question);
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      signal?.addEventListener("abort", () => resolve(false));
    });
  }
  /** Answers the oldest open question. */
  answer(isAllowed: boolean): void {
    this.#answers.shift()?.(isAllowed);
  }
  show(state: HelpWindowState): void {
    this.shown = state;
  }
  async askKey(): Promise<undefined> {}
  addChat(message: HelpChatMessage): void {
    this.chat.push(message);
  }
  setTyping(): void {}
  nudge(): void {}
  onChat(): void {}
  onTyping(): void {}
  setFile(): void {}
  onSaveFile(): void {}
  onPickFile(): void {}
  onTakeBack(): void {}
  onStop(): void {}
  onDisplayLost(): void {}
  async end(): Promise<boolean> {
    return true;
  }
  async reopen(): Promise<boolean> {
    return false;
  }
  [Symbol.dispose](): void {}
}

/** An open channel of which only this end exists. */
export function openChannel(kind: ChannelKind): Channel {
  const channel = new Channel(2, kind, () => undefined);
  channel.accept();
  return channel;
}

/** Puts an input message into a channel as if the peer had sent it. */
export function input(channel: Channel, message: InputMessage): void {
  channel.listener.message?.(inputMessage.encode(message));
}
