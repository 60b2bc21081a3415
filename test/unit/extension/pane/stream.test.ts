import { describe, expect, it } from "vitest";
import { maxBehindBytes, PostedStream } from "../../../../extension/pane/stream.ts";
import { maxSurfaceInFlight } from "../../../../media/pane/contract.ts";

/** A pane that takes messages when the test says so. */
function slowPane() {
  const posted: Uint8Array[] = [];
  let inFlight = 0;
  let lost = 0;
  const stream = new PostedStream(
    {
      get surfaceInFlight() {
        return inFlight;
      },
      sendSurface: (message) => {
        inFlight++;
        posted.push(message);
      },
      reset: () => (inFlight = 0),
    },
    { ready: () => undefined, message: () => undefined, lost: () => lost++ },
  );
  const take = () => {
    inFlight--;
    stream.drain();
  };
  return { stream, posted, take, lostTimes: () => lost };
}

describe("a stream by messages", () => {
  it("keeps no more on their way than the pane can take, in order", () => {
    const { stream, posted, take } = slowPane();
    for (let n = 0; n < 10; n++) stream.send(Uint8Array.of(n));
    expect(posted).toHaveLength(maxSurfaceInFlight);
    take();
    take();
    expect(posted.map(([n]) => n)).toEqual([0, 1, 2, 3, 4]);
  });

  it("gives up on a pane that falls too far behind, once, and keeps nothing for it", () => {
    const { stream, posted, take, lostTimes } = slowPane();
    const large = new Uint8Array(maxBehindBytes / 4);
    for (let n = 0; n < maxSurfaceInFlight + 5; n++) stream.send(large);
    expect(lostTimes()).toBe(1);
    take();
    expect(posted).toHaveLength(maxSurfaceInFlight);
  });
});
