/**
 * What is in the way, where that is known and people can do something about it: the proxy of their
 * network refuses, wants a name and password, does not answer, or cannot reach the site itself.
 */
export type Obstacle =
  "proxy-refuses" | "proxy-credentials" | "proxy-silent" | "proxy-cannot-reach";

/** Why a socket is gone. */
export interface WireEnd {
  /** The WebSocket close code, when the appliance closed it. */
  readonly closeCode: number | undefined;
  /** The other end is not the appliance that the customer was sent to: nothing was said to it. */
  readonly isUntrusted: boolean;
  readonly obstacle?: Obstacle | undefined;
  /** For the log, in English. */
  readonly reason: string;
}

/** What a socket tells. */
export interface WireEvents {
  /** The other end has proved to be the appliance; the socket takes messages. */
  opened(): void;
  text(text: string): void;
  bytes(bytes: Uint8Array): void;
  /** What was handed over is on its way; `bufferedBytes` is less than it was. */
  drained(): void;
  /** Once, and the last. Also when it never opened. */
  closed(end: WireEnd): void;
}

/** One message socket to the appliance. */
export interface Wire {
  /** Bytes handed over that have not left yet. */
  readonly bufferedBytes: number;
  sendText(text: string): void;
  sendBytes(bytes: Uint8Array): void;
  /** Says good-bye. */
  close(closeCode?: number): void;
  /** Ends it without a word: the line is dead. */
  drop(): void;
}

/** Opens a socket, or tells that it was closed when that takes too long. Never throws. */
export type Dial = (events: WireEvents) => Wire;
