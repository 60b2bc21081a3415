import { describe, expect, it } from "vitest";
import { joinDirty } from "../../../../media/screen/dirty.ts";
import { random } from "../surface-writer.ts";

describe("joining rectangles", () => {
  it("joins neighbours and drops contained ones", () => {
    const rects = [
      { x: 0, y: 0, width: 100, height: 20 },
      { x: 0, y: 20, width: 100, height: 20 },
      { x: 10, y: 5, width: 10, height: 10 },
    ];
    expect(joinDirty(rects)).toEqual([{ x: 0, y: 0, width: 100, height: 40 }]);
  });

  it("keeps far ones apart", () => {
    const rects = [
      { x: 0, y: 0, width: 10, height: 10 },
      { x: 900, y: 900, width: 10, height: 10 },
    ];
    expect(joinDirty(rects)).toEqual(rects);
  });

  it.each([1, 2, 3])("covers every pixel with few rectangles (seed %i)", (seed) => {
    const next = random(seed * 104729);
    const rects = Array.from({ length: 2000 }, () => ({
      x: Math.floor(next() * 500),
      y: Math.floor(next() * 300),
      width: 1 + Math.floor(next() * 8),
      height: 1 + Math.floor(next() * 8),
    }));
    const joined = joinDirty(rects);
    expect(joined.length).toBeLessThanOrEqual(48);
    for (const { x, y, width, height } of rects) {
      const isCovered = joined.some(
        (j) => j.x <= x && j.y <= y && j.x + j.width >= x + width && j.y + j.height >= y + height,
      );
      expect(isCovered).toBe(true);
    }
  });
});
