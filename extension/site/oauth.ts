import { HandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { SiteAddress } from "./address.ts";
import { askJson, type Guard, type JsonAnswer, refusalOf } from "./https.ts";

const clientId = "handrail-console";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const credentialGrant = "urn:handrail:grant:console-credential";

/** What a sign-in yields. Both are secrets. */
export interface Tokens {
  readonly accessToken: string;
  /** Unix ms. */
  readonly expiresAt: number;
  /** Works once: the next refresh brings another. */
  readonly refreshToken: string;
}

/** A sign-in by code that waits for its person. Source: RFC 8628 section 3.2. */
export interface DeviceGrant {
  readonly deviceCode: string;
  /** What the person types. */
  readonly userCode: string;
  readonly page: string;
  readonly expiresInMs: number;
  readonly intervalMs: number;
}

/** One answer while polling. Source: RFC 8628 section 3.5. */
export type DeviceAnswer =
  | { readonly state: "granted"; readonly tokens: Tokens }
  | { readonly state: "pending" | "slow-down" };

/** The appliance's OAuth end points, as a console uses them. Refusals are `HandrailError`s. */
export class OAuth {
  readonly #guardOf: (site: SiteAddress) => Guard;
  readonly #clock: Clock;

  constructor(guardOf: (site: SiteAddress) => Guard, clock: Clock) {
    this.#guardOf = guardOf;
    this.#clock = clock;
  }

  /** The address to open in the browser. Source: RFC 6749 section 4.1.1, RFC 7636 section 4.3. */
  authorizePage(
    site: SiteAddress,
    ask: { redirectUri: string; state: string; challenge: string },
  ): string {
    const query = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: ask.redirectUri,
      state: ask.state,
      code_challenge: ask.challenge,
      code_challenge_method: "S256",
    });
    return `${site.origin}/oauth/authorize?${query.toString()}`;
  }

  async exchangeCode(
    site: SiteAddress,
    grant: { code: string; verifier: string; redirectUri: string },
    signal: AbortSignal,
  ): Promise<Tokens> {
    return this.#tokens(
      site,
      {
        grant_type: "authorization_code",
        code: grant.code,
        code_verifier: grant.verifier,
        redirect_uri: grant.redirectUri,
      },
      signal,
    );
  }

  /** @throws HandrailError `not-authenticated` when the sign-in is over. */
  async refresh(site: SiteAddress, refreshToken: string, signal: AbortSignal): Promise<Tokens> {
    const form = { grant_type: "refresh_token", refresh_token: refreshToken };
    return this.#tokens(site, form, signal);
  }

  /** Signs in with what an administrator has put on this computer. */
  async exchangeCredential(
    site: SiteAddress,
    credential: string,
    signal: AbortSignal,
  ): Promise<Tokens> {
    return this.#tokens(site, { grant_type: credentialGrant, credential }, signal);
  }

  async requestDevice(site: SiteAddress, signal: AbortSignal): Promise<DeviceGrant> {
    const answer = await this.#post(site, "/oauth/device", {}, signal);
    if (answer.status !== 200) throw refused(answer);
    return {
      deviceCode: text(answer, "device_code"),
      userCode: text(answer, "user_code"),
      page: text(answer, "verification_uri"),
      expiresInMs: number(answer, "expires_in", 600) * 1000,
      intervalMs: number(answer, "interval", 5) * 1000,
    };
  }

  async askDevice(
    site: SiteAddress,
    deviceCode: string,
    signal: AbortSignal,
  ): Promise<DeviceAnswer> {
    const form = { grant_type: deviceGrant, device_code: deviceCode };
    const answer = await this.#post(site, "/oauth/token", form, signal);
    if (answer.status === 200) return { state: "granted", tokens: this.#read(answer) };
    if (answer.json["error"] === "authorization_pending") return { state: "pending" };
    if (answer.json["error"] === "slow_down") return { state: "slow-down" };
    throw refused(answer);
  }

  /** Ends the sign-in on the appliance. Source: RFC 7009. */
  async revoke(site: SiteAddress, refreshToken: string, signal: AbortSignal): Promise<void> {
    const form = { token: refreshToken, token_type_hint: "refresh_token" };
    const answer = await this.#post(site, "/oauth/revoke", form, signal);
    if (answer.status >= 400) throw refused(answer);
  }

  async #tokens(
    site: SiteAddress,
    form: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Tokens> {
    const answer = await this.#post(site, "/oauth/token", form, signal);
    if (answer.status !== 200) throw refused(answer);
    return this.#read(answer);
  }

  #post(
    site: SiteAddress,
    path: string,
    form: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<JsonAnswer> {
    return askJson(site, this.#guardOf(site), {
      method: "POST",
      path,
      form: { client_id: clientId, ...form },
      signal,
    });
  }

  #read(answer: JsonAnswer): Tokens {
    return {
      accessToken: text(answer, "access_token"),
      expiresAt: this.#clock.now() + number(answer, "expires_in", 600) * 1000,
      refreshToken: text(answer, "refresh_token"),
    };
  }
}

/** OAuth's own errors (RFC 6749 section 5.2) in the catalogue's words. */
function refused(answer: JsonAnswer): HandrailError {
  switch (answer.json["error"]) {
    case "invalid_grant":
    case "expired_token":
      return new HandrailError("not-authenticated", "the sign-in is over");
    case "access_denied":
      return new HandrailError("not-permitted", "the sign-in was refused");
    default:
      return refusalOf(answer);
  }
}

function text(answer: JsonAnswer, name: string): string {
  const value = answer.json[name];
  if (typeof value === "string" && value !== "") return value;
  throw new HandrailError("protocol-violation", `the site's answer lacks ${name}`);
}

function number(answer: JsonAnswer, name: string, otherwise: number): number {
  const value = answer.json[name];
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}
