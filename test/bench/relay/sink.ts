// The far end of a transfer, in a thread of its own: counts the messages that come and acknowledges
// them, as a viewer does. Either a console at the appliance, or a server behind a proxy.

import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { type Channel, type Lsid, viewerMessage } from "@handrail/protocol";
import { poll } from "../../support/poll.ts";
import { connectConsole, type ConsoleEnd } from "../../support/party.ts";
import { serveMux } from "./mux-end.ts";
import { follow, sharedNow } from "./orders.ts";

/** A console's appliance, or what a server behind a proxy needs. */
export type SinkPlace =
  | { readonly url: string; readonly accessToken: string }
  | { readonly key: string; readonly cert: string };

const probeBytes = 100;
const place = workerData as SinkPlace;
let count = 0;
let acknowledgeEvery = 4;
let ann: ConsoleEnd | undefined;
let lsid: Lsid | undefined;
let input: Channel | undefined;
const answers: number[] = [];

/** Takes the messages of a channel. */
function take(channel: Channel): void {
  channel.listener = {
    message: (bytes) => {
      if (bytes.length === probeBytes) return answered(bytes);
      count++;
      if (count % acknowledgeEvery > 0) return;
      channel.send(viewerMessage.encode({ type: "ack", epoch: 0, seq: count }));
    },
    closed: (code, reason) => {
      throw new Error(`the screen has ended: ${code ?? "closed"} ${reason}`);
    },
  };
}

function answered(bytes: Uint8Array): void {
  answers.push(sharedNow() - new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0));
}

function joined(): { ann: ConsoleEnd; lsid: Lsid } {
  if (!ann || lsid === undefined) throw new Error("there is no key yet");
  return { ann, lsid };
}

follow({
  /** Serves behind a proxy; answers its port. */
  serve: async () => {
    if (!("cert" in place)) throw new Error("no certificate");
    return serveMux(place, (mux) => take(mux.open({ kind: "screen", lsid: "" })));
  },
  /** Makes a session key; answers its digits. */
  key: async () => {
    if (!("url" in place)) throw new Error("no appliance");
    ann = await connectConsole(place.url, place.accessToken);
    const made = await ann.key();
    lsid = made.lsid;
    return made.key;
  },
  /** Accepts the session, watches its screen and takes mouse and keyboard. */
  watch: async () => {
    const session = joined();
    const wanted = { lsid: session.lsid };
    const isWaiting = () =>
      session.ann
        .all("session.changed")
        .some((each) => each.lsid === session.lsid && each.customerConnected);
    await poll("the customer is here", isWaiting);
    await session.ann.call("session.accept", wanted);
    await session.ann.call("control.take", { ...wanted, force: false });
    const control = await session.ann.open("input", session.lsid).opened();
    input = control.channel;
    const screen = await session.ann.open("screen", session.lsid).opened();
    take(screen.channel);
    return true;
  },
  /** Sends probes of 100 bytes; answers how long each answer has taken, ms. */
  probe: async (wanted) => {
    answers.length = 0;
    for (let i = 0; i < Number(wanted); i++) {
      const bytes = new Uint8Array(probeBytes);
      new DataView(bytes.buffer).setFloat64(0, sharedNow());
      input?.send(bytes);
      await sleep(20);
    }
    await poll("all probes are answered", () => answers.length >= Number(wanted), 60_000);
    return answers.splice(0);
  },
  /** From now on each message is acknowledged at once. */
  prompt: () => (acknowledgeEvery = 1),
});
