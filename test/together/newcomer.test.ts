import { type Lsid, surfaceMessage, viewerMessage } from "@handrail/protocol";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Recording } from "../../media/screen/recording.ts";
import { Replay } from "../../media/screen/replay.ts";
import { beginSession, watch } from "../support/active-session.ts";
import { connectConsole, CustomerEnd, type Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Relay } from "../support/relay.ts";
import { Picture, random, SurfaceWriter } from "../unit/media/surface-writer.ts";
import { Watcher } from "../unit/media/watcher.ts";

const size = { width: 640, height: 400 };
const displays = [
  { id: 0, x: 0, y: 0, width: 320, height: 400, primary: true, name: "left" },
  { id: 1, x: 320, y: 0, width: 320, height: 400, primary: false, name: "right" },
];

const cursor = surfaceMessage.encode({
  ...{ type: "cursor", width: 2, height: 2, hotX: 1, hotY: 0 },
  rgba: new Uint8Array(16).fill(200),
});

/** A customer's screen that is drawn on at random: noise, so that much has to be sent. */
class Screen {
  readonly picture = new Picture(size.width, size.height);
  readonly writer = new SurfaceWriter();
  readonly source: Probe;
  readonly #next = random(4242);

  constructor(source: Probe) {
    this.source = source;
    source.send(this.writer.epoch(size, displays));
  }

  /** Draws so many tiles, and scrolls after each fifth. */
  async draw(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const [x, y] = [Math.floor(this.#next() * 540), Math.floor(this.#next() * 300)];
      const rect = { x, y, width: 100, height: 100 };
      const scroll = { rect: { x: 0, y: 0, width: 640, height: 390 }, dx: 0, dy: 10 };
      const copies = i % 5 === 4 ? [scroll] : [];
      for (const copy of copies) this.picture.copy(copy);
      this.picture.fill(rect, () => Math.floor(this.#next() * 0xffffff));
      this.source.send(await this.writer.update(this.picture, [rect], copies));
    }
  }

  get asked(): string[] {
    return this.source.messages.map((bytes) => viewerMessage.decode(bytes).type);
  }

  /** Waits for the question to restart, and does. */
  async restart(count = 1): Promise<void> {
    await poll("a restart is asked for", () => {
      return this.asked.filter((type) => type === "restart").length === count;
    });
    this.source.send(this.writer.restart());
  }

  isShownIn(screen: Probe): boolean {
    const shown = new Watcher(screen.messages);
    return shown.pixels.equals(Buffer.from(this.picture.shown().buffer));
  }
}

/** A session whose screen the first console watches. */
async function begin(relay: Relay) {
  relay.account("ann");
  const session = await beginSession(relay);
  const { screen, source } = await watch(session, session.representative);
  return { ...session, first: screen, canvas: new Screen(source) };
}

/** Watches from another console. */
async function joins(relay: Relay, lsid: Lsid): Promise<Probe> {
  const console = await connectConsole(relay.url, "ann");
  return console.open("screen", lsid).opened();
}

async function recordingOf(relay: Relay, lsid: Lsid): Promise<Recording> {
  const recording = new Recording();
  recording.push(await readFile(relay.broker.recordingPath(lsid) ?? ""));
  return recording;
}

/** Waits until a checkpoint was made: the recording has it as a seek point. */
async function seekable(relay: Relay, lsid: Lsid): Promise<Recording> {
  return poll("there is a seek point", async () => {
    const recording = await recordingOf(relay, lsid);
    return recording.beginnings.length > 1 && recording;
  });
}

describe("who comes later", () => {
  it("sees what everyone sees, without a word to the customer's line", async () => {
    await using relay = await Relay.start();
    const { customer, lsid, first, canvas } = await begin(relay);
    canvas.source.send(cursor);
    await canvas.draw(3);
    const early = await joins(relay, lsid);
    await poll("the newcomer sees it", () => canvas.isShownIn(early));
    await canvas.draw(47);
    await canvas.restart();
    await canvas.draw(3);
    const middle = await joins(relay, lsid);
    await seekable(relay, lsid);
    const late = await joins(relay, lsid);
    await canvas.draw(2);
    for (const screen of [first, early, middle, late]) {
      await poll("everyone sees it", () => canvas.isShownIn(screen));
      const seen = new Watcher(screen.messages);
      expect(seen.displays).toEqual(displays);
      expect(seen.cursor?.rgba).toEqual(new Uint8Array(16).fill(200));
      expect(seen.epoch).toBe(1);
    }
    // The whole picture, the displays, the cursor, the restart and what came then.
    expect(late.messages.length).toBeLessThan(10);
    expect(canvas.asked.filter((type) => type !== "restart")).toEqual([]);
    expect(customer.offered).toHaveLength(1);
  });

  it("gets the middle of a message right", async () => {
    await using relay = await Relay.start();
    const { lsid, canvas } = await begin(relay);
    const whole = { x: 0, y: 0, ...size };
    const next = random(77);
    canvas.picture.fill(whole, () => Math.floor(next() * 0xffffff));
    // About 60 frames: newcomers come while they pass.
    canvas.source.send(await canvas.writer.update(canvas.picture, [whole]));
    const newcomers = await Promise.all([joins(relay, lsid), joins(relay, lsid)]);
    for (const screen of newcomers) {
      await poll("the newcomer sees it", () => canvas.isShownIn(screen));
    }
  });

  it("asks nothing of a customer's client that knows no restarts", async () => {
    await using relay = await Relay.start();
    relay.account("ann");
    const representative = await connectConsole(relay.url, "ann");
    const { lsid, key } = await representative.key();
    const customer = new CustomerEnd(relay.url, { key });
    customer.versions = [1];
    await customer.connect();
    await representative.call("session.accept", { lsid });
    const { screen, source } = await watch({ representative, customer, lsid }, representative);
    const canvas = new Screen(source);
    await canvas.draw(20);
    const newcomer = await joins(relay, lsid);
    await poll("the newcomer sees it", () => canvas.isShownIn(newcomer));
    for (const each of [screen, newcomer]) each.channel.close();
    await poll("the source is closed at once", () => source.ended);
    expect(canvas.asked).toEqual([]);
  });
});

describe("a viewer who goes to another tab", () => {
  it("finds the picture on coming back, and the customer's client was at rest meanwhile", async () => {
    await using relay = await Relay.start();
    const { customer, representative, lsid, first, canvas } = await begin(relay);
    await canvas.draw(4);
    await poll("it is shown", () => canvas.isShownIn(first));
    first.channel.close();
    await poll("the source is held", () => canvas.asked.at(-1) === "hold");
    const again = await representative.open("screen", lsid).opened();
    await poll("it is shown again", () => canvas.isShownIn(again));
    await poll("the source goes on", () => canvas.asked.length === 2);
    expect(canvas.source.messages.map((bytes) => viewerMessage.decode(bytes))).toEqual([
      { type: "hold", on: true },
      { type: "hold", on: false },
    ]);
    await canvas.draw(1);
    await poll("what comes is shown", () => canvas.isShownIn(again));
    expect(customer.offered).toHaveLength(1);
    expect(canvas.source.ended).toBeUndefined();
  });

  it("cannot say what only the appliance may", async () => {
    await using relay = await Relay.start();
    const { first, canvas } = await begin(relay);
    first.send(viewerMessage.encode({ type: "restart" }));
    expect(await first.end()).toBe("protocol-violation");
    expect(canvas.asked).not.toContain("restart");
  });
});

describe("a recording", () => {
  it("is decoded from its last seek point, whatever came before", async () => {
    await using relay = await Relay.start();
    const { lsid, canvas } = await begin(relay);
    await canvas.draw(50);
    await canvas.restart();
    await canvas.draw(3);
    const { surfaces, beginnings } = await seekable(relay, lsid);
    const last = beginnings.at(-1);
    expect(last?.index).toBeGreaterThan(20);
    const complete = await poll("all of it is on the disk", async () => {
      const now = await recordingOf(relay, lsid);
      return now.surfaces.length === 1 + 50 + 1 + 3 && now;
    });
    // Nothing before it can be decoded any more.
    for (const [index, each] of surfaces.entries()) {
      if (index >= (last?.index ?? 0)) break;
      complete.surfaces[index] = { ...each, message: Uint8Array.of(99) };
    }
    const replay = new Replay(complete);
    expect([...replay.seek(complete.durationMs, () => true)]).toEqual([]);
    const { pixels } = replay.surface ?? { pixels: new Uint32Array(0) };
    expect(Buffer.from(pixels.buffer).equals(Buffer.from(canvas.picture.shown().buffer))).toBe(
      true,
    );
  });

  it("that begins in the middle has the whole picture, without a word to the customer's line", async () => {
    await using relay = await Relay.start();
    const { customer, representative, lsid, first, canvas } = await begin(relay);
    await representative.call("record.stop", { lsid });
    await canvas.draw(5);
    await poll("it is shown", () => canvas.isShownIn(first));
    await representative.call("record.start", { lsid });
    await canvas.draw(1);
    const replay = await poll("it is recorded", async () => {
      const recording = await recordingOf(relay, lsid);
      const now = new Replay(recording);
      const isThere = recording.surfaces.length > 6;
      return isThere && [...now.seek(recording.durationMs, () => true)].length === 0 && now;
    });
    const { pixels } = replay.surface ?? { pixels: new Uint32Array(0) };
    expect(Buffer.from(pixels.buffer).equals(Buffer.from(canvas.picture.shown().buffer))).toBe(
      true,
    );
    expect(customer.offered).toHaveLength(1);
  });
});

describe("a stream that cannot be decoded", () => {
  it("does the appliance no harm: the next who comes gets it from its beginning", async () => {
    await using relay = await Relay.start();
    const { customer, lsid, canvas } = await begin(relay);
    const rects = [{ x: 0, y: 0, width: 640, height: 400 }];
    const packed = new Uint8Array(1_200_000).fill(7);
    canvas.source.send(
      surfaceMessage.encode({ type: "update", seq: 1, capturedMs: 0, copies: [], rects, packed }),
    );
    await canvas.restart();
    await poll("it is given up", () => relay.log.some((line) => line.includes("undecodable")));
    await joins(relay, lsid);
    await poll("the source is opened anew", () => customer.offered.length === 2);
  });
});
