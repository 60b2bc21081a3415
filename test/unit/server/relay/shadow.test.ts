import { type FrameType, frameTypes, surfaceMessage } from "@handrail/protocol";
import { afterEach, describe, expect, it } from "vitest";
import { CheckpointDesk } from "../../../../appliance/server/relay/checkpoint-desk.ts";
import { ShadowRoom } from "../../../../appliance/server/relay/shadow-room.ts";
import { Shadow } from "../../../../appliance/server/relay/shadow.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { Picture, random, SurfaceWriter } from "../../media/surface-writer.ts";
import { Watcher } from "../../media/watcher.ts";

const size = { width: 400, height: 300 };
const whole = { x: 0, y: 0, ...size };

/** A shadow of a stream that is drawn here, with a real thread for its checkpoints. */
class Stage implements Disposable {
  readonly clock = new FakeClock();
  readonly desk: CheckpointDesk;
  readonly picture = new Picture(size.width, size.height);
  readonly writer = new SurfaceWriter();
  readonly asked: string[] = [];
  readonly said: string[] = [];
  isRecorded = false;
  readonly shadow: Shadow;
  readonly #next = random(99);

  constructor(options: { readonly heapMiB?: number; readonly room?: ShadowRoom } = {}) {
    this.desk = new CheckpointDesk(this.clock, options.heapMiB);
    this.shadow = new Shadow({
      desk: this.desk,
      room: options.room ?? new ShadowRoom(Infinity),
      clock: this.clock,
      isWatched: () => true,
      mayRestart: () => true,
      isRecorded: () => this.isRecorded,
      ask: (what) => void this.asked.push(what),
      restarted: () => void this.said.push("restarted"),
      made: () => void this.said.push("made"),
      failed: () => void this.said.push("failed"),
    });
    this.send(this.writer.epoch(size));
  }

  send(message: Uint8Array): void {
    for (let at = 0; at < message.length; at += 16_000) {
      const type = at + 16_000 < message.length ? frameTypes.DATA_MORE : frameTypes.DATA;
      this.shadow.frame({ type, channel: 2, payload: message.subarray(at, at + 16_000) });
    }
  }

  /** About 480 KB. */
  async draw(): Promise<void> {
    this.picture.fill(whole, () => Math.floor(this.#next() * 0xffffff));
    this.send(await this.writer.update(this.picture, [whole]));
  }

  /** What a newcomer sees, and in how many messages. */
  newcomer(): { isExact: boolean; messages: number } {
    const messages: Uint8Array[] = [];
    let parts: Uint8Array[] = [];
    this.shadow.replay((type: FrameType, payload) => {
      parts.push(payload);
      if (type !== frameTypes.DATA) return;
      messages.push(Buffer.concat(parts));
      parts = [];
    });
    const { pixels } = new Watcher(messages);
    const isExact = pixels.equals(Buffer.from(this.picture.shown().buffer));
    return { isExact, messages: messages.length };
  }

  [Symbol.dispose](): void {
    this.desk[Symbol.dispose]();
  }
}

let stage: Stage;
afterEach(() => stage[Symbol.dispose]());

describe("a shadow", () => {
  it("goes from checkpoint to checkpoint, always exact", async () => {
    stage = new Stage();
    for (let round = 1; round <= 3; round++) {
      stage.clock.advance(15_000);
      while (stage.asked.length < round) await stage.draw();
      await stage.draw();
      expect(stage.newcomer().isExact).toBe(true);
      stage.send(stage.writer.restart());
      await stage.draw();
      // While the next one is being made the one before and the whole log serve.
      expect(stage.newcomer().isExact).toBe(true);
      await poll("it is made", () => stage.said.length === 2 * round);
      expect(stage.newcomer()).toEqual({ isExact: true, messages: 4 });
    }
    expect(stage.said.slice(0, 2)).toEqual(["restarted", "made"]);
    expect(stage.asked).toEqual(["restart", "restart", "restart"]);
  });

  it("leaves the line in peace for a while after a restart", async () => {
    stage = new Stage();
    while (stage.asked.length < 1) await stage.draw();
    stage.send(stage.writer.restart());
    await poll("it is made", () => stage.said.includes("made"));
    for (let i = 0; i < 3; i++) await stage.draw();
    expect(stage.asked).toHaveLength(1);
    stage.clock.advance(15_000);
    await stage.draw();
    expect(stage.asked).toHaveLength(2);
  });

  it("lets go of what gets too long, and begins again with the next epoch", async () => {
    stage = new Stage();
    for (let i = 0; i < 12; i++) await stage.draw();
    expect(stage.shadow.isWhole).toBe(false);
    expect(stage.shadow.sizeBytes).toBe(0);
    stage.clock.advance(61_000);
    await stage.draw();
    expect(stage.asked).toEqual(["restart"]);
    stage.isRecorded = true;
    await stage.draw();
    await stage.draw();
    expect(stage.asked).toEqual(["restart", "refresh"]);
    stage.send(stage.writer.epoch(size));
    await stage.draw();
    expect(stage.newcomer().isExact).toBe(true);
  });

  it("counts what tiny messages cost", () => {
    stage = new Stage();
    const pointer = surfaceMessage.encode({ type: "pointer", x: 1, y: 2 });
    for (let i = 0; i < 4096; i++) stage.send(pointer);
    expect(stage.asked).toEqual(["restart"]);
    for (let i = 0; i < 100_000; i++) stage.send(pointer);
    expect(stage.shadow.isWhole).toBe(false);
  });

  it("keeps nothing alive but what it keeps", () => {
    stage = new Stage();
    const slab = new Uint8Array(1024 * 1024);
    slab[0] = 5;
    stage.shadow.frame({ type: frameTypes.DATA, channel: 2, payload: slab.subarray(0, 5) });
    stage.shadow.replay((_type, payload) => {
      expect(payload.buffer.byteLength).toBeLessThan(100_000);
    });
  });
});

describe("the room that all shadows share", () => {
  it("makes the one that is worth least give up, and the next epoch begins anew", async () => {
    const room = new ShadowRoom(3 * 1024 * 1024);
    using other = new Stage({ room });
    stage = new Stage({ room });
    stage.isRecorded = true;
    for (let i = 0; i < 3; i++) await other.draw();
    for (let i = 0; i < 3; i++) await stage.draw();
    expect(other.newcomer().isExact).toBe(true);
    await other.draw();
    expect(stage.shadow.isWhole).toBe(true);
    // Somebody was glad of the other one since.
    await other.draw();
    expect(stage.shadow.isWhole).toBe(false);
    expect(stage.shadow.sizeBytes).toBe(0);
    expect(other.newcomer().isExact).toBe(true);
    expect(room.sizeBytes).toBe(other.shadow.sizeBytes);
    // Nobody is troubled for one that had no room: the recording has all it needs.
    stage.clock.advance(61_000);
    await stage.draw();
    expect(stage.asked).not.toContain("refresh");
    stage.send(stage.writer.epoch(size));
    await stage.draw();
    expect(stage.newcomer().isExact).toBe(true);
  });

  it("is left by streams that are over", async () => {
    const room = new ShadowRoom(Infinity);
    stage = new Stage({ room });
    await stage.draw();
    expect(room.sizeBytes).toBeGreaterThan(400_000);
    stage.shadow.cut();
    expect(room.sizeBytes).toBe(0);
  });
});

describe("a hostile stream", () => {
  it("that needs too much memory is given up, and the log stays within its bounds", async () => {
    // Less than the thread's own program takes: whatever is to be decoded is too much.
    stage = new Stage({ heapMiB: 4 });
    while (stage.asked.length < 1) await stage.draw();
    stage.send(stage.writer.restart());
    await poll("it is given up", () => stage.said.includes("failed"));
    stage.send(stage.writer.epoch(size));
    for (let i = 0; i < 3; i++) await stage.draw();
    expect(stage.newcomer().isExact).toBe(true);
    for (let i = 0; i < 20; i++) {
      await stage.draw();
      expect(stage.shadow.sizeBytes).toBeLessThan(5 * 1024 * 1024);
    }
    expect(stage.asked).toHaveLength(1);
    const order = () => stage.desk.make([new SurfaceWriter().epoch(size).slice()]);
    const answers = await Promise.all([order(), order()]);
    expect(answers).toMatchObject([{ refused: "fault" }, { refused: "fault" }]);
  });

  it("that takes too long to decode is given up, with the thread that did", async () => {
    stage = new Stage();
    while (stage.asked.length < 1) await stage.draw();
    stage.send(stage.writer.restart());
    stage.clock.advance(10_001);
    await poll("it is given up", () => stage.said.includes("failed"));
    expect(stage.shadow.isWhole).toBe(false);
    stage.send(stage.writer.epoch(size));
    for (let i = 0; i < 3; i++) await stage.draw();
    expect(stage.newcomer().isExact).toBe(true);
    // It is not decoded any more.
    expect(stage.asked).toHaveLength(1);
    const order = stage.desk.make([new SurfaceWriter().epoch(size).slice()]);
    expect(await order).toMatchObject({ made: [{}] });
  });
});
