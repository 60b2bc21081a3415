import { beforeEach, describe, expect, it } from "vitest";
import { DisplayWait } from "../../../../appliance/client/core/display-wait.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { clockOf } from "./edges.ts";

let fake: FakeClock;
let tries: number[];
let told: string[];
let isThere: boolean;
let wait: DisplayWait;
beforeEach(() => {
  fake = new FakeClock();
  [tries, told, isThere] = [[], [], false];
  wait = new DisplayWait({
    clock: clockOf(fake),
    reopen: async () => {
      tries.push(fake.monotonicMs());
      return isThere;
    },
    back: () => told.push("back"),
    gaveUp: () => told.push("gave up"),
  });
});

/** Lets time pass in steps, so that answers arrive in between. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    fake.advance(250);
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("the wait for a display", () => {
  it("tries soon, then more rarely, and tells once that it is back", async () => {
    const begunAt = fake.monotonicMs();
    wait.begin();
    expect(wait.isWaiting).toBe(true);
    await pass(20_000);
    const at = tries.map((time) => time - begunAt);
    expect(at.slice(0, 4)).toEqual([500, 1500, 3500, 7500]);
    expect(at.slice(4).every((time, i) => time - (at[i + 3] ?? 0) === 5000)).toBe(true);
    expect(told).toEqual([]);
    isThere = true;
    await pass(10_000);
    expect(told).toEqual(["back"]);
    expect(wait.isWaiting).toBe(false);
  });

  it("gives up after five minutes", async () => {
    wait.begin();
    await pass(299_000);
    expect(told).toEqual([]);
    await pass(7_000);
    expect(told).toEqual(["gave up"]);
    const { length } = tries;
    await pass(60_000);
    expect(tries).toHaveLength(length);
  });

  it("ends with the session", async () => {
    wait.begin();
    wait[Symbol.dispose]();
    await pass(60_000);
    expect([tries, told]).toEqual([[], []]);
  });

  it("begins anew when the display goes once more", async () => {
    isThere = true;
    wait.begin();
    await pass(1000);
    wait.begin();
    await pass(1000);
    expect(told).toEqual(["back", "back"]);
  });
});
