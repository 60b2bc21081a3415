import { describe, expect, it } from "vitest";
import { Attention } from "../../../../appliance/client/core/attention.ts";

const at = { x: 500, y: 400 };

describe("the attention", () => {
  it("awaits the answer to a stroke for a moment, or until it is there", () => {
    const attention = new Attention();
    attention.inputAt(at, true, 1000);
    expect(attention.awaitUntil).toBe(1025);
    attention.answered();
    expect(attention.awaitUntil).toBeLessThan(1000);
  });

  it("awaits a press after the first movement, and its answer in full", () => {
    const attention = new Attention();
    attention.inputAt(at, false, 1000);
    expect(attention.awaitUntil).toBe(1005);
    attention.inputAt(at, true, 1001);
    expect(attention.awaitUntil).toBe(1026);
  });

  it("leaves two thirds of the time to all else while a key repeats or the pointer moves", () => {
    const attention = new Attention();
    let awaitedMs = 0;
    for (let now = 0; now < 3000; now++) {
      if (now % 30 === 0) attention.inputAt(undefined, true, now);
      if (now % 8 === 0) attention.inputAt(at, false, now);
      if (now < attention.awaitUntil) awaitedMs++;
    }
    expect(awaitedMs).toBeGreaterThan(500);
    expect(awaitedMs).toBeLessThan(1100);
  });

  it("takes for an answer what changes near a press, and anything after a key", () => {
    const attention = new Attention();
    const near = { x: 520, y: 300, width: 40, height: 20 };
    const far = { x: 1500, y: 300, width: 40, height: 20 };
    attention.inputAt(at, true, 1000);
    expect([near, far].map((rect) => attention.isAnswer(rect))).toEqual([true, false]);
    attention.inputAt(undefined, true, 1200);
    expect([near, far].map((rect) => attention.isAnswer(rect))).toEqual([true, true]);
  });

  it("looks where the representative works, and after a while where the pointer is", () => {
    const attention = new Attention();
    const pointer = { x: 10, y: 20 };
    expect(attention.interest(pointer, 0)).toEqual(pointer);
    attention.inputAt(at, false, 1000);
    expect(attention.interest(pointer, 2000)).toEqual(at);
    expect(attention.isEager(1500)).toBe(true);
    expect(attention.interest(pointer, 4000)).toEqual(pointer);
    expect(attention.isEager(4000)).toBe(false);
  });
});
