import { zstdCompressSync } from "node:zlib";
import { HandrailError, type SurfaceCopy, surfaceMessage } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { makeCheckpoint } from "../../../../appliance/server/relay/checkpoint.ts";
import { Picture, random, SurfaceWriter } from "../../media/surface-writer.ts";
import { Watcher } from "../../media/watcher.ts";

const size = { width: 320, height: 200 };
const displays = [
  { id: 0, x: 0, y: 0, width: 160, height: 200, primary: true, name: "left" },
  { id: 1, x: 160, y: 0, width: 160, height: 200, primary: false, name: "right" },
];
const cursor = surfaceMessage.encode({
  ...{ type: "cursor", width: 2, height: 2, hotX: 1, hotY: 0 },
  rgba: new Uint8Array(16).fill(200),
});
const pointer = (x: number) => surfaceMessage.encode({ type: "pointer", x, y: 7 });

/** Draws at random, scrolls now and then. */
async function draw(picture: Picture, writer: SurfaceWriter, next: () => number) {
  const rect = {
    ...{ x: Math.floor(next() * 200), y: Math.floor(next() * 100) },
    ...{ width: 1 + Math.floor(next() * 120), height: 1 + Math.floor(next() * 100) },
  };
  const color = Math.floor(next() * 0xffffff);
  const scroll = { rect: { x: 0, y: 0, width: 320, height: 190 }, dx: 0, dy: 10 };
  const copies: SurfaceCopy[] = next() < 0.3 ? [scroll] : [];
  for (const copy of copies) picture.copy(copy);
  picture.fill(rect, (x, y) => (color + x * y) & 0xffffff);
  return writer.update(picture, [rect], copies);
}

describe("a checkpoint", () => {
  it.each([1, 2, 3])("brings a newcomer to where everyone is (seed %i)", async (seed) => {
    const next = random(seed * 104729);
    const writer = new SurfaceWriter();
    const picture = new Picture(size.width, size.height);
    let stream: Uint8Array[] = [writer.epoch(size, displays.slice(0, 1)), cursor];
    const everyone = new Watcher(stream);
    for (let round = 0; round < 3; round++) {
      const more: Uint8Array[] = [pointer(round)];
      for (let i = 0; i < 12; i++) more.push(await draw(picture, writer, next));
      if (round === 1) more.push(surfaceMessage.encode({ type: "displays", displays }));
      everyone.take(more);
      const made = await makeCheckpoint([...stream, ...more]);
      expect(made.length).toBe(4);
      stream = [...made, writer.restart()];
      everyone.take([writer.restart()]);
      const newcomer = new Watcher(stream);
      expect(newcomer.pixels.equals(Buffer.from(picture.shown().buffer))).toBe(true);
      expect(newcomer.pixels.equals(everyone.pixels)).toBe(true);
      expect(newcomer.displays).toEqual(round === 0 ? displays.slice(0, 1) : displays);
      expect(newcomer.cursor).toEqual(everyone.cursor);
      expect(newcomer.pointer).toEqual({ x: round, y: 7 });
      expect(newcomer.epoch).toBe(everyone.epoch);
      const after = await draw(picture, writer, next);
      newcomer.take([after]);
      everyone.take([after]);
      expect(newcomer.pixels.equals(everyone.pixels)).toBe(true);
      stream.push(after);
    }
  });

  it("has what was only coarse as coarse", async () => {
    const writer = new SurfaceWriter();
    const coarse = new Picture(40, 25);
    coarse.fill({ x: 0, y: 0, width: 40, height: 25 }, (x, y) => x * 5000 + y);
    const whole = { x: 0, y: 0, ...size };
    const stream = [writer.epoch(size), await writer.preview(coarse, whole, 8)];
    const newcomer = new Watcher(await makeCheckpoint(stream));
    expect(newcomer.pixels.equals(new Watcher(stream).pixels)).toBe(true);
  });
});

describe("a stream that no viewer could follow", () => {
  const begin = () => new SurfaceWriter().epoch(size);
  const update = (packed: Uint8Array, rects = [{ x: 0, y: 0, width: 1, height: 1 }]) =>
    surfaceMessage.encode({ type: "update", seq: 1, capturedMs: 0, copies: [], rects, packed });

  it.each([
    ["pixels before an epoch", () => [update(new Uint8Array(0))]],
    ["no zstd", () => [begin(), update(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))]],
    ["outside the surface", () => [begin(), update(new Uint8Array(0), [{ ...at, x: 320 }])]],
    ["too few pixels", () => [begin(), update(new Uint8Array(0))]],
    ["a bomb", () => [begin(), update(zstdCompressSync(new Uint8Array(200_000_000)))]],
    ["no message at all", () => [begin(), Uint8Array.of(99)]],
  ])("is refused: %s", async (_what, stream) => {
    expect(await codeOf(makeCheckpoint(stream()))).toBe("protocol-violation");
  });

  it("is refused for its size when that is all", async () => {
    const wide = new SurfaceWriter().epoch({ width: 16_000, height: 4000 });
    expect(await codeOf(makeCheckpoint([wide]))).toBe("frame-too-large");
  });
});

const at = { x: 0, y: 0, width: 1, height: 1 };

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof HandrailError ? error.code : String(error)),
  );
}
