import type { UnixMs } from "@handrail/protocol";
import type { Store } from "./database.ts";

/** Failures in a row of one subject. They are forgotten after a day, or by a success. */
export interface Lockouts {
  /**
   * When the subject may try again; a time in the past when it may now. Never more than `longestMs`
   * from now: after the clock was set back, a lock that would last for years is cut to that.
   */
  lockedUntil(subject: string, now: UnixMs, longestMs: number): UnixMs;
  /**
   * Counts one failure more; `lockMs` says how long to lock after so many. Returns until when that
   * locks the subject, 0 when it does not.
   */
  note(subject: string, now: UnixMs, lockMs: (failures: number) => number): UnixMs;
  /** Takes back a counted failure that was none, and the lock that `note` returned for it. */
  takeBack(subject: string, lockedUntil: UnixMs): void;
  forget(subject: string): void;
}

const rememberMs = 86_400_000;

/** The failures kept in this database: a restart does not forgive them. */
export function lockouts(store: Store): Lockouts {
  const { raw } = store;
  const read = raw.prepare("SELECT failures, lockedUntil FROM lockout WHERE subject = ?");
  const write = raw.prepare(
    `INSERT INTO lockout (subject, failures, lastFailedAt, lockedUntil) VALUES (?, ?, ?, ?)
     ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures,
       lastFailedAt = excluded.lastFailedAt, lockedUntil = excluded.lockedUntil`,
  );
  const shorten = raw.prepare("UPDATE lockout SET lockedUntil = ? WHERE subject = ?");
  const takeBack = raw.prepare(
    `UPDATE lockout SET failures = max(0, failures - 1),
       lockedUntil = CASE lockedUntil WHEN ? THEN 0 ELSE lockedUntil END WHERE subject = ?`,
  );
  const purge = raw.prepare("DELETE FROM lockout WHERE lastFailedAt < ?");
  const remove = raw.prepare("DELETE FROM lockout WHERE subject = ?");
  return {
    lockedUntil(subject, now, longestMs) {
      const lockedUntil = Number(read.get(subject)?.lockedUntil ?? 0);
      if (lockedUntil <= now + longestMs) return lockedUntil;
      shorten.run(now + longestMs, subject);
      return now + longestMs;
    },
    note(subject, now, lockMs) {
      return store.transaction(() => {
        purge.run(now - rememberMs);
        const failures = Number(read.get(subject)?.failures ?? 0) + 1;
        const lastsMs = lockMs(failures);
        // No lock must not become one when the clock is set back.
        const lockedUntil = lastsMs === 0 ? 0 : now + lastsMs;
        write.run(subject, failures, now, lockedUntil);
        return lockedUntil;
      });
    },
    takeBack: (subject, lockedUntil) => void takeBack.run(lockedUntil, subject),
    forget: (subject) => void remove.run(subject),
  };
}
