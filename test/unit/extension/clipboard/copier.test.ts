import {
  type Channel,
  type ClipboardGetMessage,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  ClipboardIntake,
  clipboardSendMessage,
  clipboardSentMessage,
  encodeText,
  maxFollowingBytes,
  parseLsid,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import {
  Follower,
  getCopy,
  type Got,
  plainText,
  sendCopy,
} from "../../../../extension/clipboard/copier.ts";
import { poll } from "../../../support/poll.ts";
import { standingClock } from "../clock.ts";
import { joinedEnds } from "../pane/links.ts";

const lsid = parseLsid("ab".repeat(16));
const never = new AbortController().signal;

/** A channel of that kind, and the end of it at the customer's. */
function join(kind: "clipboard-to-customer" | "clipboard-from-customer") {
  const heard: Uint8Array[] = [];
  let far: Channel | undefined;
  const ends = joinedEnds((channel) => {
    far = channel;
    channel.listener = { message: (bytes) => void heard.push(bytes) };
    channel.accept();
  });
  const channel = ends.console.open({ kind, lsid });
  ends.flow();
  const say = (message: ClipboardGotMessage) => {
    far?.send(clipboardGotMessage.encode(message));
    ends.flow();
  };
  return { ...ends, channel, heard, say, far: () => far };
}

/** The text of a copy, as the customer's client says it. */
function begin(ask: number, generation: number, text: string): ClipboardGotMessage[] {
  const bytes = encodeText(text);
  const sizeBytes = bytes.length;
  return [
    { type: "begin", ask, generation, format: "text", sizeBytes },
    { type: "piece", bytes },
  ];
}

describe("a copy that is sent", () => {
  it("goes in pieces, whole, however long it is", async () => {
    const { channel, heard, flow, far } = join("clipboard-to-customer");
    const bytes = encodeText("Zoë 世界 ".repeat(100_000));
    const sent = sendCopy(channel, { format: "text", bytes }, never);
    const intake = new ClipboardIntake();
    const whole = await poll("it has come", () => {
      flow();
      for (const message of heard.splice(0)) {
        const said = clipboardSendMessage.decode(message);
        if (said.type === "begin") intake.begin(said);
        const copy = said.type === "piece" ? intake.piece(said.bytes) : undefined;
        if (copy) return copy;
      }
      return undefined;
    });
    expect(Buffer.from(bytes).equals(whole.bytes)).toBe(true);
    far()?.send(clipboardSentMessage.encode({ type: "placed", copy: 1 }));
    flow();
    expect(await sent).toBeUndefined();
  });

  it("is known to be refused, and why; and when the channel ends", async () => {
    const refused = join("clipboard-to-customer");
    const copy = { format: "text", bytes: encodeText("x") } as const;
    const first = sendCopy(refused.channel, copy, never);
    const answer = { type: "refused", copy: 1, reason: "failed" } as const;
    refused.far()?.send(clipboardSentMessage.encode(answer));
    refused.flow();
    expect(await first).toBe("failed");
    const ended = join("clipboard-to-customer");
    const second = sendCopy(ended.channel, copy, never);
    ended.far()?.reset("clipboard-too-large");
    ended.flow();
    await expect(second).rejects.toMatchObject({ code: "clipboard-too-large" });
  });
});

describe("the customer's clipboard", () => {
  it("is got as it comes", async () => {
    const { channel, say } = join("clipboard-from-customer");
    const got = getCopy(channel, never);
    for (const message of begin(1, 5, "déjà")) say(message);
    expect(await got).toEqual({ copy: { format: "text", bytes: encodeText("déjà") } });
  });

  it.each<[string, ClipboardGotMessage]>([
    ["what nobody has asked for", { type: "refused", ask: 2, reason: "empty" }],
    ["pieces of nothing", { type: "piece", bytes: new Uint8Array(10) }],
  ])("is not got from a client that gives %s", async (_title, message) => {
    const { channel, say } = join("clipboard-from-customer");
    const got = getCopy(channel, never);
    const refused = expect(got).rejects.toMatchObject({ code: "protocol-violation" });
    say(message);
    await refused;
  });

  it("is not got from one that announces a bomb", async () => {
    const { channel, say } = join("clipboard-from-customer");
    const refused = expect(getCopy(channel, never)).rejects.toMatchObject({
      code: "clipboard-too-large",
    });
    say({ type: "begin", ask: 1, generation: 1, format: "png", sizeBytes: 0xffff_ffff });
    await refused;
  });
});

describe("what follows by itself", () => {
  it("comes while it is wished, and is asked for from where it was left", () => {
    const { channel, say, heard, flow } = join("clipboard-from-customer");
    const got: Got[] = [];
    const follower = new Follower(channel, {
      clock: standingClock(),
      got: (each) => void got.push(each),
      closed: () => undefined,
    });
    const wishes = (): ClipboardGetMessage[] => {
      flow();
      return heard.splice(0).map((bytes) => clipboardGetMessage.decode(bytes));
    };
    follower.follow(true);
    follower.follow(true);
    expect(wishes()).toEqual([{ type: "follow", known: 0 }]);
    for (const message of begin(0, 7, "one")) say(message);
    follower.follow(false);
    // On its way when the tab went out of sight: it is not taken, and comes again later.
    for (const message of begin(0, 8, "two")) say(message);
    expect(got).toEqual([{ copy: { format: "text", bytes: encodeText("one") } }]);
    follower.follow(true);
    expect(wishes()).toEqual([{ type: "rest" }, { type: "follow", known: 7 }]);
    follower.follow(false);
    follower.follow(true, { missed: false });
    expect(wishes()).toEqual([{ type: "rest" }, { type: "follow", known: 0 }]);
  });

  it("rests when a client tells of more copies than anybody makes, whatever it goes on to say", async () => {
    const { channel, say, heard, flow } = join("clipboard-from-customer");
    const clock = standingClock();
    const got: Got[] = [];
    const follower = new Follower(channel, {
      clock,
      got: (each) => void got.push(each),
      closed: () => undefined,
    });
    follower.follow(true);
    for (let at = 1; at <= 500; at++) for (const message of begin(0, at, `${at}`)) say(message);
    const copies = got.filter((each) => "copy" in each);
    expect(copies.length).toBeLessThan(100);
    expect(got.filter((each) => "refused" in each)).toEqual([{ refused: "too-often" }]);
    // Whoever looks at another tab and back does not wake it.
    follower.follow(false);
    follower.follow(true);
    flow();
    const said = () => heard.splice(0).map((bytes) => clipboardGetMessage.decode(bytes).type);
    expect(said()).toEqual(["follow", "rest"]);
    await clock.advance(30_000);
    flow();
    expect(said()).toEqual(["follow"]);
    for (const message of begin(0, 501, "one more")) say(message);
    expect(got.filter((each) => "copy" in each)).toHaveLength(copies.length + 1);
  });

  it("is never larger than what may follow, whatever a client sends", () => {
    const { channel, say } = join("clipboard-from-customer");
    let isClosed = false;
    const closed = () => void (isClosed = true);
    const clock = standingClock();
    new Follower(channel, { clock, got: () => undefined, closed }).follow(true);
    const sizeBytes = maxFollowingBytes + 1;
    say({ type: "begin", ask: 0, generation: 1, format: "text", sizeBytes });
    expect(isClosed).toBe(true);
  });

  it("ends when the client breaks the protocol", () => {
    const { channel, say } = join("clipboard-from-customer");
    let isClosed = false;
    const follower = new Follower(channel, {
      clock: standingClock(),
      got: () => undefined,
      closed: () => (isClosed = true),
    });
    follower.follow(true);
    say({ type: "piece", bytes: new Uint8Array(1) });
    expect(isClosed).toBe(true);
    expect(channel.isGone).toBe(true);
  });
});

it("leaves out of a text what a terminal would obey", () => {
  const text = "a\tb\r\nc\u001b[201~\u0000\u0007\u009bd\u007f é 世";
  expect(plainText(encodeText(text))).toBe("a\tb\r\nc[201~d é 世");
});
