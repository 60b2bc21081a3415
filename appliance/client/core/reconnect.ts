/** Waits before the first attempts, ms; later ones are drawn from the ranges below. */
const first = [250, 500, 1000] as const;
const steady = { least: 1000, most: 2000, forMs: 60_000 } as const;
const longestMs = 15_000;
/**
 * For how long an attempt may try to reach the appliance, in turn: short, because on a line that
 * just returned a new attempt is sooner through than the repetitions of an old one; now and then
 * long, for lines that are slow indeed. ms.
 */
const connectWithin = [1500, 1500, 4000, 1500, 1500, 10_000] as const;

/**
 * When and how to try again. `attempt` counts from 0 since the last welcome, `awayMs` is the time
 * since the line was lost, `random` in [0, 1).
 */
export function nextAttempt(
  attempt: number,
  awayMs: number,
  random: number,
): { delayMs: number; connectWithinMs: number } {
  const connectWithinMs = connectWithin[attempt % connectWithin.length] ?? longestMs;
  const early = first[attempt];
  if (early !== undefined) return { delayMs: early, connectWithinMs };
  const calm = steady.least + random * (steady.most - steady.least);
  const growth = 2 ** Math.min(4, Math.max(0, Math.floor(awayMs / steady.forMs)));
  return { delayMs: Math.min(longestMs, calm * growth), connectWithinMs };
}
