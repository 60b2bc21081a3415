import { setTimeout as sleep } from "node:timers/promises";

/** What `poll` waits for: anything but these. */
type Answer<T> = Exclude<T, false | null | undefined | "" | 0>;

/**
 * Asks again, every 50 ms, until the answer is truthy, and returns it.
 * An `ask` that throws counts as "not yet"; its last error is the cause of the one at time-out.
 *
 * @param what names the condition in the error, as "the queue shows the session"
 */
export async function poll<T>(
  what: string,
  ask: () => T | Promise<T>,
  timeoutMs = 30_000,
): Promise<Answer<T>> {
  const endsAt = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await ask();
      if (isAnswer(answer)) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(50);
  } while (performance.now() < endsAt);
  throw new Error(`waited ${timeoutMs} ms in vain until ${what}`, { cause });
}

function isAnswer<T>(value: T): value is Answer<T> {
  return Boolean(value);
}
