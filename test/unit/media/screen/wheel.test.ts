import { describe, expect, it } from "vitest";
import { WheelCounter } from "../../../../media/screen/wheel.ts";

const still = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false };

describe("the wheel", () => {
  it.each([100, 120, 53])("counts %i pixels as one notch", (deltaY) => {
    const wheel = new WheelCounter();
    for (let i = 0; i < 20; i++) {
      expect(wheel.take({ ...still, deltaY })).toEqual({ dx: 0, dy: 1 });
      expect(new WheelCounter().take({ ...still, deltaY: -deltaY }).dy).toBe(-1);
    }
  });

  it("adds up a touch pad's small movements", () => {
    const wheel = new WheelCounter();
    const given = Array.from({ length: 100 }, () => wheel.take({ ...still, deltaY: 7 }).dy);
    expect(given.reduce((sum, dy) => sum + dy, 0)).toBe(7);
  });

  it("turns back at once", () => {
    const wheel = new WheelCounter();
    wheel.take({ ...still, deltaY: 90 });
    expect(wheel.take({ ...still, deltaY: -100 }).dy).toBe(-1);
  });

  it("counts lines, and takes Shift's turning back", () => {
    const wheel = new WheelCounter();
    expect(wheel.take({ ...still, deltaY: 3, deltaMode: 1 }).dy).toBe(1);
    expect(wheel.take({ ...still, deltaX: 100, shiftKey: true })).toEqual({ dx: 0, dy: 1 });
    expect(wheel.take({ ...still, deltaX: 100 })).toEqual({ dx: 1, dy: 0 });
  });
});
