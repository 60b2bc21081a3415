import {
  type Channel,
  type ClipboardCopy,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  ClipboardIntake,
  type ClipboardRefusal,
  clipboardSendMessage,
  clipboardSentMessage,
  decodeText,
  HandrailError,
  maxFollowingBytes,
  sendPieces,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { CopyPace } from "./copy-pace.ts";

/** What came of asking for the customer's clipboard. */
export type Got = { readonly copy: ClipboardCopy } | { readonly refused: ClipboardRefusal };

/** The one question or copy of a channel that is opened for it. */
const only = 1;

/**
 * Sends one copy on a channel of kind `clipboard-to-customer`, and closes it. Resolves to nothing
 * when the copy is on the customer's clipboard, or to why it is not.
 * @throws HandrailError why the channel ended; the signal's reason
 */
export async function sendCopy(
  channel: Channel,
  { format, bytes }: ClipboardCopy,
  signal: AbortSignal,
): Promise<ClipboardRefusal | undefined> {
  const over = new AbortController();
  const answer = answerOf<ClipboardRefusal | undefined>(channel, signal, (message, settle) => {
    const said = clipboardSentMessage.decode(message);
    if (said.copy !== only) throw new HandrailError("protocol-violation", "no such copy");
    settle(said.type === "placed" ? undefined : said.reason);
  });
  const sizeBytes = bytes.length;
  channel.send(clipboardSendMessage.encode({ type: "begin", copy: only, format, sizeBytes }));
  void sendPieces(channel, bytes, AbortSignal.any([signal, over.signal]));
  return answer.finally(() => over.abort());
}

/**
 * Asks for what is on the customer's clipboard on a channel of kind `clipboard-from-customer`, and
 * closes it.
 * @throws HandrailError why the channel ended; the signal's reason
 */
export function getCopy(channel: Channel, signal: AbortSignal): Promise<Got> {
  const intake = new ClipboardIntake();
  const answer = answerOf<Got>(channel, signal, (message, settle) => {
    const said = clipboardGotMessage.decode(message);
    if (said.type !== "piece" && said.ask !== only) {
      throw new HandrailError("protocol-violation", "nobody asked");
    }
    const got = taken(intake, said);
    if (got) settle(got);
  });
  channel.send(clipboardGetMessage.encode({ type: "get", ask: only }));
  return answer;
}

/** More than an honest client tells of in a row: it bounds it, too. */
const mayFollow = { atOnce: 40, everyMs: 500 } as const;
/** Nothing follows for so long from a client that tells too much, ms. */
const restMs = 30_000;

/** What a follower is told with. */
export interface FollowerPlace {
  readonly clock: Clock;
  readonly got: (got: Got) => void;
  /** Not told of one's own `dispose`. */
  readonly closed: () => void;
}

/**
 * What follows by itself on a channel of kind `clipboard-from-customer`, while it is wished. The far
 * end bounds how much that is, and is not trusted to: too many copies in a row end it for a while.
 */
export class Follower {
  readonly #channel: Channel;
  readonly #place: FollowerPlace;
  readonly #intake = new ClipboardIntake();
  readonly #pace: CopyPace;
  #begun = 0;
  #known = 0;
  #isWished = false;
  #isFollowing = false;
  #rest: { dispose(): void } | undefined;

  constructor(channel: Channel, place: FollowerPlace) {
    this.#channel = channel;
    this.#place = place;
    this.#pace = new CopyPace(place.clock, mayFollow);
    channel.listener = {
      message: (bytes) => {
        try {
          this.#heard(clipboardGotMessage.decode(bytes));
        } catch (error) {
          const { code, message } = toHandrailError(error);
          this.#rest?.dispose();
          channel.reset(code, message);
          place.closed();
        }
      },
      closed: () => {
        this.#rest?.dispose();
        place.closed();
      },
    };
  }

  /** Whether copies are to come; with `missed` what was copied since the last that came, too. */
  follow(isFollowing: boolean, { missed = true } = {}): void {
    this.#isWished = isFollowing;
    this.#settle(missed);
  }

  /** @throws HandrailError `protocol-violation`, `clipboard-too-large` */
  #heard(said: ClipboardGotMessage): void {
    if (said.type === "begin") {
      this.#begun = said.generation;
      if (said.sizeBytes > maxFollowingBytes) {
        throw new HandrailError("clipboard-too-large", "too large to follow by itself");
      }
    }
    const got = taken(this.#intake, said);
    if (!got || !this.#isFollowing) return;
    if (!this.#pace.take()) return this.#tooOften();
    if ("copy" in got) this.#known = this.#begun;
    this.#place.got(got);
  }

  #tooOften(): void {
    this.#rest = this.#place.clock.after(restMs, () => {
      this.#rest = undefined;
      this.#settle(true);
    });
    this.#settle(true);
    this.#place.got({ refused: "too-often" });
  }

  #settle(missed: boolean): void {
    const isFollowing = this.#isWished && !this.#rest;
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    const wish = isFollowing
      ? ({ type: "follow", known: missed ? this.#known : 0 } as const)
      : ({ type: "rest" } as const);
    this.#channel.send(clipboardGetMessage.encode(wish));
  }

  dispose(): void {
    this.#rest?.dispose();
    this.#channel.listener = {};
    this.#channel.close();
  }
}

/**
 * A customer's text as it is pasted without harm: no control characters but tabs and line ends, for
 * a terminal would obey them.
 */
export function plainText(bytes: Uint8Array): string {
  return decodeText(bytes).replace(/[^\P{Cc}\t\n\r]/gu, "");
}

function taken(intake: ClipboardIntake, said: ClipboardGotMessage): Got | undefined {
  if (said.type === "refused") return { refused: said.reason };
  if (said.type === "begin") {
    intake.begin(said);
    return undefined;
  }
  const copy = intake.piece(said.bytes);
  return copy && { copy };
}

/** Waits for the answer on a channel, which is closed then. */
function answerOf<T>(
  channel: Channel,
  signal: AbortSignal,
  heard: (message: Uint8Array, settle: (answer: T) => void) => void,
): Promise<T> {
  let stop: () => void = () => undefined;
  const answer = new Promise<T>((resolve, reject) => {
    stop = () => reject(toHandrailError(signal.reason));
    channel.listener = {
      message: (bytes) => {
        try {
          heard(bytes, resolve);
        } catch (error) {
          reject(toHandrailError(error));
        }
      },
      closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
  return answer.finally(() => {
    signal.removeEventListener("abort", stop);
    channel.close();
  });
}
