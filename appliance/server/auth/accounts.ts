import { HandrailError, type RepresentativeId } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { ConsoleCredentialStore } from "../store/console-credentials.ts";
import type { OAuthStore } from "../store/oauth.ts";
import type {
  AccountRole,
  Representative,
  RepresentativeChange,
  Representatives,
} from "../store/representatives.ts";
import type { Account } from "./account.ts";
import type { BrowserSessions } from "./browser-session.ts";
import { checkNewPassword, hashPassword } from "./password.ts";
import type { SetUpCode } from "./set-up.ts";
import type { SignInTickets } from "./sign-in-tickets.ts";

/** An account to be made. */
export interface AccountRequest {
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  readonly password: string;
}

/** What accounts have open at the relay. */
export interface AccountLinks {
  /** Ends the links of an account that may no longer work, and takes it out of its sessions. */
  revokeAccount(id: RepresentativeId, code: "account-disabled" | "not-authenticated"): void;
  /** Ends what an account's new rules no longer allow. */
  reviewAccount(id: RepresentativeId): Promise<void>;
}

/** Who changes something, for the audit log. */
export type Author = Pick<Account, "id" | "name">;

/**
 * Every change of accounts. A change and its audit row are one transaction: what cannot be written
 * down does not happen.
 */
export class Accounts {
  readonly #representatives: Representatives;
  readonly #credentials: ConsoleCredentialStore;
  readonly #oauth: OAuthStore;
  readonly #browserSessions: BrowserSessions;
  readonly #tickets: SignInTickets;
  readonly #setUpCode: SetUpCode;
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  readonly #links: AccountLinks;

  constructor(options: {
    representatives: Representatives;
    credentials: ConsoleCredentialStore;
    oauth: OAuthStore;
    browserSessions: BrowserSessions;
    tickets: SignInTickets;
    setUpCode: SetUpCode;
    audit: AuditLog;
    clock: Clock;
    links: AccountLinks;
  }) {
    this.#representatives = options.representatives;
    this.#credentials = options.credentials;
    this.#oauth = options.oauth;
    this.#browserSessions = options.browserSessions;
    this.#tickets = options.tickets;
    this.#setUpCode = options.setUpCode;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#links = options.links;
  }

  /** Whether the first administrator is still missing. */
  get needsSetUp(): boolean {
    return this.#representatives.isEmpty();
  }

  list(): Promise<Representative[]> {
    return this.#representatives.list();
  }

  /**
   * Makes the first administrator.
   * @throws HandrailError `conflict` when there is one, `not-permitted` when the code is wrong,
   *   `bad-request` for the password, `disk-full`
   */
  async setUp(code: string, request: Omit<AccountRequest, "role">): Promise<RepresentativeId> {
    this.#checkSetUp(code);
    checkNewPassword(request.password, request.name);
    const passwordHash = await hashPassword(request.password);
    let id: RepresentativeId | undefined;
    await this.#audit.append(
      { event: "site.set-up", who: request.displayName, detail: { role: "administrator" } },
      {
        also: () => {
          // Again, for two may have come at once while the password was hashed.
          this.#checkSetUp(code);
          this.#setUpCode.use();
          id = this.#add({ ...request, role: "administrator" }, passwordHash);
        },
      },
    );
    this.#setUpCode.removeFile();
    return known(id);
  }

  /** @throws HandrailError `conflict` naming `name`, `bad-request` naming `password`, `disk-full` */
  async add(request: AccountRequest, author: Author): Promise<RepresentativeId> {
    checkNewPassword(request.password, request.name);
    const passwordHash = await hashPassword(request.password);
    let id: RepresentativeId | undefined;
    const detail = { account: request.name, role: request.role };
    await this.#write("account.added", { author, detail }, () => {
      id = this.#add(request, passwordHash);
    });
    return known(id);
  }

  /**
   * Changes an account; disabling ends everything it has open.
   * @throws HandrailError `not-found`, `conflict`, `disk-full`
   */
  async change(id: string, change: RepresentativeChange, author: Author): Promise<void> {
    const before = await this.#get(id);
    const detail = { account: before.name, ...differences(before, change) };
    await this.#write("account.changed", { author, detail }, () => {
      this.#representatives.change(before.id, change, this.#clock.now());
      if (change.disabled) this.#revokeGrants(before.id);
    });
    if (change.disabled) this.#links.revokeAccount(before.id, "account-disabled");
    else if (change.rules || change.editsScripts !== undefined) {
      await this.#links.reviewAccount(before.id);
    }
  }

  /** Sets a password and ends everything that the account has open. @throws as `change` */
  async resetPassword(id: string, password: string, author: Author): Promise<void> {
    const before = await this.#get(id);
    checkNewPassword(password, before.name);
    const passwordHash = await hashPassword(password);
    await this.#write("password.reset", { author, detail: { account: before.name } }, () => {
      this.#representatives.setPassword(before.id, passwordHash, this.#clock.now());
      this.#revokeGrants(before.id);
    });
    this.#links.revokeAccount(before.id, "not-authenticated");
  }

  /** Signs the account out everywhere; console credentials are void too. @throws as `change` */
  async revoke(id: string, author: Author): Promise<void> {
    const before = await this.#get(id);
    await this.#write("account.signed-out", { author, detail: { account: before.name } }, () =>
      this.#revokeGrants(before.id),
    );
    this.#links.revokeAccount(before.id, "not-authenticated");
  }

  #checkSetUp(code: string): void {
    if (!this.needsSetUp) throw new HandrailError("conflict", "the site is set up already");
    if (this.#setUpCode.isRight(code)) return;
    throw new Refusal("not-permitted", "the set-up code is wrong", { field: "code" });
  }

  #add(request: AccountRequest, passwordHash: string): RepresentativeId {
    const { name, displayName, role } = request;
    try {
      const account = { name, displayName, role, passwordHash };
      return this.#representatives.add(account, this.#clock.now());
    } catch (cause) {
      if (!(cause instanceof HandrailError) || cause.code !== "conflict") throw cause;
      throw new Refusal("conflict", "the name is taken", { field: "name", cause });
    }
  }

  #revokeGrants(id: RepresentativeId): void {
    const now = this.#clock.now();
    this.#oauth.revokeAllOf(id, now);
    this.#credentials.revokeAllOf(id, now);
    this.#browserSessions.endAllOf(id);
    this.#tickets.endAllOf(id);
  }

  async #get(id: string): Promise<Representative> {
    const found = await this.#representatives.find(id);
    if (found) return found;
    throw new HandrailError("not-found", "no such representative");
  }

  async #write(
    event: string,
    { author, detail }: { author: Author; detail: AuditDetail },
    also: () => void,
  ): Promise<void> {
    await this.#audit.append({ event, who: author.name, whoId: author.id, detail }, { also });
  }
}

/** Old and new value of what changes. */
function differences(before: Representative, change: RepresentativeChange): AuditDetail {
  const old = {
    displayName: before.displayName,
    role: before.role,
    disabled: before.disabledAt !== undefined,
    rules: JSON.stringify(before.rules),
    editsScripts: before.editsScripts,
  };
  const now = {
    displayName: change.displayName,
    role: change.role,
    disabled: change.disabled,
    rules: change.rules && JSON.stringify(change.rules),
    editsScripts: change.editsScripts,
  };
  const facts = (["displayName", "role", "disabled", "rules", "editsScripts"] as const).flatMap(
    (name) => {
      const value = now[name];
      if (value === undefined || value === old[name]) return [];
      return [
        [`${name}Before`, old[name]],
        [name, value],
      ] as const;
    },
  );
  return Object.fromEntries(facts);
}

function known(id: RepresentativeId | undefined): RepresentativeId {
  if (id !== undefined) return id;
  throw new HandrailError("internal", "the account was not stored");
}
