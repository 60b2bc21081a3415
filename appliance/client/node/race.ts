/** How a race is run; times in ms. */
export interface RaceOptions {
  /** A further attempt begins this often, as long as the earlier ones have come to nothing. */
  readonly everyMs: number;
  /** For all attempts together. */
  readonly withinMs: number;
  /** Aborting it ends the race. */
  readonly signal: AbortSignal;
}

/**
 * Attempts the same again and again without giving up the earlier attempts, and resolves to the first
 * that succeeds: on a line that was silent and is back, a new attempt is through long before an old
 * one repeats itself, and on a slow line the first one gets all the time there is. All others are
 * aborted, and so must clean up after themselves. Rejects as soon as no attempt is left: when each
 * has failed, with the last one's error, or when time is up.
 */
export function race<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  { everyMs, withinMs, signal }: RaceOptions,
): Promise<T> {
  const abort = new AbortController();
  const both = AbortSignal.any([abort.signal, signal]);
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let pending = 0;
  const begin = () => {
    pending++;
    attempt(both).then(resolve, (error: unknown) => {
      pending--;
      if (pending === 0) reject(error);
    });
  };
  const again = setInterval(begin, everyMs);
  const limit = setTimeout(() => abort.abort(new Error(`not reached in ${withinMs} ms`)), withinMs);
  begin();
  return promise.finally(() => {
    clearInterval(again);
    clearTimeout(limit);
    abort.abort(new Error("another attempt was faster"));
  });
}
