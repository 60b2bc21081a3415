import { describe, expect, it } from "vitest";
import { openingMs } from "../../../../media/screen/opening.ts";
import type { RecordedSurface } from "../../../../media/screen/recording.ts";
import { Picture, SurfaceWriter } from "../surface-writer.ts";

const size = { width: 100, height: 100 };

/** A recording whose updates paint so many rows, each at its time, one below the other. */
async function recorded(updates: [at: number, rows: number][]) {
  const writer = new SurfaceWriter();
  const picture = new Picture(size.width, size.height);
  const of = (at: number, message: Uint8Array): RecordedSurface => {
    return { at, tag: message[0] ?? 0, message };
  };
  const surfaces = [of(500, writer.epoch(size))];
  let y = 0;
  for (const [at, rows] of updates) {
    const rects = rows > 0 ? [{ x: 0, y, width: 100, height: rows }] : [];
    y = (y + rows) % size.height;
    surfaces.push(of(at, await writer.update(picture, rects)));
  }
  return { surfaces };
}

describe("a recording opens", () => {
  it("with its first picture, not with the black before it", async () => {
    expect(
      openingMs(
        await recorded([
          [500, 0],
          [700, 100],
          [720, 100],
        ]),
      ),
    ).toBe(700);
  });

  it("when a picture that comes in pieces is whole, without a black strip at its edge", async () => {
    expect(
      openingMs(
        await recorded([
          [700, 40],
          [800, 40],
          [900, 15],
          [950, 5],
          [960, 100],
        ]),
      ),
    ).toBe(950);
  });

  it("when no more has come for a while", async () => {
    expect(
      openingMs(
        await recorded([
          [700, 10],
          [800, 10],
          [1500, 80],
        ]),
      ),
    ).toBe(800);
  });

  it("after a second at the latest", async () => {
    const trickle = Array.from({ length: 30 }, (_, i): [number, number] => [700 + i * 100, 1]);
    expect(openingMs(await recorded(trickle))).toBe(1700);
  });

  it("at its beginning when there is nothing to see", async () => {
    expect(openingMs(await recorded([[500, 0]]))).toBe(0);
    expect(openingMs({ surfaces: [] })).toBe(0);
  });
});
