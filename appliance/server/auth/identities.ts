import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { applianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { browserSessionStore } from "../store/browser-sessions.ts";
import { consoleCredentialStore } from "../store/console-credentials.ts";
import type { Store } from "../store/database.ts";
import { DeviceCodeStore } from "../store/device-codes.ts";
import { lockouts } from "../store/lockouts.ts";
import { OAuthStore } from "../store/oauth.ts";
import { Representatives } from "../store/representatives.ts";
import { secondFactorStore } from "../store/second-factors.ts";
import { type AccountLinks, Accounts } from "./accounts.ts";
import { Attempts } from "./attempts.ts";
import { AuthorizationCodes } from "./authorization-code.ts";
import { BrowserSessions } from "./browser-session.ts";
import { ConsoleCredentials } from "./console-credential.ts";
import { DeviceCodes } from "./device-code.ts";
import { type GrantLinks, Grants } from "./grants.ts";
import { NameLock } from "./name-lock.ts";
import { OneTimePasswords } from "./one-time-password.ts";
import { Refusals } from "./refusals.ts";
import { SecondFactorRule } from "./second-factor-rule.ts";
import { SecondFactors } from "./second-factors.ts";
import { SetUpCode } from "./set-up.ts";
import { SignIn } from "./sign-in.ts";
import { SignInTickets } from "./sign-in-tickets.ts";

/** What proves who somebody is, put together. */
export interface Identities {
  readonly representatives: Representatives;
  readonly accounts: Accounts;
  readonly setUpCode: SetUpCode;
  readonly signIn: SignIn;
  readonly secondFactors: SecondFactors;
  /** Who must have a second factor. */
  readonly secondFactorRule: SecondFactorRule;
  /** Counts refused sign-ins; to be disposed. */
  readonly refusals: Refusals;
  readonly browserSessions: BrowserSessions;
  readonly grants: Grants;
  readonly codes: AuthorizationCodes;
  readonly deviceCodes: DeviceCodes;
  readonly credentials: ConsoleCredentials;
  /** How often set-up codes, device codes and tokens may be tried. */
  readonly attempts: Attempts;
}

/** Puts together what proves who somebody is. */
export function buildIdentities(
  base: { config: Config; clock: Clock; store: Store; audit: AuditLog },
  links: AccountLinks & GrantLinks,
): Identities {
  const { audit, clock, config, store } = base;
  const representatives = new Representatives(store);
  const oauth = new OAuthStore(store);
  const credentialStore = consoleCredentialStore(store);
  const limits = {
    clock,
    perAddress: config.signInAttemptsPerAddress,
    perSite: config.signInAttemptsPerSite,
    // Checking a password is work: no more of it than the machine can do beside the relay.
    perSiteFresh: 3 * config.signInAttemptsPerSite,
  };
  const values = applianceValues(store);
  const secondFactorRule = new SecondFactorRule(values, audit);
  const secondFactors = new SecondFactors({
    store: secondFactorStore(store),
    rule: secondFactorRule,
    siteName: config.siteName,
    audit,
    clock,
  });
  const tickets = new SignInTickets(clock);
  const browserSessions = new BrowserSessions({
    store: browserSessionStore(store),
    representatives,
    secondFactors,
    clock,
    lifetimeMs: config.browserSessionLifetimeMs,
  });
  const refusals = new Refusals({ values, audit, clock });
  const setUpCode = new SetUpCode(values, config.dataDirectory);
  const lifetimes = {
    accessMs: config.accessTokenLifetimeMs,
    refreshMs: config.refreshTokenLifetimeMs,
  };
  const proofs = { representatives, secondFactors, audit, clock };
  const grants = new Grants({ ...proofs, store, oauth, lifetimes, links });
  return {
    representatives,
    setUpCode,
    refusals,
    browserSessions,
    grants,
    secondFactors,
    secondFactorRule,
    attempts: new Attempts(limits),
    accounts: new Accounts({
      representatives,
      credentials: credentialStore,
      oauth,
      browserSessions,
      tickets,
      setUpCode,
      audit,
      clock,
      links,
    }),
    signIn: new SignIn({
      ...proofs,
      lock: new NameLock(lockouts(store), clock),
      attempts: new Attempts(limits),
      oneTimePasswords: new OneTimePasswords(values, clock),
      tickets,
      refusals,
    }),
    codes: new AuthorizationCodes({ oauth, grants, representatives, clock }),
    deviceCodes: new DeviceCodes({ store: new DeviceCodeStore(store), grants, clock }),
    credentials: new ConsoleCredentials({ store: credentialStore, audit, clock }),
  };
}
