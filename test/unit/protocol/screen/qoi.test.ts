import { maxRowBytes, packRow, unpackRow } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

// Few colours near one another, so that palette, runs and both kinds of difference occur.
const near = fc
  .tuple(fc.nat(3), fc.integer({ min: -40, max: 40 }), fc.integer({ min: -12, max: 12 }))
  .map(([hue, green, red]) => {
    const base = [0x000000, 0xffffff, 0x808080, 0x1e90ff][hue] ?? 0;
    const channel = (shift: number, delta: number) => (((base >> shift) + delta) & 255) << shift;
    return channel(16, green + red) | channel(8, green) | channel(0, green - red);
  });
const pixel = fc.oneof(near, fc.constantFrom(0, 0xffffff, 0x123456), fc.nat(0xffffff));
const row = fc
  .array(fc.tuple(pixel, fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 200 }))), {
    maxLength: 60,
  })
  .map((runs) => Uint32Array.from(runs.flatMap(([p, count]) => Array<number>(count).fill(p))));

describe("a packed row", () => {
  it("unpacks to the same colours, opaque and in the order of a canvas", () => {
    fc.assert(
      fc.property(row, (pixels) => {
        const { packed, end } = pack(pixels);
        expect(end).toBeLessThanOrEqual(maxRowBytes(pixels.length));
        const out = new Uint32Array(pixels.length);
        expect(unpackRow(packed, 0, out, { from: 0, to: out.length })).toBe(end);
        expect(out).toEqual(pixels.map(asCanvas));
      }),
      { numRuns: 500 },
    );
  });

  it("does not depend on the unused byte of a pixel, nor on what was packed before", () => {
    fc.assert(
      fc.property(row, fc.nat(255), (pixels, unused) => {
        const noisy = pixels.map((p) => ((unused << 24) | p) >>> 0);
        pack(Uint32Array.of(0x777777, 0x123456, 0x654321));
        expect(pack(noisy).packed).toEqual(pack(pixels).packed);
      }),
    );
  });

  it("may stand anywhere in its buffers", () => {
    const pixels = Uint32Array.of(9, 0x112233, 0x112233, 0x445566, 9);
    const packed = new Uint8Array(40);
    const end = packRow(pixels, { from: 1, to: 4 }, packed, 5);
    const out = new Uint32Array(6);
    expect(unpackRow(packed, 5, out, { from: 2, to: 5 })).toBe(end);
    expect([...out]).toEqual([0, 0, ...[0x112233, 0x112233, 0x445566].map(asCanvas), 0]);
  });

  it("of one colour takes one byte for 62 pixels", () => {
    expect(pack(new Uint32Array(124)).end).toBe(2);
    expect(pack(new Uint32Array(125)).end).toBe(3);
  });

  it("of no pixels takes no bytes", () => {
    expect(pack(new Uint32Array(0)).end).toBe(0);
  });
});

describe("a malformed row is a violation", () => {
  it.each([
    ["nothing at all", []],
    ["a literal cut short", [0xfe, 1, 2]],
    ["a larger difference cut short", [0x80]],
    ["a run beyond the row", [0xc0 | 4]],
    ["an operation that does not exist", [0xff]],
    ["too few pixels", [0xc0, 0xc0]],
  ])("with %s", (_, packed) => {
    const out = new Uint32Array(4);
    const unpack = () => unpackRow(Uint8Array.from(packed), 0, out, { from: 0, to: 4 });
    expect(codeOf(unpack)).toBe("protocol-violation");
  });

  it("or a row of some other picture, and never writes outside its range", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), (packed, width) => {
        const out = new Uint32Array(width + 2).fill(7);
        const code = codeOf(() => unpackRow(packed, 0, out, { from: 1, to: width + 1 }));
        expect([undefined, "protocol-violation"]).toContain(code);
        expect([out[0], out[width + 1]]).toEqual([7, 7]);
      }),
      { numRuns: 2000 },
    );
  });
});

function pack(pixels: Uint32Array): { packed: Uint8Array; end: number } {
  const room = new Uint8Array(maxRowBytes(pixels.length));
  const end = packRow(pixels, { from: 0, to: pixels.length }, room, 0);
  return { packed: room.subarray(0, end), end };
}

/** 0xRRGGBB as 0xAABBGGRR, full alpha. */
function asCanvas(rgb: number): number {
  const [r, g, b] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  return (0xff000000 | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0)) >>> 0;
}
