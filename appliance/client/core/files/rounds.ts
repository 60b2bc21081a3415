import type { Clock } from "../clock.ts";

/**
 * Why work pauses: `undefined`: it has taken its turn; a number: not to go on before so many ms have
 * passed; a promise: nor before it is settled.
 */
export type Pause = number | Promise<unknown> | undefined;

/** Work that is done in turns; each turn lasts about a millisecond. */
export type Work<T = void> = Generator<Pause, T, void>;

/** What work waits for besides its turn. */
interface Valve {
  readonly isFull: boolean;
}

/** One piece of work under way. */
interface Task {
  readonly work: Work;
  readonly valve: Valve;
  isParked: boolean;
}

/** After so long in turns, others on the thread get theirs, ms. */
const roundMs = 5;

/**
 * Lets several pieces of work take turns on one thread, so that a long one holds up nobody. Work
 * rests while what it produces is not taken.
 */
export class Rounds {
  readonly #clock: Clock;
  readonly #defer: (run: () => void) => void;
  readonly #tasks = new Set<Task>();
  #isDue = false;

  /** `defer`: calls it after whatever else has come in meanwhile. */
  constructor(clock: Clock, defer: (run: () => void) => void) {
    this.#clock = clock;
    this.#defer = defer;
  }

  /** Begins work, which must not throw. Ends it when disposed; `finally` in it is run. */
  begin(valve: Valve, work: Work): Disposable {
    const task: Task = { work, valve, isParked: false };
    this.#tasks.add(task);
    this.wake();
    return {
      [Symbol.dispose]: () => {
        if (this.#tasks.delete(task)) task.work.return();
      },
    };
  }

  /** Something that work waited for may have come. */
  wake(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#defer(() => {
      this.#isDue = false;
      this.#round();
    });
  }

  #round(): void {
    const untilMs = this.#clock.now() + roundMs;
    let isBusy = true;
    while (isBusy && this.#clock.now() < untilMs) {
      isBusy = false;
      for (const task of this.#tasks) {
        if (task.isParked || task.valve.isFull) continue;
        this.#turn(task);
        isBusy = true;
      }
    }
    if (isBusy) this.wake();
  }

  #turn(task: Task): void {
    const { done, value } = task.work.next();
    if (done) {
      this.#tasks.delete(task);
    } else if (value !== undefined) {
      task.isParked = true;
      const unpark = () => {
        task.isParked = false;
        this.wake();
      };
      if (typeof value === "number") this.#clock.after(value, unpark);
      else void value.then(unpark, unpark);
    }
  }
}

/** Waits within work. @throws as the promise does */
export function* settled<T>(promise: Promise<T>): Work<T> {
  const outcome: { value?: [T]; fault?: [unknown] } = {};
  yield promise.then(
    (value) => void (outcome.value = [value]),
    (fault: unknown) => void (outcome.fault = [fault]),
  );
  if (outcome.value) return outcome.value[0];
  throw outcome.fault?.[0];
}
