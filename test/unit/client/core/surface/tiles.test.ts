import { unpackRow } from "@handrail/protocol";
import { describe, expect, test } from "vitest";
import { Picture } from "../../../../../appliance/client/core/surface/picture.ts";
import { Packer } from "../../../../../appliance/client/core/surface/tiles.ts";

const side = 64;

/** The pixels of the preview of a picture at half its size. */
function previewOf(pixelAt: (x: number, y: number) => number): Uint32Array {
  const pixels = Uint32Array.from({ length: side * side }, (_, at) =>
    pixelAt(at % side, Math.floor(at / side)),
  );
  const whole = { x: 0, y: 0, width: side, height: side };
  const packed = new Packer().packPreview(new Picture(side, side, pixels), whole, 2);
  const width = side / 2;
  const shown = new Uint32Array(width * width);
  let at = 0;
  for (let from = 0; from < shown.length; from += width) {
    at = unpackRow(packed, at, shown, { from, to: from + width });
  }
  return shown.map((abgr) => ((abgr & 255) << 16) | (abgr & 0xff00) | ((abgr >>> 16) & 255));
}

describe("a preview", () => {
  test("shows what is plain in its very colour", () => {
    const colours = previewOf((x) => (x < side / 2 ? 0xf6f7f5 : 0x123457));
    expect([...new Set(colours)]).toEqual([0xf6f7f5, 0x123457]);
  });

  test("shows edges of greys in greys, and in few shades", () => {
    const colours = new Set(previewOf((x) => 0xf6f7f5 - ((x * 7) % 64) * 0x030303));
    for (const colour of colours) {
      const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
      expect([green, blue]).toEqual([red, red]);
    }
    expect(colours.size).toBeLessThanOrEqual(16);
  });
});
