import { createHash } from "node:crypto";
import type { RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { OAuthStore } from "../store/oauth.ts";
import type { Representatives } from "../store/representatives.ts";
import { type Grants, refuseToken, type TokenResult } from "./grants.ts";
import { hashSecret, isSameSecret, makeSecret } from "./secret.ts";

/** The only client there is: the representative console. A public client, it has no secret. */
export const consoleClientId = "handrail-console";

/** What a console asks for when it sends somebody to the browser (RFC 6749 section 4.1.1). */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly codeChallenge: string;
  /** Given back as it came, so that the console knows its own question. */
  readonly state: string | undefined;
}

/** How a code is exchanged (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
export interface CodeExchange {
  readonly code: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

const codeLifetimeMs = 60_000;
const editors = ["vscode:", "vscode-insiders:", "vscodium:", "code-oss:"];

/**
 * Whether a console may be sent back to that address: the handler of an editor, or a port of the
 * person's own machine (RFC 8252 section 7.3).
 */
export function isRedirectUri(text: string): boolean {
  if (text.length > 256 || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (editors.some((scheme) => text === `${scheme}//handrail.handrail/auth`)) return true;
  return text === `http://127.0.0.1:${url.port}/callback` && url.port !== "";
}

/** Whether that is an S256 challenge (RFC 7636 section 4.2): 32 bytes in base64url. */
export function isCodeChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** Where to send the browser with the answer. */
export function redirectTo(request: AuthorizationRequest, answer: Record<string, string>): string {
  const url = new URL(request.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (request.state !== undefined) url.searchParams.set("state", request.state);
  return url.href;
}

/** Authorization codes with proof of possession, one use, one minute. Source: RFC 7636. */
export class AuthorizationCodes {
  readonly #oauth: OAuthStore;
  readonly #grants: Grants;
  readonly #representatives: Representatives;
  readonly #clock: Clock;

  constructor(options: {
    oauth: OAuthStore;
    grants: Grants;
    representatives: Representatives;
    clock: Clock;
  }) {
    this.#oauth = options.oauth;
    this.#grants = options.grants;
    this.#representatives = options.representatives;
    this.#clock = options.clock;
  }

  /** Makes the code that goes back to the console. */
  make(request: AuthorizationRequest, representative: RepresentativeId): string {
    const code = makeSecret("hro");
    const { redirectUri, codeChallenge } = request;
    const now = this.#clock.now();
    const stored = { representative, redirectUri, codeChallenge, expiresAt: now + codeLifetimeMs };
    this.#oauth.addCode(hashSecret(code), stored, now);
    return code;
  }

  /**
   * Exchanges a code for tokens. A second exchange revokes what the first one gave.
   * @throws HandrailError `disk-full`
   */
  async exchange({ code, redirectUri, verifier }: CodeExchange): Promise<TokenResult> {
    const codeHash = hashSecret(code);
    const stored = this.#oauth.findCode(codeHash);
    if (!stored) return wrongCode();
    if (stored.grant !== undefined) {
      const account = await this.#representatives.find(stored.representative);
      if (account) await this.#grants.revokeStolen(stored.grant, account);
      return wrongCode();
    }
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const isRight =
      isSameSecret(challenge, stored.codeChallenge) && redirectUri === stored.redirectUri;
    if (!isRight || stored.expiresAt < this.#clock.now()) {
      this.#oauth.removeCode(codeHash);
      return wrongCode();
    }
    return this.#grants.issue({
      representative: stored.representative,
      kind: "browser",
      also: (grant) => this.#oauth.useCode(codeHash, grant),
    });
  }
}

function wrongCode(): TokenResult {
  return refuseToken("invalid_grant", "not-authenticated", "The code is not valid: sign in again.");
}
