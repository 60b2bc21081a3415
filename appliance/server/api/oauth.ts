import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { Refusal } from "../refusal.ts";
import type { Attempts } from "../auth/attempts.ts";
import { type AuthorizationCodes, consoleClientId } from "../auth/authorization-code.ts";
import type { ConsoleCredentials } from "../auth/console-credential.ts";
import type { DeviceCodes } from "../auth/device-code.ts";
import { type Grants, refuseToken, type TokenResult } from "../auth/grants.ts";

/** What the token endpoints rest on. */
export interface OAuthOptions {
  readonly codes: AuthorizationCodes;
  readonly deviceCodes: DeviceCodes;
  readonly credentials: ConsoleCredentials;
  readonly grants: Grants;
  /** How often device codes may be asked for and secrets may be tried. */
  readonly attempts: Attempts;
  readonly publicUrl: string;
}

/** Grant type of consoles that an administrator has deployed. */
const consoleCredentialGrant = "urn:handrail:grant:console-credential";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

const secret = z.string().min(1).max(256);
const tokenForm = z.discriminatedUnion("grant_type", [
  z.object({
    grant_type: z.literal("authorization_code"),
    code: secret,
    redirect_uri: z.string().max(256),
    // RFC 7636 section 4.1.
    code_verifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/),
  }),
  z.object({ grant_type: z.literal("refresh_token"), refresh_token: secret }),
  z.object({ grant_type: z.literal(deviceGrant), device_code: secret }),
  z.object({ grant_type: z.literal(consoleCredentialGrant), credential: secret }),
]);
type TokenForm = z.infer<typeof tokenForm>;
const clientForm = z.object({ client_id: z.literal(consoleClientId) });
const grantTypeForm = z.object({ grant_type: z.string() });
const revokeForm = z.object({ token: secret });
const grantTypes: readonly string[] = [
  "authorization_code",
  "refresh_token",
  deviceGrant,
  consoleCredentialGrant,
];

/** The endpoints that a console calls by itself. Bodies are forms, as RFC 6749 wants them. */
export function oauthRoutes(app: FastifyInstance, options: OAuthOptions): void {
  /** GET /.well-known/oauth-authorization-server – RFC 8414. */
  app.get("/.well-known/oauth-authorization-server", () => metadata(options.publicUrl));

  /**
   * POST /oauth/token – `client_id`, `grant_type` and what that needs: `code`, `redirect_uri`,
   * `code_verifier`; `refresh_token`; `device_code`; `credential`. Answers `{access_token,
   * token_type, expires_in, refresh_token, representative: {id, name, displayName, role}}`, or
   * `{error, error_description, code}` where `code` is of our catalogue.
   */
  app.post("/oauth/token", async (request, reply) => {
    const result = await answerToken(options, request.body, request.ip);
    return sendToken(reply, result);
  });

  /** POST /oauth/device – `client_id`. RFC 8628 section 3.2. */
  app.post("/oauth/device", (request, reply) => {
    if (!clientForm.safeParse(request.body).success) return sendToken(reply, unknownClient());
    const admission = options.attempts.take(request.ip);
    if (!admission.ok)
      throw new Refusal("too-many-attempts", "too many codes asked for", admission);
    const made = options.deviceCodes.start();
    return reply.header("cache-control", "no-store").send({
      device_code: made.deviceCode,
      user_code: made.userCode,
      verification_uri: `${options.publicUrl}/device`,
      expires_in: made.expiresInMs / 1000,
      interval: made.intervalMs / 1000,
    });
  });

  /** POST /oauth/revoke – `token`, of either kind; revokes its whole grant. RFC 7009. */
  app.post("/oauth/revoke", async (request, reply) => {
    const form = revokeForm.safeParse(request.body);
    if (!form.success) {
      return sendToken(reply, refuseToken("invalid_request", "bad-request", "A token is needed."));
    }
    await options.grants.revoke(form.data.token);
    return reply.header("cache-control", "no-store").send({});
  });
}

async function answerToken(
  options: OAuthOptions,
  body: unknown,
  address: string,
): Promise<TokenResult> {
  if (!clientForm.safeParse(body).success) return unknownClient();
  const form = tokenForm.safeParse(body);
  if (!form.success) return refuseForm(body);
  const result = await exchange(options, form.data);
  if (result.ok || result.error !== "invalid_grant") return result;
  // Secrets of 256 bits are not guessed; this is for the disk, which hears of each attempt.
  const admission = options.attempts.take(address);
  if (admission.ok) return result;
  throw new Refusal("too-many-attempts", "too many sign-ins were refused", admission);
}

function exchange(options: OAuthOptions, form: TokenForm): Promise<TokenResult> {
  switch (form.grant_type) {
    case "authorization_code": {
      const { code, redirect_uri: redirectUri, code_verifier: verifier } = form;
      return options.codes.exchange({ code, redirectUri, verifier });
    }
    case "refresh_token":
      return options.grants.refresh(form.refresh_token);
    case deviceGrant:
      return options.deviceCodes.poll(form.device_code);
    case consoleCredentialGrant:
      return options.credentials.exchange(form.credential, options.grants);
  }
}

function refuseForm(body: unknown): TokenResult {
  const type = grantTypeForm.safeParse(body).data?.grant_type;
  if (type === undefined || grantTypes.includes(type)) {
    return refuseToken("invalid_request", "bad-request", "A field is missing or ill-formed.");
  }
  return refuseToken("unsupported_grant_type", "bad-request", "This grant type is not known.");
}

function unknownClient(): TokenResult {
  return refuseToken("invalid_client", "bad-request", `client_id is ${consoleClientId}.`);
}

function sendToken(reply: FastifyReply, result: TokenResult): FastifyReply {
  reply.header("cache-control", "no-store");
  if (!result.ok) {
    const { error, code, message } = result;
    return reply.status(400).send({ error, error_description: message, code });
  }
  const { id, name, displayName, role } = result.account;
  return reply.send({
    access_token: result.accessToken,
    token_type: "Bearer",
    expires_in: Math.floor(result.expiresInMs / 1000),
    refresh_token: result.refreshToken,
    representative: { id, name, displayName, role },
  });
}

function metadata(publicUrl: string) {
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}/oauth/authorize`,
    token_endpoint: `${publicUrl}/oauth/token`,
    device_authorization_endpoint: `${publicUrl}/oauth/device`,
    revocation_endpoint: `${publicUrl}/oauth/revoke`,
    response_types_supported: ["code"],
    grant_types_supported: grantTypes,
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
  };
}
