import { describe, expect, it } from "vitest";
import { partOf, place, toPage, toSurface } from "../../../../media/screen/viewport.ts";
import { random } from "../surface-writer.ts";

const surface = { width: 3200, height: 1080 };
const displays = [
  { id: 1, x: 0, y: 0, width: 1920, height: 1080 },
  { id: 2, x: 1920, y: 56, width: 1280, height: 1024 },
];
const all = { x: 0, y: 0, ...surface };

describe("the viewport", () => {
  it("fits all of a part and keeps its proportions", () => {
    const { scale, shown } = place(all, { width: 1600, height: 900 }, view("fit"));
    expect(scale).toBe(0.5);
    expect(shown).toEqual({ width: 1600, height: 540 });
  });

  it("shows one surface pixel as one device pixel, also on a dense display", () => {
    const placement = place(all, { width: 500, height: 500 }, view("actual", 2));
    expect(placement.shown).toEqual({ width: 1600, height: 540 });
  });

  it("does not blow a small screen up without end", () => {
    const part = { x: 0, y: 0, width: 100, height: 100 };
    expect(place(part, { width: 1000, height: 1000 }, view("fit")).scale).toBe(3);
  });

  it("shows one monitor, all of the surface when it is gone, and never more than there is", () => {
    expect(partOf(surface, displays, 2)).toEqual({ x: 1920, y: 56, width: 1280, height: 1024 });
    expect(partOf(surface, displays, 7)).toEqual(all);
    expect(partOf(surface, displays, "all")).toEqual(all);
    const halfOut = [{ id: 3, x: -100, y: 1000, width: 300, height: 300 }];
    expect(partOf(surface, halfOut, 3)).toEqual({ x: 0, y: 1000, width: 200, height: 80 });
    const out = [{ id: 4, x: 5000, y: 0, width: 300, height: 300 }];
    expect(partOf(surface, out, 4)).toEqual(all);
  });

  it("maps every pixel's middle back to that pixel, at any size", () => {
    const next = random(99);
    for (let i = 0; i < 500; i++) {
      const monitor = next() < 0.5 ? 1 : 2;
      const part = partOf(surface, displays, monitor);
      const pane = { width: 200 + next() * 2000, height: 200 + next() * 1500 };
      const ratio = [1, 1.25, 1.5, 2][Math.floor(next() * 4)];
      const placement = place(part, pane, view(next() < 0.5 ? "fit" : "actual", ratio));
      const pixel = {
        x: part.x + Math.floor(next() * part.width),
        y: part.y + Math.floor(next() * part.height),
      };
      const corner = toPage(placement, pixel);
      const half = placement.scale / 2;
      const middle = { x: corner.x + half, y: corner.y + half };
      expect(toSurface(placement, middle)).toEqual(pixel);
    }
  });

  it("has two viewers of two monitors, one left of the other, point at the same pixel", () => {
    // The first monitor stands to the right of the second, and lower.
    const monitors = [
      { id: 1, x: 1280, y: 200, width: 1920, height: 880 },
      { id: 2, x: 0, y: 0, width: 1280, height: 1024 },
    ];
    const left = place(
      partOf(surface, monitors, 2),
      { width: 473, height: 600 },
      view("fit", 1.25),
    );
    const both = place(partOf(surface, monitors, "all"), { width: 900, height: 400 }, view("fit"));
    const right = place(
      partOf(surface, monitors, 1),
      { width: 900, height: 400 },
      view("actual", 2),
    );
    // Three quarters across the left monitor, and half way down.
    const at = toSurface(left, { x: 0.75 * left.shown.width, y: 0.5 * left.shown.height });
    expect(at).toEqual({ x: 960, y: 512 });
    const shown = toPage(both, at);
    expect(shown.x / both.shown.width).toBeCloseTo(960 / 3200);
    expect(shown.y / both.shown.height).toBeCloseTo(512 / 1080);
    expect(toPage(right, at).x).toBeLessThan(0);
    expect(toSurface(right, { x: 10, y: 10 })).toEqual({ x: 1300, y: 220 });
  });

  it("gives the nearest pixel for points outside", () => {
    const placement = place(partOf(surface, displays, 2), { width: 640, height: 512 }, view("fit"));
    expect(toSurface(placement, { x: -50, y: -1 })).toEqual({ x: 1920, y: 56 });
    expect(toSurface(placement, { x: 9999, y: 9999 })).toEqual({ x: 3199, y: 1079 });
  });
});

function view(zoom: "fit" | "actual", devicePixelRatio = 1) {
  return { zoom, devicePixelRatio };
}
