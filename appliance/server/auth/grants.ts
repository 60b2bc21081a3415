import type { ErrorCode } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import type { GrantKind, OAuthStore, TokenPair } from "../store/oauth.ts";
import type { Representatives } from "../store/representatives.ts";
import { type Account, type ConsoleAccount, findAccount } from "./account.ts";
import { hashSecret, makeSecret } from "./secret.ts";
import type { SecondFactors } from "./second-factors.ts";

/** Why no tokens were given, as RFC 6749 section 5.2 and RFC 8628 section 3.5 name it. */
export type OAuthError =
  | "invalid_request"
  | "invalid_grant"
  | "invalid_client"
  | "unsupported_grant_type"
  | "authorization_pending"
  | "slow_down"
  | "access_denied"
  | "expired_token";

/** What a console gets, or why not. `message` is for whoever works with the console. */
export type TokenResult =
  | {
      readonly ok: true;
      readonly accessToken: string;
      readonly refreshToken: string;
      readonly expiresInMs: number;
      readonly account: Account;
    }
  | {
      readonly ok: false;
      readonly error: OAuthError;
      readonly code: ErrorCode;
      readonly message: string;
    };

/** What a grant is made from: who it is for and how it was proved. */
export interface GrantRequest {
  readonly representative: string;
  readonly kind: GrantKind;
  /** Further writes of the same transaction, given the new grant's id. Synchronous. */
  readonly also?: (grant: string) => void;
}

/** What consoles have open at the relay. */
export interface GrantLinks {
  /** Ends the links that were made with a grant. */
  endGrant(grant: string): void;
}

/** A refusal of the token endpoint. */
export function refuseToken(
  error: OAuthError,
  code: ErrorCode,
  message: string,
): Extract<TokenResult, { ok: false }> {
  return { ok: false, error, code, message };
}

/**
 * Access and refresh tokens of the consoles. Both are opaque; a refresh token is exchanged for a
 * new pair once, and a second exchange revokes the whole grant, for somebody has a copy.
 * Source: OAuth 2.1; RFC 9700 section 4.14.
 */
export class Grants {
  readonly #store: Store;
  readonly #oauth: OAuthStore;
  readonly #representatives: Representatives;
  readonly #secondFactors: SecondFactors;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #lifetimes: { accessMs: number; refreshMs: number };
  readonly #links: GrantLinks;

  constructor(options: {
    store: Store;
    oauth: OAuthStore;
    representatives: Representatives;
    secondFactors: SecondFactors;
    audit: AuditLog;
    clock: Clock;
    lifetimes: { accessMs: number; refreshMs: number };
    links: GrantLinks;
  }) {
    this.#store = options.store;
    this.#oauth = options.oauth;
    this.#representatives = options.representatives;
    this.#secondFactors = options.secondFactors;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#lifetimes = options.lifetimes;
    this.#links = options.links;
  }

  /** Signs a console in. @throws HandrailError `disk-full` */
  async issue(request: GrantRequest): Promise<TokenResult> {
    const account = await this.#worker(request.representative);
    if ("ok" in account) return account;
    const tokens = this.#make();
    const now = this.#clock.now();
    await this.#audit.append(
      {
        event: "console.signed-in",
        who: account.name,
        whoId: account.id,
        detail: { by: request.kind },
      },
      {
        also: () => {
          const grant = this.#oauth.addGrant(account.id, request.kind, now);
          this.#oauth.addTokens(grant, tokens.pair, now);
          // Also a console that came in without a password: by a file of an administrator's.
          this.#representatives.noteSignIn(account.id, now);
          request.also?.(grant);
        },
      },
    );
    return this.#give(tokens, account);
  }

  /** Exchanges a refresh token. @throws HandrailError `disk-full` */
  async refresh(refreshToken: string): Promise<TokenResult> {
    const tokenHash = hashSecret(refreshToken);
    const stored = this.#oauth.findToken(tokenHash);
    const now = this.#clock.now();
    if (stored?.kind !== "refresh" || stored.expiresAt < now) return signInAgain();
    if (stored.revokedAt !== undefined) return signInAgain();
    const account = await this.#worker(stored.representative);
    if ("ok" in account) return account;
    const tokens = this.#make();
    const isFirstUse = this.#store.transaction(() => {
      if (!this.#oauth.useRefreshToken(tokenHash, now)) return false;
      this.#oauth.addTokens(stored.grant, tokens.pair, now);
      return true;
    });
    if (isFirstUse) return this.#give(tokens, account);
    await this.revokeStolen(stored.grant, account);
    return signInAgain();
  }

  /** Revokes a grant of which somebody showed a secret for the second time. */
  async revokeStolen(grant: string, { id, name }: Pick<Account, "id" | "name">): Promise<void> {
    const event = { event: "console.token-reused", who: name, whoId: id };
    await this.#audit.append(event, {
      also: () => this.#oauth.revokeGrant(grant, this.#clock.now()),
      mustHappen: true,
    });
    this.#links.endGrant(grant);
  }

  /** The account that works with that access token, if it still may. */
  async authenticate(accessToken: string): Promise<ConsoleAccount | undefined> {
    const stored = this.#oauth.findToken(hashSecret(accessToken));
    if (stored?.kind !== "access" || stored.revokedAt !== undefined) return undefined;
    if (stored.expiresAt < this.#clock.now()) return undefined;
    const account = await findAccount(this.#representatives, stored.representative);
    return account && { ...account, grant: stored.grant };
  }

  /** Signs a console out by either of its tokens; an unknown one is ignored (RFC 7009). */
  async revoke(token: string): Promise<void> {
    const stored = this.#oauth.findToken(hashSecret(token));
    if (!stored || stored.revokedAt !== undefined) return;
    const account = await this.#representatives.find(stored.representative);
    await this.#audit.append(
      { event: "console.signed-out", who: account?.name ?? "unknown", whoId: account?.id },
      { also: () => this.#oauth.revokeGrant(stored.grant, this.#clock.now()) },
    );
    this.#links.endGrant(stored.grant);
  }

  /** The account that a console may work with, or why it may not. */
  async #worker(id: string): Promise<Account | Extract<TokenResult, { ok: false }>> {
    const account = await findAccount(this.#representatives, id);
    if (!account)
      return refuseToken("invalid_grant", "account-disabled", "The account is disabled.");
    if (!this.#secondFactors.isMissing(account)) return account;
    const message = "This site asks for a second factor: set it up at /login, then sign in again.";
    return refuseToken("invalid_grant", "not-authenticated", message);
  }

  #make(): { accessToken: string; refreshToken: string; pair: TokenPair } {
    const accessToken = makeSecret("hra");
    const refreshToken = makeSecret("hrr");
    const now = this.#clock.now();
    return {
      accessToken,
      refreshToken,
      pair: {
        accessHash: hashSecret(accessToken),
        accessExpiresAt: now + this.#lifetimes.accessMs,
        refreshHash: hashSecret(refreshToken),
        refreshExpiresAt: now + this.#lifetimes.refreshMs,
      },
    };
  }

  #give(
    { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
    account: Account,
  ): TokenResult {
    const expiresInMs = this.#lifetimes.accessMs;
    return { ok: true, accessToken, refreshToken, expiresInMs, account };
  }
}

function signInAgain(): TokenResult {
  return refuseToken("invalid_grant", "not-authenticated", "Sign in again.");
}
