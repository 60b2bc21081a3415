/** Waits before the first attempts, ms; later ones are drawn from the ranges below. */
const first = [250, 500, 1000] as const;
const steady = { least: 500, most: 1500, forMs: 60_000 } as const;
const longestMs = 15_000;

/**
 * How long to wait before the next attempt, ms. `attempt` counts from 0 since the last welcome,
 * `awayMs` is the time since the line was lost, `random` in [0, 1).
 */
export function retryDelayMs(attempt: number, awayMs: number, random: number): number {
  const early = first[attempt];
  if (early !== undefined) return early;
  const calm = steady.least + random * (steady.most - steady.least);
  const growth = 2 ** Math.min(4, Math.max(0, Math.floor(awayMs / steady.forMs)));
  return Math.min(longestMs, calm * growth);
}
