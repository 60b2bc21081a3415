import { randomUUID } from "node:crypto";
import { HandrailError, type UnixMs } from "@handrail/protocol";
import { z } from "zod";
import type { Store } from "./database.ts";
import { optional } from "./row.ts";

/** How a console came by its grant. */
export type GrantKind = "browser" | "device" | "console-credential";

/** A token as it is found by its hash, with what its grant says. */
export interface StoredToken {
  readonly grant: string;
  readonly representative: string;
  readonly kind: "access" | "refresh";
  readonly expiresAt: UnixMs;
  readonly usedAt: UnixMs | undefined;
  readonly revokedAt: UnixMs | undefined;
}

/** An authorization code; `grant` once it was exchanged. */
export interface StoredCode {
  readonly representative: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
  readonly expiresAt: UnixMs;
  readonly grant: string | undefined;
}

/** The hashes and ends of a new pair of tokens. */
export interface TokenPair {
  readonly accessHash: string;
  readonly accessExpiresAt: UnixMs;
  readonly refreshHash: string;
  readonly refreshExpiresAt: UnixMs;
}

const tokenShape = z.object({
  grant: z.string(),
  representative: z.string(),
  kind: z.enum(["access", "refresh"]),
  expiresAt: z.int(),
  usedAt: optional(z.int()),
  revokedAt: optional(z.int()),
});
const codeShape = z.object({
  representative: z.string(),
  redirectUri: z.string(),
  codeChallenge: z.string(),
  expiresAt: z.int(),
  grant: optional(z.string()),
});

/** Grants, their tokens and authorization codes. Every secret is known by its SHA-256 alone. */
export class OAuthStore {
  readonly #store: Store;
  readonly #findToken;

  constructor(store: Store) {
    this.#store = store;
    this.#findToken = store.raw.prepare(
      `SELECT t.oauthGrant AS "grant", g.representative, t.kind, t.expiresAt, t.usedAt, g.revokedAt
       FROM oauthToken t JOIN oauthGrant g ON g.id = t.oauthGrant WHERE t.tokenHash = ?`,
    );
  }

  findToken(tokenHash: string): StoredToken | undefined {
    const row = this.#findToken.get(tokenHash);
    return row && tokenShape.parse(row);
  }

  /** Makes a grant with its first tokens. Returns the grant's id. Part of the caller's transaction. */
  addGrant(representative: string, kind: GrantKind, now: UnixMs): string {
    const id = randomUUID();
    this.#store.raw
      .prepare(
        `INSERT INTO oauthGrant (id, representative, kind, createdAt, lastUsedAt)
         VALUES (?, ?, ?, ?, ?)`,
      )
      .run(id, representative, kind, now, now);
    return id;
  }

  /** Gives a grant new tokens. Part of the caller's transaction. */
  addTokens(grant: string, pair: TokenPair, now: UnixMs): void {
    const add = this.#store.raw.prepare(
      "INSERT INTO oauthToken (tokenHash, oauthGrant, kind, expiresAt) VALUES (?, ?, ?, ?)",
    );
    add.run(pair.accessHash, grant, "access", pair.accessExpiresAt);
    add.run(pair.refreshHash, grant, "refresh", pair.refreshExpiresAt);
    this.#store.raw.prepare("UPDATE oauthGrant SET lastUsedAt = ? WHERE id = ?").run(now, grant);
    this.#store.raw.prepare("DELETE FROM oauthToken WHERE expiresAt < ?").run(now);
  }

  /** Marks a refresh token as exchanged. False when it was already: somebody copied it. */
  useRefreshToken(tokenHash: string, now: UnixMs): boolean {
    const { changes } = this.#store.raw
      .prepare("UPDATE oauthToken SET usedAt = ? WHERE tokenHash = ? AND usedAt IS NULL")
      .run(now, tokenHash);
    return changes === 1;
  }

  revokeGrant(grant: string, now: UnixMs): void {
    this.#store.raw
      .prepare("UPDATE oauthGrant SET revokedAt = coalesce(revokedAt, ?) WHERE id = ?")
      .run(now, grant);
  }

  /** Revokes every grant of an account, and the codes that would still be exchanged for one. */
  revokeAllOf(representative: string, now: UnixMs): void {
    for (const table of ["oauthCode", "deviceCode"]) {
      this.#store.raw.prepare(`DELETE FROM ${table} WHERE representative = ?`).run(representative);
    }
    this.#store.raw
      .prepare("UPDATE oauthGrant SET revokedAt = coalesce(revokedAt, ?) WHERE representative = ?")
      .run(now, representative);
  }

  addCode(codeHash: string, code: Omit<StoredCode, "grant">, now: UnixMs): void {
    this.#store.raw.prepare("DELETE FROM oauthCode WHERE expiresAt < ?").run(now - 86_400_000);
    this.#store.raw
      .prepare(
        `INSERT INTO oauthCode (codeHash, representative, redirectUri, codeChallenge, expiresAt)
         VALUES (?, ?, ?, ?, ?)`,
      )
      .run(codeHash, code.representative, code.redirectUri, code.codeChallenge, code.expiresAt);
  }

  findCode(codeHash: string): StoredCode | undefined {
    const row = this.#store.raw
      .prepare(
        `SELECT representative, redirectUri, codeChallenge, expiresAt, oauthGrant AS "grant"
         FROM oauthCode WHERE codeHash = ?`,
      )
      .get(codeHash);
    return row && codeShape.parse(row);
  }

  /**
   * Ties a code to the grant that it was exchanged for. Part of the caller's transaction.
   * @throws HandrailError when another exchange was quicker
   */
  useCode(codeHash: string, grant: string): void {
    const { changes } = this.#store.raw
      .prepare("UPDATE oauthCode SET oauthGrant = ? WHERE codeHash = ? AND oauthGrant IS NULL")
      .run(grant, codeHash);
    if (changes !== 1) throw new HandrailError("not-authenticated", "the code was used already");
  }

  /** Spoils a code that somebody presented wrongly, so that it cannot be tried again. */
  removeCode(codeHash: string): void {
    this.#store.raw.prepare("DELETE FROM oauthCode WHERE codeHash = ?").run(codeHash);
  }
}
