import type { RepresentativeId, UnixMs } from "@handrail/protocol";
import type { Store } from "./database.ts";

/** What administrators have put on consoles that sign in by themselves, known by its SHA-256. */
export interface ConsoleCredentialStore {
  add(credentialHash: string, representative: RepresentativeId, now: UnixMs): void;
  /** The representative's id, unless the credential is unknown or revoked. Notes the use. */
  use(credentialHash: string, now: UnixMs): string | undefined;
  revokeAllOf(representative: RepresentativeId, now: UnixMs): void;
}

/** The credentials kept in this database. */
export function consoleCredentialStore({ raw }: Store): ConsoleCredentialStore {
  return {
    add(credentialHash, representative, now) {
      raw
        .prepare(
          `INSERT INTO consoleCredential (credentialHash, representative, createdAt)
           VALUES (?, ?, ?)`,
        )
        .run(credentialHash, representative, now);
    },
    use(credentialHash, now) {
      const row = raw
        .prepare(
          `UPDATE consoleCredential SET lastUsedAt = ?
           WHERE credentialHash = ? AND revokedAt IS NULL RETURNING representative`,
        )
        .get(now, credentialHash);
      return typeof row?.representative === "string" ? row.representative : undefined;
    },
    revokeAllOf(representative, now) {
      raw
        .prepare(
          `UPDATE consoleCredential SET revokedAt = ?
           WHERE representative = ? AND revokedAt IS NULL`,
        )
        .run(now, representative);
    },
  };
}
