import type { Lifetime } from "@handrail/protocol";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Tries within 24 hours, also of those who press the button: no directory's limit is reached so. */
export const maxTriesADay = 10;

/**
 * How long a key is kept at least: each new one needs a statement of the former one that leads over to
 * it, and the appliance has 16 of them for 825 days.
 */
const keepKeyMs = 52 * dayMs;

/** Whether a key that was made then goes on. */
export function isKeyKept(madeAt: number | undefined, now: number): boolean {
  return madeAt !== undefined && madeAt <= now && now - madeAt < keepKeyMs;
}

/**
 * When a certificate is renewed: at two thirds of its life, and up to a thirtieth of it earlier, so
 * that not all that were got at one moment come at one. `chance`: 0 to 1.
 */
export function renewalAt({ validFrom, validTo }: Lifetime, chance: number): number {
  const lifeMs = validTo - validFrom;
  return Math.round(validFrom + lifeMs * (2 / 3 - chance / 30));
}

/** A try that has not ended by then is given up. */
export const longestTryMs = 15 * 60_000;

/** How long after so many failures in a row (from 1) it is tried again: an hour, twice … a day. */
export function backOffMs(failures: number, chance: number): number {
  const plainMs = Math.min(dayMs, hourMs * 2 ** (failures - 1));
  return Math.round(plainMs * (1 + chance / 10));
}

/** The tries of the last 24 hours; none from a time that has not come, after a clock was set back. */
export function recentTries(tries: readonly number[], now: number): number[] {
  return tries.filter((at) => at > now - dayMs && at <= now);
}

/** When there may be another try, Unix ms: at once while there were few. */
export function freeAt(tries: readonly number[], now: number): number {
  const [first = now, ...others] = recentTries(tries, now).slice(-maxTriesADay);
  return others.length === maxTriesADay - 1 ? first + dayMs : now;
}
