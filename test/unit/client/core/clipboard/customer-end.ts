import {
  Channel,
  type ChannelKind,
  type ClipboardCopy,
  encodeText,
  type ErrorCode,
  frameTypes,
  readReset,
} from "@handrail/protocol";
import type {
  ClipboardHost,
  ClipboardReading,
} from "../../../../../appliance/client/core/clipboard/host.ts";
import type { ToolHost } from "../../../../../appliance/client/core/tools.ts";
import { poll } from "../../../../support/poll.ts";

/** A clipboard that the test holds. */
export class HeldClipboard implements ClipboardHost {
  readonly placed: ClipboardCopy[] = [];
  reading: ClipboardReading = { none: "empty" };
  reads = 0;
  isBroken = false;
  isDisposed = false;
  readonly #listeners = new Set<(times: number) => void>();

  /** The customer copies, or a program does. */
  copy(text: string, times = 1): void {
    const copy = { format: "text" as const, bytes: encodeText(text) };
    this.reading = { copy, sha256: `hash of ${text.slice(0, 20)}` };
    for (const listener of this.#listeners) listener(times);
  }

  read(): Promise<ClipboardReading> {
    this.reads++;
    return Promise.resolve(this.reading);
  }

  place(copy: ClipboardCopy): Promise<string | undefined> {
    if (this.isBroken) return Promise.resolve(undefined);
    this.placed.push(copy);
    return Promise.resolve("hash of it");
  }

  onChange(listener: (times: number) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
  }
}

/** One use of a tool, with what came out of its channel and what was reported. */
export class ToolTrial<Message> {
  readonly reported: [string, Readonly<Record<string, unknown>>][] = [];
  readonly said: Message[] = [];
  readonly channel: Channel;
  ended: ErrorCode | undefined;
  readonly #decode: (bytes: Uint8Array) => Message;
  readonly #parts: Uint8Array[] = [];

  constructor(tool: ToolHost, kind: ChannelKind, decode: (bytes: Uint8Array) => Message) {
    this.#decode = decode;
    this.channel = new Channel(2, kind, () => undefined);
    tool.use({
      channel: this.channel,
      by: "Ann",
      run: undefined,
      report: (event, detail) => this.reported.push([event, detail]),
    });
    this.channel.accept();
  }

  hear(message: Uint8Array): void {
    if (!this.channel.isGone) this.channel.listener.message?.(message);
  }

  pump(): void {
    for (let frame = this.channel.next(0); frame; frame = this.channel.next(0)) {
      if (frame.type === frameTypes.RESET) this.ended = readReset(frame).code;
      if (frame.type === frameTypes.DATA_MORE) this.#parts.push(frame.payload);
      if (frame.type !== frameTypes.DATA) continue;
      const whole = Buffer.concat([...this.#parts.splice(0), frame.payload]);
      this.said.push(this.#decode(new Uint8Array(whole)));
    }
  }

  /** Waits until so much was said. */
  until(what: string, is: (said: readonly Message[]) => boolean): Promise<unknown> {
    return poll(what, () => (this.pump(), is(this.said)), 3000);
  }
}
