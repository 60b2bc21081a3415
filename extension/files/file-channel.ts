import {
  type Channel,
  type DownloadConsoleMessage,
  type DownloadCustomerMessage,
  type ErrorCode,
  type FileError,
  type FilesConsoleMessage,
  type FilesCustomerMessage,
  type FilesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  HandrailError,
  maxFileRequests,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { FileRefusal } from "./file-refusal.ts";

/** The channel on which what files hold comes. */
export type DownloadChannel = FileChannel<DownloadConsoleMessage, DownloadCustomerMessage>;
/** The channel on which the disk is changed. */
export type WriteChannel = FileChannel<FilesWriteConsoleMessage, FilesWriteCustomerMessage>;
/** The channel on which questions are asked. */
export type QuestionChannel = FileChannel<FilesConsoleMessage, FilesCustomerMessage>;

/** A channel on which nothing was asked for so long is closed, ms. */
const idleMs = 30_000;

interface Message {
  readonly type: string;
  readonly id: number;
}

/** A message without the number that the channel gives it. */
export type Unnumbered<M> = M extends Message ? Omit<M, "id"> : never;

/** The messages of one kind of channel. */
export interface Language<Ask extends Message, Answer extends Message> {
  encode(message: Ask): Uint8Array;
  /** @throws HandrailError `protocol-violation` */
  decode(bytes: Uint8Array): Answer;
}

/** Whoever waits for the answers to a request. */
export interface Waiter<Answer> {
  /**
   * An answer. `consume` says that it is dealt with, and lets the other end send more.
   * @throws HandrailError what is wrong with it: ends the channel
   */
  answer(answer: Answer, consume: () => void): void;
  /** Nothing more comes. */
  failed(error: HandrailError): void;
}

/** How a request goes on once it is made. */
export interface Request<Ask extends Message> {
  /** Says something more about it. */
  say(message: Unnumbered<Ask>): void;
  /** Nothing more is expected: another may have its place. */
  done(): void;
  /** It is not wanted any more. Tells the other end, and the waiter nothing. */
  cancel(): void;
}

/** What a file channel needs of its place. */
export interface FileChannelPlace {
  /** @throws HandrailError `unavailable` while there is no link */
  readonly open: () => Channel;
  readonly clock: Clock;
  /** Stays open while nothing is asked: something is told on it. */
  readonly staysOpen?: () => boolean;
  /** The channel ended, for whatever reason but an idle time. */
  readonly closed?: (code: ErrorCode | undefined) => void;
}

/**
 * Requests and their answers on a channel of files: opens it when it is needed, numbers what is
 * asked, keeps to the number of requests that may be under way, and closes it when nobody asks.
 */
export class FileChannel<Ask extends Message, Answer extends Message> {
  readonly #place: FileChannelPlace;
  readonly #language: Language<Ask, Answer>;
  readonly #waiters = new Map<number, Waiter<Answer>>();
  readonly #queue: (() => void)[] = [];
  readonly #drains = new Set<() => void>();
  #channel: Channel | undefined;
  #lastId = 0;
  #idle: { dispose(): void } | undefined;

  constructor(language: Language<Ask, Answer>, place: FileChannelPlace) {
    this.#language = language;
    this.#place = place;
  }

  /** Bytes that wait for the line. */
  get queuedBytes(): number {
    return this.#channel?.queuedBytes ?? 0;
  }

  /** Asks; the waiter hears. Waits its turn when too much is under way. */
  async ask(message: Unnumbered<Ask>, waiter: Waiter<Answer>): Promise<Request<Ask>> {
    while (this.#waiters.size >= maxFileRequests) {
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    const channel = this.#open();
    const id = ++this.#lastId;
    this.#waiters.set(id, waiter);
    const say = (each: Unnumbered<Ask>) => this.#send(channel, each, id);
    say(message);
    const done = () => this.#done(id);
    const cancel = () => {
      if (!this.#waiters.has(id)) return;
      this.#send(channel, { type: "cancel" }, id);
      done();
    };
    return { say, done, cancel };
  }

  /**
   * Asks and gives the answer, the first or, if `isWhole` says no, a later one.
   * @throws HandrailError why there is none, {@link FileRefusal} among it; the signal's reason
   */
  async call(
    message: Unnumbered<Ask>,
    { take, signal }: { take: (answer: Answer) => boolean; signal?: AbortSignal | undefined },
  ): Promise<void> {
    signal?.throwIfAborted();
    let stop: () => void = () => undefined;
    const over = Promise.withResolvers<void>();
    // It may fail before anybody waits for it.
    over.promise.catch(() => undefined);
    const request = await this.ask(message, {
      answer: (answer, consume) => {
        consume();
        if (take(answer)) over.resolve();
      },
      failed: (error) => over.reject(error),
    });
    stop = () => {
      request.cancel();
      over.reject(toHandrailError(signal?.reason));
    };
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    try {
      await over.promise;
    } finally {
      signal?.removeEventListener("abort", stop);
      request.done();
    }
  }

  /** Resolves when less than 32 KB wait for the line, or the channel is gone. */
  async drained(): Promise<void> {
    if (this.#channel && this.#channel.queuedBytes >= drainedBytes) {
      await new Promise<void>((resolve) => this.#drains.add(resolve));
    }
  }

  /** Ends the channel; whoever waits hears `code`. What goes on later opens another. */
  close(code: ErrorCode = "cancelled"): void {
    const channel = this.#channel;
    if (!channel) return;
    channel.listener = {};
    channel.reset(code);
    this.#ended(channel, new HandrailError(code, "the channel was closed"));
  }

  /** Ends the channel once what is queued has gone; whoever waits hears `cancelled`. */
  finish(): void {
    const channel = this.#channel;
    if (!channel) return;
    channel.listener = {};
    channel.close();
    this.#ended(channel, new HandrailError("cancelled", "the channel was closed"));
  }

  #open(): Channel {
    this.#idle?.dispose();
    this.#idle = undefined;
    if (this.#channel) return this.#channel;
    const channel = this.#place.open();
    this.#channel = channel;
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => this.#message(channel, bytes),
      drained: () => this.#drained(),
      closed: (code, reason) => {
        this.#ended(channel, new HandrailError(code ?? "customer-away", reason));
        this.#place.closed?.(code);
      },
    };
    return channel;
  }

  #send(channel: Channel, message: object, id: number): void {
    // Every message of these languages is its fields and the number.
    channel.send(this.#language.encode({ ...message, id } as Ask));
  }

  #message(channel: Channel, bytes: Uint8Array): void {
    let isConsumed = false;
    const consume = () => {
      if (!isConsumed) channel.consume(bytes.length);
      isConsumed = true;
    };
    try {
      const answer = this.#language.decode(bytes);
      const waiter = this.#waiters.get(answer.id);
      // It may have been under way when its request was cancelled.
      if (!waiter) return consume();
      if (isFailure(answer)) {
        consume();
        this.#done(answer.id);
        return waiter.failed(new FileRefusal(answer.error, answer.detail));
      }
      waiter.answer(answer, consume);
    } catch (error) {
      const refusal = toHandrailError(error);
      channel.listener = {};
      channel.reset(refusal.code, refusal.message);
      this.#ended(channel, refusal);
      this.#place.closed?.(refusal.code);
    }
  }

  #done(id: number): void {
    if (!this.#waiters.delete(id)) return;
    this.#queue.shift()?.();
    if (this.#waiters.size > 0 || this.#place.staysOpen?.() === true) return;
    this.#idle?.dispose();
    this.#idle = this.#place.clock.after(idleMs, () => this.#isIdle());
  }

  #isIdle(): void {
    if (this.#waiters.size > 0 || this.#place.staysOpen?.() === true) return;
    this.finish();
  }

  #ended(channel: Channel, error: HandrailError): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#idle?.dispose();
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.failed(error);
    for (const turn of this.#queue.splice(0)) turn();
    this.#drained();
  }

  #drained(): void {
    const waiting = [...this.#drains];
    this.#drains.clear();
    for (const resolve of waiting) resolve();
  }
}

/** What a channel calls little, see `ChannelListener.drained`. */
const drainedBytes = 32 * 1024;

function isFailure(
  answer: Message,
): answer is Message & { type: "failed"; error: FileError; detail: string } {
  return answer.type === "failed";
}
