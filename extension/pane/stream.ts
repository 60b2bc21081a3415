import {
  maxSurfaceInFlight,
  type StreamChannel,
  type StreamOffer,
} from "../../media/pane/contract.ts";
import type { Loopback, LoopbackSocket } from "./loopback.ts";

/** A pane that has fallen behind this far gets a new picture instead of the rest of the old one. */
export const maxBehindBytes = 4 * 1024 * 1024;

/** What a stream tells its feed. */
export interface StreamEvents {
  /** The pane is there: surface messages may come. */
  ready(): void;
  message(channel: StreamChannel, bytes: Uint8Array): void;
  /** The pane closed it, or fell too far behind. */
  lost(): void;
}

/** How surface messages get into a pane, and its answers out. */
export interface Stream {
  readonly offer: StreamOffer;
  send(bytes: Uint8Array): void;
  close(): void;
}

/** The part of a pane's host end that carries surface messages by postMessage. */
export interface SurfacePost {
  readonly surfaceInFlight: number;
  sendSurface(message: Uint8Array): void;
  reset(): void;
}

/** Opens a stream of one kind to one pane. */
export type OpenStream = (events: StreamEvents) => Promise<Stream>;

/** By a socket on this computer: bytes pass untouched. */
export async function openSocketStream(loopback: Loopback, events: StreamEvents): Promise<Stream> {
  let socket: LoopbackSocket | undefined;
  let isClosed = false;
  const lose = () => {
    if (isClosed) return;
    isClosed = true;
    socket?.close();
    events.lost();
  };
  const stream = await loopback.offer({
    opened: (opened) => {
      socket = opened;
      if (isClosed) opened.close();
      else events.ready();
    },
    message: (bytes) => deliver(bytes, events),
    closed: lose,
  });
  return {
    offer: { stream },
    send: (bytes) => {
      if ((socket?.bufferedBytes ?? 0) > maxBehindBytes) lose();
      else socket?.send(bytes);
    },
    close: () => {
      isClosed = true;
      socket?.close();
    },
  };
}

function deliver(bytes: Uint8Array, events: StreamEvents): void {
  const channel = bytes[0];
  if (channel === 0 || channel === 1) events.message(channel, bytes.subarray(1));
}

/** By postMessage, for a pane on another computer: few messages on their way, the rest waits. */
export class PostedStream implements Stream {
  readonly offer: StreamOffer = { stream: "messages" };
  readonly #post: SurfacePost;
  readonly #events: StreamEvents;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  constructor(post: SurfacePost, events: StreamEvents) {
    this.#post = post;
    this.#events = events;
    post.reset();
  }

  send(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.drain();
    if (this.#waitingBytes <= maxBehindBytes) return;
    this.close();
    this.#events.lost();
  }

  /** The pane has taken a message. */
  drain(): void {
    while (this.#post.surfaceInFlight < maxSurfaceInFlight) {
      const bytes = this.#waiting.shift();
      if (!bytes) return;
      this.#waitingBytes -= bytes.length;
      this.#post.sendSurface(bytes);
    }
  }

  close(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
