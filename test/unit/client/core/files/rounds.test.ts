import { expect, it } from "vitest";
import { Rounds, settled, type Work } from "../../../../../appliance/client/core/files/rounds.ts";
import { systemClock } from "../../../../../appliance/client/node/clock.ts";
import { poll } from "../../../../support/poll.ts";

const open = { isFull: false };

function rounds(): Rounds {
  return new Rounds(systemClock, setImmediate);
}

it("lets work take turns", async () => {
  const done: string[] = [];
  function* work(name: string): Work {
    for (let i = 0; i < 3; i++) {
      done.push(name);
      yield undefined;
    }
  }
  const turns = rounds();
  turns.begin(open, work("a"));
  turns.begin(open, work("b"));
  await poll("all is done", () => done.length === 6);
  expect(done.join("")).toBe("ababab");
});

it("lets work wait for what it produces to be taken, for a while, and for a promise", async () => {
  const valve = { isFull: true };
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number>();
  function* work(): Work {
    done.push("begun");
    const from = performance.now();
    yield 30;
    done.push(performance.now() - from >= 25 ? "waited" : "too early");
    done.push(String(yield* settled(promise)));
  }
  const turns = rounds();
  turns.begin(valve, work());
  await new Promise(setImmediate);
  expect(done).toEqual([]);
  valve.isFull = false;
  turns.wake();
  await poll("it has waited", () => done.length === 2);
  resolve(42);
  await poll("it has its answer", () => done.length === 3);
  expect(done).toEqual(["begun", "waited", "42"]);
});

it("tells work of a promise that failed", async () => {
  const heard: unknown[] = [];
  function* work(): Work {
    try {
      yield* settled(Promise.reject(new Error("no")));
    } catch (fault) {
      heard.push(fault);
    }
  }
  rounds().begin(open, work());
  await poll("it has heard", () => heard.length > 0);
  expect(String(heard[0])).toContain("no");
});

it("ends work where it is, and lets it clear up", async () => {
  let isCleared = false;
  let turns = 0;
  function* work(): Work {
    try {
      for (;;) {
        turns++;
        yield undefined;
      }
    } finally {
      isCleared = true;
    }
  }
  const task = rounds().begin(open, work());
  await poll("it works", () => turns > 0);
  task[Symbol.dispose]();
  const atEnd = turns;
  await new Promise(setImmediate);
  expect([isCleared, turns]).toEqual([true, atEnd]);
});
