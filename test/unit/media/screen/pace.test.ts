import { describe, expect, it } from "vitest";
import { Pace } from "../../../../media/screen/pace.ts";

function pace() {
  const acknowledged: number[] = [];
  const frames: (() => void)[] = [];
  const clock = { time: 0, now: () => clock.time, soon: (run: () => void) => frames.push(run) };
  const made = new Pace({ now: clock.now, soon: (run) => void clock.soon(run) }, (seq) =>
    acknowledged.push(seq),
  );
  const paint = (seq: number, tookMs = 0) => {
    const arrivedAt = clock.time;
    clock.time += tookMs;
    made.painted({ seq, arrivedAt, sizeBytes: 100 });
  };
  const frame = () => frames.splice(0).forEach((run) => run());
  return { acknowledged, clock, pace: made, paint, frame };
}

describe("the pace", () => {
  it("acknowledges at once while the display keeps up", () => {
    const { acknowledged, paint, frame } = pace();
    paint(1);
    paint(2);
    frame();
    paint(3);
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  it("holds the fourth of one displayed frame until the next, in order", () => {
    const { acknowledged, paint, frame } = pace();
    for (const seq of [1, 2, 3, 4, 5]) paint(seq);
    expect(acknowledged).toEqual([1, 2, 3]);
    frame();
    expect(acknowledged).toEqual([1, 2, 3, 4, 5]);
  });

  it("waits for nothing while hidden", () => {
    const { acknowledged, pace: made, paint } = pace();
    for (const seq of [1, 2, 3, 4]) paint(seq);
    made.setVisible(false);
    for (const seq of [5, 6]) paint(seq);
    expect(acknowledged).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("answers nothing of an epoch that is over", () => {
    const { acknowledged, pace: made, paint, frame } = pace();
    for (const seq of [1, 2, 3, 4]) paint(seq);
    made.reset();
    frame();
    expect(acknowledged).toEqual([1, 2, 3]);
  });

  it("reports how long painting took", () => {
    const { clock, pace: made, paint } = pace();
    for (let i = 1; i <= 9; i++) paint(i, 1);
    paint(10, 20);
    expect(made.report()).toBeUndefined();
    clock.time = 2000;
    expect(made.report()).toMatchObject({
      updates: 10,
      sizeBytes: 1000,
      paintMsP50: 1,
      paintMsP95: 20,
      updatesPerSecond: 5,
    });
    expect(made.report()).toBeUndefined();
  });
});
