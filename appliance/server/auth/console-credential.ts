import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { ConsoleCredentialStore } from "../store/console-credentials.ts";
import type { Account } from "./account.ts";
import { type Grants, refuseToken, type TokenResult } from "./grants.ts";
import { hashSecret, makeSecret } from "./secret.ts";

/** Credentials that an administrator puts on consoles, which then sign in by themselves. */
export class ConsoleCredentials {
  readonly #store: ConsoleCredentialStore;
  readonly #audit: AuditLog;
  readonly #clock: Clock;

  constructor(options: { store: ConsoleCredentialStore; audit: AuditLog; clock: Clock }) {
    this.#store = options.store;
    this.#audit = options.audit;
    this.#clock = options.clock;
  }

  /** Makes one for an account; it is good until the account is signed out everywhere. */
  async make({ id, name }: Account): Promise<string> {
    const credential = makeSecret("hrc");
    const entry = { event: "console-credential.made", who: "operator", detail: { account: name } };
    const also = () => this.#store.add(hashSecret(credential), id, this.#clock.now());
    await this.#audit.append(entry, { also });
    return credential;
  }

  /** Exchanges a credential for tokens, as often as it is shown. @throws `disk-full` */
  async exchange(credential: string, grants: Grants): Promise<TokenResult> {
    const representative = this.#store.use(hashSecret(credential), this.#clock.now());
    if (representative !== undefined) {
      return grants.issue({ representative, kind: "console-credential" });
    }
    const message = "The credential is unknown or was revoked: ask your administrator.";
    return refuseToken("invalid_grant", "not-authenticated", message);
  }
}
