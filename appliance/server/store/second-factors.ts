import type { RepresentativeId, UnixMs } from "@handrail/protocol";
import { z } from "zod";
import type { Store } from "./database.ts";

/** A second factor as it is stored. `secret` is shared with the person's device. */
export interface StoredSecondFactor {
  readonly secret: Uint8Array;
  /** The last step of 30 seconds since 1970 whose code was taken. */
  readonly lastStep: number;
  readonly turnedOnAt: UnixMs;
}

/** The second factors of the accounts. Every write is part of the caller's transaction. */
export interface SecondFactorStore {
  find(representative: RepresentativeId): StoredSecondFactor | undefined;
  /** Ids of the accounts that have one. */
  owners(): ReadonlySet<string>;
  /** Turns it on, in the place of an earlier one. */
  put(representative: RepresentativeId, factor: StoredSecondFactor): void;
  /** Notes that the code of a step was taken; false when that or a later one was already. */
  takeStep(representative: RepresentativeId, step: number): boolean;
  /** Turns it off, with its recovery codes; false when there was none. */
  remove(representative: RepresentativeId): boolean;
  /** Puts recovery codes in the place of all earlier ones. */
  putRecoveryCodes(representative: RepresentativeId, codeHashes: readonly string[]): void;
  hasRecoveryCode(representative: RepresentativeId, codeHash: string): boolean;
  /** Forgets a recovery code; false when it was used already. */
  takeRecoveryCode(representative: RepresentativeId, codeHash: string): boolean;
  recoveryCodesLeft(representative: RepresentativeId): number;
}

const rowShape = z.object({
  secret: z.instanceof(Uint8Array),
  lastStep: z.int(),
  turnedOnAt: z.int(),
});

/** The second factors kept in this database. */
export function secondFactorStore({ raw }: Store): SecondFactorStore {
  const find = raw.prepare(
    "SELECT secret, lastStep, turnedOnAt FROM secondFactor WHERE representative = ?",
  );
  const removeCodes = raw.prepare("DELETE FROM recoveryCode WHERE representative = ?");
  const addCode = raw.prepare("INSERT INTO recoveryCode (representative, codeHash) VALUES (?, ?)");
  const left = raw.prepare("SELECT count(*) AS count FROM recoveryCode WHERE representative = ?");
  return {
    find(representative) {
      const row = find.get(representative);
      return row && rowShape.parse(row);
    },
    owners() {
      const rows = raw.prepare("SELECT representative FROM secondFactor").all();
      return new Set(rows.map(({ representative }) => String(representative)));
    },
    put: (representative, { secret, lastStep, turnedOnAt }) =>
      void raw
        .prepare(
          `INSERT INTO secondFactor (representative, secret, lastStep, turnedOnAt)
           VALUES (?, ?, ?, ?)
           ON CONFLICT (representative) DO UPDATE SET secret = excluded.secret,
             lastStep = excluded.lastStep, turnedOnAt = excluded.turnedOnAt`,
        )
        .run(representative, secret, lastStep, turnedOnAt),
    takeStep: (representative, step) =>
      isChange(
        raw
          .prepare("UPDATE secondFactor SET lastStep = ? WHERE representative = ? AND lastStep < ?")
          .run(step, representative, step),
      ),
    remove: (representative) =>
      isChange(
        raw.prepare("DELETE FROM secondFactor WHERE representative = ?").run(representative),
      ),
    putRecoveryCodes(representative, codeHashes) {
      removeCodes.run(representative);
      for (const codeHash of codeHashes) addCode.run(representative, codeHash);
    },
    hasRecoveryCode: (representative, codeHash) =>
      raw
        .prepare("SELECT 1 FROM recoveryCode WHERE representative = ? AND codeHash = ?")
        .get(representative, codeHash) !== undefined,
    takeRecoveryCode: (representative, codeHash) =>
      isChange(
        raw
          .prepare("DELETE FROM recoveryCode WHERE representative = ? AND codeHash = ?")
          .run(representative, codeHash),
      ),
    recoveryCodesLeft: (representative) => Number(left.get(representative)?.count ?? 0),
  };
}

function isChange({ changes }: { changes: number | bigint }): boolean {
  return Number(changes) > 0;
}
