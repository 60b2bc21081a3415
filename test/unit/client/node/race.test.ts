import { describe, expect, it } from "vitest";
import { race } from "../../../../appliance/client/node/race.ts";

const signal = new AbortController().signal;

/** Never succeeds by itself; fails when it is aborted. */
function silent(abort: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    abort.addEventListener("abort", () => reject(new Error("aborted")));
  });
}

describe("a race of attempts", () => {
  it("is won by a later attempt while the first is silent, which is then aborted", async () => {
    const aborted: number[] = [];
    let attempts = 0;
    const winner = await race(
      async (abort) => {
        const mine = attempts++;
        abort.addEventListener("abort", () => aborted.push(mine));
        return mine === 2 ? "the third" : silent(abort);
      },
      { everyMs: 10, withinMs: 5000, signal },
    );
    expect(winner).toBe("the third");
    expect(aborted).toEqual([0, 1, 2]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(attempts).toBe(3);
  });

  it("is over at once when there is nothing left to wait for", async () => {
    let attempts = 0;
    const refused = async () => {
      attempts++;
      throw new Error("refused");
    };
    await expect(race(refused, { everyMs: 5, withinMs: 5000, signal })).rejects.toThrow("refused");
    expect(attempts).toBe(1);
  });

  it("is over when its time is, or when it is called off", async () => {
    await expect(race(silent, { everyMs: 5, withinMs: 30, signal })).rejects.toThrow("aborted");
    const off = new AbortController();
    const racing = race(silent, { everyMs: 5, withinMs: 5000, signal: off.signal });
    off.abort();
    await expect(racing).rejects.toThrow("aborted");
  });
});
