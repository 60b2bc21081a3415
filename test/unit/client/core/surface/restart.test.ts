import { type SurfaceMessage, surfaceMessage } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { SurfaceEncoder } from "../../../../../appliance/client/core/surface/encoder.ts";
import { ZstdStream } from "../../../../../appliance/client/node/zstd.ts";
import { Watcher } from "../../../media/watcher.ts";
import { Canvas } from "./canvas.ts";

const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];

/** An encoder at work on a canvas that has been sent once. */
class Work implements Disposable {
  readonly canvas = new Canvas(320, 240);
  readonly encoder = new SurfaceEncoder(() => new ZstdStream());
  readonly viewer = new Watcher([
    surfaceMessage.encode({
      ...{ type: "epoch", epoch: 1, width: 320, height: 240 },
      ...{ startedHigh: 0, startedLow: 0, displays: [] },
    }),
  ]);

  constructor() {
    this.encoder.begin(this.canvas);
  }

  async show(damage: ReturnType<Canvas["text"]>): Promise<SurfaceMessage | undefined> {
    const { message } = await this.encoder.encode({
      ...{ damage: [damage], focus: { x: 0, y: 0 }, budgetBytes: 1_000_000 },
      ...{ bytesPerSecond: undefined, now: 0, capturedMs: 0 },
    });
    if (!message) return undefined;
    this.viewer.take([message]);
    return surfaceMessage.decode(message);
  }

  [Symbol.dispose](): void {
    this.encoder[Symbol.dispose]();
  }
}

describe("an encoder that restarts", () => {
  it("goes on from the picture that was sent, in a zstd stream of its own", async () => {
    using work = new Work();
    const { canvas, encoder, viewer } = work;
    await work.show(canvas.text(canvas.all, 1));
    encoder.restart();
    viewer.take([surfaceMessage.encode({ type: "restart" })]);
    const small = canvas.fill({ x: 40, y: 40, width: 9, height: 9 }, () => 0x123456);
    const message = await work.show(small);
    if (message?.type !== "update") throw new Error("an update is sent");
    expect([...message.packed.subarray(0, 4)]).toEqual(zstdMagic);
    expect(message.rects).toEqual([small]);
    expect(message.seq).toBe(2);
    const shown = new Uint32Array(new Uint8Array(viewer.pixels).buffer);
    const isExact = shown.every((pixel, i) => {
      const wanted = canvas.pixels[i] ?? 0;
      const blueLast = ((pixel & 255) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 255);
      return blueLast === wanted;
    });
    expect(isExact).toBe(true);
  });
});
