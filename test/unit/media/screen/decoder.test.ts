import { createZstdCompress, constants } from "node:zlib";
import { type SurfaceCopy, surfaceMessage, type SurfaceRect } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { Decoder } from "../../../../media/screen/decoder.ts";
import { Picture, random, SurfaceWriter } from "../surface-writer.ts";

function apply(decoder: Decoder, bytes: Uint8Array): SurfaceRect[] {
  const message = surfaceMessage.decode(bytes);
  switch (message.type) {
    case "epoch":
      decoder.begin(message);
      return [];
    case "update":
      return decoder.update(message);
    case "preview":
      return decoder.preview(message);
    default:
      return [];
  }
}

function isEqual(decoder: Decoder, picture: Picture): boolean {
  const mine = Buffer.from(decoder.surface?.pixels.buffer ?? new ArrayBuffer(0));
  return mine.equals(Buffer.from(picture.shown().buffer));
}

const size = { width: 320, height: 200 };

async function begun() {
  const picture = new Picture(size.width, size.height);
  const writer = new SurfaceWriter();
  const decoder = new Decoder();
  apply(decoder, writer.epoch(size));
  return { picture, writer, decoder };
}

function randomRect(next: () => number): SurfaceRect {
  const x = Math.floor(next() * (size.width - 1));
  const y = Math.floor(next() * (size.height - 1));
  const width = 1 + Math.floor(next() * (size.width - x - 1));
  const height = 1 + Math.floor(next() * (size.height - y - 1));
  return { x, y, width, height };
}

/** Moves the rectangle's source by whatever keeps it on the surface. */
function randomCopy(next: () => number): SurfaceCopy {
  const rect = randomRect(next);
  const dx = Math.floor(next() * (size.width - rect.width + 1)) - rect.x;
  const dy = Math.floor(next() * (size.height - rect.height + 1)) - rect.y;
  return { rect, dx, dy };
}

describe("the decoder", () => {
  it("starts with a black, opaque picture", async () => {
    const { decoder, picture } = await begun();
    expect(isEqual(decoder, picture)).toBe(true);
  });

  it.each([1, 2, 3, 4])("has the sender's pixels after each update (seed %i)", async (seed) => {
    const next = random(seed * 7919);
    const { picture, writer, decoder } = await begun();
    for (let step = 0; step < 40; step++) {
      const copies = Array.from({ length: Math.floor(next() * 3) }, () => randomCopy(next));
      for (const copy of copies) picture.copy(copy);
      const rects = Array.from({ length: Math.floor(next() * 2) + 1 }, () => randomRect(next));
      for (const rect of rects) {
        const base = Math.floor(next() * 0xffffff);
        const noise = next() < 0.3;
        picture.fill(rect, (x, y) => {
          return (base + (noise ? Math.floor(next() * 0xffffff) : (x >> 3) * y)) & 0xffffff;
        });
      }
      const dirty = apply(decoder, await writer.update(picture, rects, copies));
      expect(dirty).toEqual([...copies.map(({ rect }) => rect), ...rects]);
      expect(isEqual(decoder, picture)).toBe(true);
    }
  });

  it("takes a first update of a few bytes only", async () => {
    const { picture, writer, decoder } = await begun();
    const dot = { x: 3, y: 4, width: 1, height: 1 };
    picture.fill(dot, () => 0x123456);
    const bytes = await writer.update(picture, [dot]);
    apply(decoder, bytes);
    expect(isEqual(decoder, picture)).toBe(true);
    picture.fill({ ...dot, x: 9 }, () => 0x654321);
    apply(decoder, await writer.update(picture, [{ ...dot, x: 9 }]));
    expect(isEqual(decoder, picture)).toBe(true);
  });

  it("begins again with the next epoch, also of another size", async () => {
    const { picture, writer, decoder } = await begun();
    picture.fill({ x: 0, y: 0, ...size }, (x, y) => x * y);
    apply(decoder, await writer.update(picture, [{ x: 0, y: 0, ...size }]));
    apply(decoder, writer.epoch({ width: 64, height: 48 }));
    expect(isEqual(decoder, new Picture(64, 48))).toBe(true);
  });

  it("enlarges a preview smoothly and lets exact pixels replace it", async () => {
    const { picture, writer, decoder } = await begun();
    const coarse = new Picture(80, 50);
    coarse.fill({ x: 0, y: 0, width: 80, height: 50 }, (x) => (x < 40 ? 0x000000 : 0xffffff));
    const all = { x: 0, y: 0, ...size };
    apply(decoder, await writer.preview(coarse, all, 4));
    const row = [...(decoder.surface?.pixels.subarray(0, size.width) ?? [])];
    const reds = row.map((pixel) => pixel & 255);
    expect(reds[0]).toBe(0);
    expect(reds[319]).toBe(255);
    expect(reds.every((red, x) => x === 0 || red >= (reds[x - 1] ?? 0))).toBe(true);
    expect(row.every((pixel) => pixel >>> 24 === 255)).toBe(true);
    picture.fill(all, (x, y) => x + y);
    apply(decoder, await writer.update(picture, [all]));
    expect(isEqual(decoder, picture)).toBe(true);
  });
});

describe("the decoder refuses", () => {
  const violation: unknown = expect.objectContaining({ code: "protocol-violation" });

  it.each([
    { x: 300, y: 0, width: 21, height: 1 },
    { x: 0, y: 199, width: 1, height: 2 },
    { x: 0, y: 0, width: 0, height: 1 },
  ])("a rectangle that is not inside the picture: %o", async (rect) => {
    const { writer, decoder } = await begun();
    const packed = await writer.pack([Uint8Array.of(0xc0)]);
    const message = { seq: 1, capturedMs: 0, copies: [], rects: [rect], packed };
    expect(() => decoder.update({ type: "update", ...message })).toThrow(violation);
  });

  it("a copy from outside the picture", async () => {
    const { decoder } = await begun();
    const copies = [{ rect: { x: 0, y: 0, width: 10, height: 10 }, dx: -1, dy: 0 }];
    const message = { seq: 1, capturedMs: 0, copies, rects: [], packed: new Uint8Array() };
    expect(() => decoder.update({ type: "update", ...message })).toThrow(violation);
  });

  it("pixels before an epoch, and updates out of order", async () => {
    const empty = { capturedMs: 0, copies: [], rects: [], packed: new Uint8Array() };
    expect(() => new Decoder().update({ type: "update", seq: 1, ...empty })).toThrow(violation);
    const { decoder } = await begun();
    decoder.update({ type: "update", seq: 5, ...empty });
    expect(() => decoder.update({ type: "update", seq: 5, ...empty })).toThrow(violation);
  });

  it("more bytes than the rectangles can hold, before it has unpacked them all", async () => {
    const { writer, decoder } = await begun();
    const packed = await writer.pack([new Uint8Array(8 * 1024 * 1024)]);
    expect(packed.length).toBeLessThan(10_000);
    const rects = [{ x: 0, y: 0, width: 10, height: 10 }];
    const message = { seq: 1, capturedMs: 0, copies: [], rects, packed };
    expect(() => decoder.update({ type: "update", ...message })).toThrow(violation);
  });

  it("fewer pixels than the rectangles have, and more", async () => {
    for (const run of [0xc0, 0xc0 + 19]) {
      const { writer, decoder } = await begun();
      const packed = await writer.pack([Uint8Array.of(run, run)]);
      const rects = [{ x: 0, y: 0, width: 10, height: 1 }];
      const message = { seq: 1, capturedMs: 0, copies: [], rects, packed };
      expect(() => decoder.update({ type: "update", ...message })).toThrow(violation);
    }
  });

  it("a zstd window larger than agreed", async () => {
    const { decoder } = await begun();
    const zstd = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } });
    const chunks: Buffer[] = [];
    zstd.on("data", (chunk: Buffer) => chunks.push(chunk));
    await new Promise<void>((resolve) => {
      zstd.write(Buffer.alloc(100));
      zstd.flush(() => resolve());
    });
    const packed = new Uint8Array(Buffer.concat(chunks));
    const rects = [{ x: 0, y: 0, width: 100, height: 100 }];
    const message = { seq: 1, capturedMs: 0, copies: [], rects, packed };
    expect(() => decoder.update({ type: "update", ...message })).toThrow("window too large");
  });

  it.each([
    { width: 0, height: 10 },
    { width: 16385, height: 1 },
    { width: 16384, height: 16384 },
  ])("a surface of $width × $height", ({ width, height }) => {
    const epoch = { type: "epoch", epoch: 1, startedHigh: 0, startedLow: 0 } as const;
    const begin = () => new Decoder().begin({ ...epoch, width, height, displays: [] });
    expect(begin).toThrow(violation);
  });

  it("mutated streams without hanging or throwing anything else", async () => {
    const next = random(4711);
    const writer = new SurfaceWriter();
    const picture = new Picture(size.width, size.height);
    const epoch = writer.epoch(size);
    const all = { x: 0, y: 0, ...size };
    picture.fill(all, (x, y) => (x * 31 + y * 17) & 0xffffff);
    const update = await writer.update(picture, [all]);
    let refused = 0;
    for (let i = 0; i < 300; i++) {
      const decoder = new Decoder();
      apply(decoder, epoch);
      const mutated = update.slice();
      for (let hit = 0; hit < 3; hit++) {
        mutated[1 + Math.floor(next() * (mutated.length - 1))] = Math.floor(next() * 256);
      }
      try {
        apply(decoder, mutated);
      } catch (error) {
        refused++;
        expect(error).toMatchObject({ name: "HandrailError" });
      }
    }
    expect(refused).toBeGreaterThan(200);
  });
});
