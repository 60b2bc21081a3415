import type { ErrorCode } from "@handrail/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { ScreenFeed } from "../../../../extension/pane/screen-feed.ts";
import type { Stream, StreamEvents } from "../../../../extension/pane/stream.ts";
import type { StreamOffer } from "../../../../media/pane/contract.ts";
import { standingClock } from "../clock.ts";
import { lsid } from "../sample.ts";
import { joinedEnds } from "./links.ts";

const byMessages: StreamOffer = { stream: "messages" };
const watching = { watch: true, control: false };
const nothing = { watch: false, control: false };

let ends: ReturnType<typeof joinedEnds>;
let clock: ReturnType<typeof standingClock>;
let feed: ScreenFeed;
let shown: number[][];
let stopped: ErrorCode[];
let offers: number;
let pane: StreamEvents | undefined;

beforeEach(() => {
  ends = joinedEnds();
  clock = standingClock();
  [shown, stopped, offers, pane] = [[], [], 0, undefined];
  feed = new ScreenFeed({
    openChannel: (kind) => ends.console.open({ kind, lsid: lsid("a") }),
    openStream: (events): Promise<Stream> => {
      pane = events;
      const send = (bytes: Uint8Array) => shown.push([...bytes]);
      return Promise.resolve({ offer: byMessages, send, close: () => undefined });
    },
    offer: () => offers++,
    stopped: (code) => stopped.push(code),
    clock,
  });
});

async function settled(): Promise<void> {
  await clock.advance(0);
  ends.flow();
}

function channels(kind: "screen" | "input") {
  return ends.opened.filter(({ request }) => request.kind === kind).map(({ channel }) => channel);
}

describe("a screen feed", () => {
  it("brings the picture to the pane and the pane's answers back, untouched", async () => {
    feed.follow(watching);
    await settled();
    const [screen] = channels("screen");
    const heard: number[][] = [];
    if (screen) screen.listener = { message: (bytes) => heard.push([...bytes]) };
    screen?.send(Uint8Array.of(1, 2, 3));
    ends.flow();
    pane?.message(0, Uint8Array.of(7));
    ends.flow();
    expect(shown).toEqual([[1, 2, 3]]);
    expect(heard).toEqual([[7]]);
  });

  it("opens one channel however often it is told, and closes it when nobody looks", async () => {
    feed.follow(watching);
    feed.follow(watching);
    await settled();
    feed.follow(watching);
    await settled();
    expect(channels("screen")).toHaveLength(1);
    feed.follow(nothing);
    ends.flow();
    expect(channels("screen")[0]?.isGone).toBe(true);
    expect(stopped).toEqual([]);
  });

  it("begins anew when it is shown again", async () => {
    feed.follow(watching);
    await settled();
    feed.follow(nothing);
    feed.follow(watching);
    await settled();
    expect(channels("screen").map(({ isGone }) => isGone)).toEqual([true, false]);
    expect(offers).toBe(2);
  });

  it("says why the picture stopped, and does not ask again while that cannot help", async () => {
    feed.follow(watching);
    await settled();
    channels("screen")[0]?.reset("customer-refused");
    ends.flow();
    expect(stopped).toEqual(["customer-refused"]);
    feed.follow(watching);
    await clock.advance(60_000);
    await settled();
    expect(channels("screen")).toHaveLength(1);
  });

  it("asks again once something has changed", async () => {
    feed.follow(watching);
    await settled();
    channels("screen")[0]?.reset("customer-refused");
    ends.flow();
    feed.forgive();
    await settled();
    expect(channels("screen")).toHaveLength(2);
  });

  it("comes back by itself when it had only fallen behind", async () => {
    feed.follow(watching);
    await settled();
    channels("screen")[0]?.reset("too-slow");
    ends.flow();
    await clock.advance(1_000);
    await settled();
    expect(stopped).toEqual(["too-slow"]);
    expect(channels("screen")).toHaveLength(2);
  });

  it("hears nothing more of a stream that was given up", async () => {
    feed.follow(watching);
    await settled();
    const former = pane;
    feed.restart();
    await settled();
    former?.lost();
    expect(stopped).toEqual([]);
    expect(channels("screen").map(({ isGone }) => isGone)).toEqual([true, false]);
  });

  it("sends mouse and keyboard only while this representative holds them", async () => {
    feed.follow({ watch: true, control: true });
    await settled();
    const heard: number[][] = [];
    const [input] = channels("input");
    if (input) input.listener = { message: (bytes) => heard.push([...bytes]) };
    pane?.message(1, Uint8Array.of(4));
    ends.flow();
    feed.follow(watching);
    pane?.message(1, Uint8Array.of(5));
    ends.flow();
    expect(heard).toEqual([[4]]);
    expect(input?.isGone).toBe(true);
  });

  it("sends them again when they were taken away and have come back", async () => {
    feed.follow({ watch: true, control: true });
    await settled();
    // The appliance ends the channel before the console hears who holds them now.
    channels("input")[0]?.reset("not-permitted");
    ends.flow();
    feed.follow(watching);
    feed.follow({ watch: true, control: true });
    await settled();
    expect(channels("input")).toHaveLength(2);
    expect(channels("input")[1]?.isGone).toBe(false);
  });

  it("ends everything when its tab is closed", async () => {
    feed.follow({ watch: true, control: true });
    await settled();
    feed.dispose();
    ends.flow();
    expect([...channels("screen"), ...channels("input")].every(({ isGone }) => isGone)).toBe(true);
  });
});
