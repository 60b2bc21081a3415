import type { Clock } from "../clock.ts";
import type { Lockouts } from "../store/lockouts.ts";
import { hashSecret } from "./secret.ts";

/** Whose secret is tried, and from where. */
export interface NameTried {
  readonly name: string;
  /** The network address it comes from. */
  readonly address: string;
}

/** From one address five failures are free; all addresses together have twenty. */
const freeFailures = { here: 5, anywhere: 20 };
const firstLockMs = 30_000;
const longestLockMs = 15 * 60_000;

/**
 * Locks a name after some failures in a row, first for their address and after more for all, each
 * time twice as long, 30 seconds to 15 minutes. A name that nobody has behaves the same. Wrong
 * passwords and wrong second factors count alike.
 */
export class NameLock {
  readonly #lockouts: Lockouts;
  readonly #clock: Pick<Clock, "now">;

  constructor(lockouts: Lockouts, clock: Pick<Clock, "now">) {
    this.#lockouts = lockouts;
    this.#clock = clock;
  }

  /** How long nothing may be tried, ms; 0 or less when it may. */
  leftMs(tried: NameTried): number {
    const { here, anywhere } = subjectsOf(tried);
    const now = this.#clock.now();
    return (
      Math.max(
        this.#lockouts.lockedUntil(here, now, longestLockMs),
        this.#lockouts.lockedUntil(anywhere, now, longestLockMs),
      ) - now
    );
  }

  /**
   * Counts a failure; to be called before what is slow, or many guesses at once would all be free.
   * Returns what takes it back when it was none, and leaves those before it.
   */
  count(tried: NameTried): () => void {
    const { here, anywhere } = subjectsOf(tried);
    const now = this.#clock.now();
    const until = {
      here: this.#lockouts.note(here, now, (n) => lockMs(n - freeFailures.here)),
      anywhere: this.#lockouts.note(anywhere, now, (n) => lockMs(n - freeFailures.anywhere)),
    };
    return () => {
      this.#lockouts.takeBack(here, until.here);
      this.#lockouts.takeBack(anywhere, until.anywhere);
    };
  }

  /** Somebody has shown all that was asked: the failures before are forgiven. */
  forget(tried: NameTried): void {
    const { here, anywhere } = subjectsOf(tried);
    this.#lockouts.forget(here);
    this.#lockouts.forget(anywhere);
  }
}

function lockMs(failuresTooMany: number): number {
  if (failuresTooMany < 0) return 0;
  return Math.min(longestLockMs, firstLockMs * 2 ** Math.min(failuresTooMany, 10));
}

function subjectsOf({ name, address }: NameTried): { here: string; anywhere: string } {
  const anywhere = hashSecret(name.normalize("NFKC").toLowerCase());
  return { here: hashSecret(`${anywhere} ${address}`), anywhere };
}
