import { HandrailError, type RepresentativeId, type UnixMs } from "@handrail/protocol";
import { z } from "zod";
import type { Store } from "./database.ts";
import { optional } from "./row.ts";

/** Where a device authorization stands. */
export interface StoredDeviceCode {
  readonly status: "pending" | "allowed" | "refused";
  readonly representative: string | undefined;
  readonly intervalMs: number;
  readonly lastPolledAt: UnixMs;
  readonly expiresAt: UnixMs;
}

const rowShape = z.object({
  status: z.enum(["pending", "allowed", "refused"]),
  representative: optional(z.string()),
  intervalMs: z.int(),
  lastPolledAt: z.int(),
  expiresAt: z.int(),
});
const columns = "status, representative, intervalMs, lastPolledAt, expiresAt";

/** The device authorizations (RFC 8628) under way, known by the hashes of their two codes. */
export class DeviceCodeStore {
  readonly #raw: Store["raw"];

  constructor({ raw }: Store) {
    this.#raw = raw;
  }

  add(code: {
    deviceCodeHash: string;
    userCodeHash: string;
    intervalMs: number;
    now: UnixMs;
    expiresAt: UnixMs;
  }): void {
    this.#raw.prepare("DELETE FROM deviceCode WHERE expiresAt < ?").run(code.now - 3_600_000);
    this.#raw
      .prepare(
        `INSERT INTO deviceCode
           (deviceCodeHash, userCodeHash, status, intervalMs, lastPolledAt, expiresAt)
         VALUES (?, ?, 'pending', ?, 0, ?)`,
      )
      .run(code.deviceCodeHash, code.userCodeHash, code.intervalMs, code.expiresAt);
  }

  /** Removes all but the newest of those who are waiting for an answer. */
  keepNewest(count: number, now: UnixMs): void {
    this.#raw
      .prepare(
        `DELETE FROM deviceCode WHERE rowid IN (
           SELECT rowid FROM deviceCode WHERE status = 'pending' AND expiresAt > ?
           ORDER BY expiresAt DESC, rowid DESC LIMIT -1 OFFSET ?)`,
      )
      .run(now, count);
  }

  find(deviceCodeHash: string): StoredDeviceCode | undefined {
    const row = this.#raw
      .prepare(`SELECT ${columns} FROM deviceCode WHERE deviceCodeHash = ?`)
      .get(deviceCodeHash);
    return row && rowShape.parse(row);
  }

  findByUserCode(userCodeHash: string): StoredDeviceCode | undefined {
    const row = this.#raw
      .prepare(`SELECT ${columns} FROM deviceCode WHERE userCodeHash = ?`)
      .get(userCodeHash);
    return row && rowShape.parse(row);
  }

  notePoll(deviceCodeHash: string, now: UnixMs, intervalMs: number): void {
    this.#raw
      .prepare("UPDATE deviceCode SET lastPolledAt = ?, intervalMs = ? WHERE deviceCodeHash = ?")
      .run(now, intervalMs, deviceCodeHash);
  }

  /** Answers a pending code, once. False when it is no longer pending. */
  decide(
    userCodeHash: string,
    status: "allowed" | "refused",
    { representative, now }: { representative: RepresentativeId; now: UnixMs },
  ): boolean {
    const { changes } = this.#raw
      .prepare(
        `UPDATE deviceCode SET status = ?, representative = ?
         WHERE userCodeHash = ? AND status = 'pending' AND expiresAt > ?`,
      )
      .run(status, representative, userCodeHash, now);
    return changes === 1;
  }

  /** Takes an answered code away. Part of the caller's transaction. @throws Error when it is gone */
  use(deviceCodeHash: string): void {
    const { changes } = this.#raw
      .prepare("DELETE FROM deviceCode WHERE deviceCodeHash = ?")
      .run(deviceCodeHash);
    // Two polls at once must not both get tokens.
    if (changes !== 1) throw new HandrailError("not-authenticated", "the code was used already");
  }

  remove(deviceCodeHash: string): void {
    this.#raw.prepare("DELETE FROM deviceCode WHERE deviceCodeHash = ?").run(deviceCodeHash);
  }
}
