// The customer's end of a transfer, in a thread of its own: sends messages of the size of a frame on
// the channel `screen` that the far end opens, as fast as it acknowledges them.

import { workerData } from "node:worker_threads";
import { type Channel, maxDataBytes, SendWindow, viewerMessage } from "@handrail/protocol";
import { poll } from "../../support/poll.ts";
import { connectMux } from "./mux-end.ts";
import { follow, sharedNow } from "./orders.ts";

/** Where the customer's end connects, and what it says there first. */
export interface SourcePlace {
  readonly url: string;
  readonly hello?: object;
}

/** Most bytes on their way that nobody has acknowledged. */
const maxUnacknowledgedBytes = 1024 * 1024;
const probeBytes = 100;
/** The far end acknowledges every fourth message. */
const unit = 4;
const message = new Uint8Array(maxDataBytes).map((_, at) => at * 31);

/** How much may go out now. */
interface Window {
  readonly available: number;
  sent(bytes: number, now: number): void;
  consumed(total: number, now: number): boolean;
}

class FixedWindow implements Window {
  #sent = 0;
  #consumed = 0;

  get available(): number {
    return maxUnacknowledgedBytes - (this.#sent - this.#consumed);
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  consumed(total: number): boolean {
    this.#consumed = total;
    return true;
  }
}

const place = workerData as SourcePlace;
let screen: Channel | undefined;
let input: Channel | undefined;
let window: Window = new FixedWindow();
let wantedBytes = 0;
let sentBytes = 0;
let consumedBytes = 0;
let base = 0;
let isFlowing = false;
const delays: number[] = [];

function pump(): void {
  if (!screen) return;
  const now = performance.now();
  while ((isFlowing || sentBytes < wantedBytes) && window.available >= message.length) {
    screen.send(message);
    sentBytes += message.length;
    window.sent(message.length, now);
  }
}

function acknowledged(bytes: Uint8Array): void {
  const answer = viewerMessage.decode(bytes);
  if (answer.type !== "ack") return;
  consumedBytes = answer.seq * message.length;
  window.consumed(consumedBytes - base, performance.now());
  pump();
}

/** Times a probe, and answers it as a changed screen answers a click. */
function probed(bytes: Uint8Array): void {
  const sentAt = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0);
  delays.push(sharedNow() - sentAt);
  screen?.send(bytes.slice(0, probeBytes));
}

const settled = () => poll("everything is acknowledged", () => consumedBytes >= sentBytes, 300_000);

await connectMux(place.url, place.hello, ({ kind }, channel) => {
  if (kind === "screen") {
    screen = channel;
    channel.listener = { message: acknowledged };
  } else {
    input = channel;
    channel.listener = { message: probed };
  }
});

follow({
  ready: () => poll("the far end opens the screen", () => screen !== undefined).then(() => true),
  /** Sends so many bytes or some more; answers how many, when the last is acknowledged. */
  send: async (bytes) => {
    const units = Math.ceil(Number(bytes) / (unit * message.length));
    wantedBytes = sentBytes + units * unit * message.length;
    pump();
    await settled();
    return units * unit * message.length;
  },
  /** Sends without an end, with the window that follows the delay. */
  flow: () => {
    base = sentBytes;
    window = new SendWindow(4 * maxUnacknowledgedBytes);
    isFlowing = true;
    pump();
    return input !== undefined;
  },
  /** How long each probe since the last question has taken to come here, ms. */
  times: () => delays.splice(0),
  /** Ends `flow`. */
  rest: async () => {
    isFlowing = false;
    wantedBytes = sentBytes;
    await settled();
    return true;
  },
});
