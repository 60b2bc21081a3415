import {
  type ActionOrder,
  type ActionResult,
  type applianceToCustomer,
  type applianceToConsole,
  type Consent,
  type ConsentRule,
  consentRule,
  type CustomerAnswer,
  type CustomerPurpose,
  decide,
  type Decision,
  type ErrorCode,
  HandrailError,
  type Lsid,
  type Notice,
  type NoticeName,
  type Permission,
  type QueueId,
  type RepresentativeId,
  type Role,
  type ScreenFault,
  type ScriptOrder,
  type SessionEvent,
  type SessionView,
  type ToolUse,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import { type AuditDetail, type AuditRow, toSessionEvent } from "../store/audit-row.ts";
import type { Definition } from "../store/definitions.ts";
import type { RecordingStore } from "../store/recordings.ts";
import type { RetentionStore } from "../store/retention.ts";
import type { SessionRecord, SessionStore } from "../store/sessions.ts";
import { layersOf } from "./account.ts";
import { ControlGrants } from "./control-grants.ts";
import type { Surveys } from "./surveys.ts";
import type { CheckpointDesk } from "./checkpoint-desk.ts";
import type { ShadowRoom } from "./shadow-room.ts";
import type { SpecialActionBody } from "./special-actions.ts";
import { customerViewOf, viewOf } from "./session-view.ts";
import type { Peer } from "./viewers.ts";

/** What a session needs of the site that it belongs to. */
export interface SessionSite {
  readonly name: string;
  readonly audit: AuditLog;
  readonly sessions: SessionStore;
  readonly recordings: RecordingStore;
  readonly retention: RetentionStore;
  readonly surveys: Surveys;
  readonly checkpoints: CheckpointDesk;
  readonly shadowRoom: ShadowRoom;
  readonly clock: Clock;
  readonly log: Log;
  /** The account as it is now; undefined when it is unknown or disabled. */
  account(id: RepresentativeId): Promise<Account | undefined>;
  /** Whether a console of the representative is connected now. */
  isReachable(id: RepresentativeId): boolean;
  queueName(id: QueueId): string;
  /** The latest note that the representative has kept with a session, in a line. */
  lastNote(lsid: Lsid, by: RepresentativeId): string | undefined;
  /** What administrators have defined and the representative may have done. */
  specialActions(id: RepresentativeId): readonly Definition<SpecialActionBody>[];
  /** Something that is shown has changed. */
  changed(session: Session): void;
  /** Tells all consoles of these representatives. */
  tell<N extends NoticeName<typeof applianceToConsole>>(
    to: readonly RepresentativeId[],
    name: N,
    notice: Notice<typeof applianceToConsole, N>,
  ): void;
}

/** A question to the customer; `purpose`: what the permission is wanted for just now. */
export interface ConsentQuestion {
  readonly permission: Permission;
  readonly representative: string;
  readonly timeoutMs: number;
  readonly purpose?: CustomerPurpose | undefined;
}

/** The customer's client, as a session sees it. */
export interface CustomerEnd extends Peer {
  tell<N extends NoticeName<typeof applianceToCustomer>>(
    name: N,
    notice: Notice<typeof applianceToCustomer, N>,
  ): void;
  /** Puts a question to the person. */
  ask(question: ConsentQuestion): Promise<CustomerAnswer>;
  /** Does a special action. */
  act(order: ActionOrder): Promise<ActionResult>;
  /** Tells of a script that a channel will name. */
  hold(order: ScriptOrder): Promise<void>;
}

/** Who caused an event. */
export type Actor = Account | "customer" | "appliance";

/** An event of a session that is to be written down. */
export interface Happening {
  readonly event: string;
  readonly by: Actor;
  /** The customer's name, where the session does not know it yet. */
  readonly who?: string;
  readonly detail?: AuditDetail;
}

/** How an event changes the session; may throw to stop it. */
export type Change = (record: SessionRecord) => Partial<SessionRecord>;

const noteDeniedEveryMs = 10_000;
/** Longest that whoever has ended or given up something waits for it to be written, ms. */
const writtenWithinMs = 10_000;

/** Only a session that has not ended changes. */
const unchanged: Change = () => ({});

/**
 * The state of one session, and the only way to change it: every change is an event that is
 * written to the audit log in one transaction with the new state. What widens access happens after
 * it is written (`commit`); what narrows it happens at once and is written as soon as possible
 * (`narrow`). Parts of the session (screen, control, chat) live beside this and hear of changes.
 */
export class Session {
  readonly site: SessionSite;
  readonly log: Log;
  /** Permissions about which the customer is deciding now. */
  readonly asked = new Set<Permission>();
  customer: CustomerEnd | undefined;
  /** Why the customer's client cannot show its screen, while it cannot. */
  screenFault: ScreenFault | undefined;
  /** The tools that are being used; see `Tools`. */
  toolUses: () => ToolUse[] = () => [];
  #record: SessionRecord;
  /** What a change that is being written would make different. */
  #staged: Partial<SessionRecord> = {};
  #turns: Promise<unknown> = Promise.resolve();
  /** Everything that was narrowed so far. */
  #narrowed: Promise<unknown> = Promise.resolve();
  readonly #deniedAtMs = new Map<string, number>();
  readonly #accounts = new Map<RepresentativeId, Account>();
  readonly #control = new ControlGrants();
  readonly #changed = new Set<() => void>();
  readonly #happened = new Set<(event: SessionEvent) => void>();

  constructor(site: SessionSite, record: SessionRecord) {
    this.site = site;
    this.#record = record;
    this.log = site.log.child({ lsid: record.lsid });
  }

  get lsid(): Lsid {
    return this.#record.lsid;
  }

  get record(): SessionRecord {
    return this.#record;
  }

  get state(): SessionView["state"] {
    const { phase } = this.#record;
    return phase === "key" || phase === "joining" ? "waiting" : phase;
  }

  /** Everyone who takes part. */
  get participants(): readonly RepresentativeId[] {
    return this.#record.participants.map(({ id }) => id);
  }

  /** Calls `ear` after every change, before others are told. */
  onChanged(ear: () => void): void {
    this.#changed.add(ear);
  }

  /** Calls `ear` with every event, once it is written. */
  onHappened(ear: (event: SessionEvent) => void): void {
    this.#happened.add(ear);
  }

  /** Does one thing after the other, so that what was checked still holds when it is done. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turns.then(work);
    // Whoever asked for the work hears of its failure; the next one in line only waits.
    this.#turns = done.catch(() => undefined);
    return done;
  }

  /**
   * Writes an event and the change that comes with it; then, and only then, it has happened.
   * Call within a `turn`. @throws HandrailError `session-ended`, `disk-full`
   */
  async commit(happening: Happening, change: Change = unchanged): Promise<void> {
    const also = () => {
      if (this.#record.phase === "ended") {
        throw new HandrailError("session-ended", "the session has ended");
      }
      this.#staged = change(this.#record);
      this.site.sessions.save({ ...this.#record, ...this.#staged });
    };
    const settled = (isWritten: boolean) => this.#settle(isWritten);
    this.#tell(await this.site.audit.append(this.#entryOf(happening), { also, settled }));
    this.publish();
  }

  /** What has happened whether it can be written or not: it counts at once. */
  narrow(happening: Happening, change: Change = unchanged): void {
    void this.narrowed(happening, change);
  }

  /** As `narrow`, at once; resolves when it is written, which a full disk may put off. */
  narrowed(happening: Happening, change: Change = unchanged): Promise<void> {
    this.#record = { ...this.#record, ...change(this.#record) };
    const also = () => this.site.sessions.save({ ...this.#record, ...this.#staged });
    const entry = this.#entryOf(happening);
    const written = this.site.audit.append(entry, { also, mustHappen: true }).then(
      (row) => this.#tell(row),
      (error: unknown) => this.log.error("session.unsaved", { error }),
    );
    this.#narrowed = Promise.all([this.#narrowed, written]);
    this.publish();
    return written;
  }

  /**
   * Resolves when all that was narrowed so far is written. @throws HandrailError `disk-full` when the
   * disk takes too long; it has happened all the same, and is written as soon as it can be
   */
  async written(): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = this.site.clock.after(writtenWithinMs, () =>
      late.reject(new HandrailError("disk-full", "done, and not written down yet")),
    );
    await Promise.race([this.#narrowed, late.promise]).finally(() => timer[Symbol.dispose]());
  }

  /** Writes what needs no event of its own. Call within a `turn`. @throws as `commit` */
  async write(change: Change, also: () => void): Promise<void> {
    const work = () => {
      this.#staged = change(this.#record);
      this.site.sessions.save({ ...this.#record, ...this.#staged });
      also();
    };
    await this.site.audit.write(work, { settled: (isWritten) => this.#settle(isWritten) });
  }

  /** Tells everyone concerned how the session stands. */
  publish(): void {
    for (const ear of this.#changed) ear();
    this.site.changed(this);
    this.customer?.tell("session.changed", customerViewOf(this));
  }

  roleOf(id: RepresentativeId): Role {
    const member = this.#record.participants.find((each) => each.id === id);
    if (!member) return "none";
    return member.observer ? "observer" : "representative";
  }

  /** The account as it is now. @throws HandrailError `not-permitted` when it has been disabled */
  async account(id: RepresentativeId): Promise<Account> {
    const account = await this.site.account(id);
    if (!account) {
      this.#accounts.delete(id);
      throw new HandrailError("not-permitted", "the account is disabled");
    }
    this.#accounts.set(id, account);
    return account;
  }

  /** Decides a permission for a representative by what was last known of the account. */
  decide(permission: Permission, id: RepresentativeId): Decision {
    const consent = this.#record.consents[permission] ?? "not-asked";
    const isForOthers = permission === "control" && consent === "granted" && !this.#isFor(id);
    return this.decideWith(permission, id, isForOthers ? "not-asked" : consent);
  }

  /** Decides as if the customer had said that. */
  decideWith(permission: Permission, id: RepresentativeId, consent: Consent): Decision {
    const layers = layersOf(this.#accounts.get(id));
    const role = this.roleOf(id);
    return decide({
      permission,
      role,
      state: this.state,
      layers,
      consent,
      elevation: this.#elevation,
    });
  }

  /** The customer gives mouse and keyboard to a representative, as that one's rule has it. */
  controlGranted(id: RepresentativeId): void {
    const isFirst = this.#record.consents.control !== "granted";
    this.#control.add(id, this.consentRule("control", id), isFirst);
  }

  /** Whatever the customer allowed a representative for one use is used up. */
  controlUsed(id: RepresentativeId): void {
    this.#control.delete(id);
  }

  /** When the customer is asked, by what was last known of the account. */
  consentRule(permission: Permission, id: RepresentativeId): ConsentRule {
    return consentRule(permission, layersOf(this.#accounts.get(id)));
  }

  /** Why a representative may not, or undefined when it is allowed. */
  refusal(permission: Permission, id: RepresentativeId): ErrorCode | undefined {
    const decision = this.decide(permission, id);
    if (decision.outcome === "allow") return undefined;
    return decision.outcome === "deny" ? decision.code : "customer-refused";
  }

  /** Decides by the account as it is now. @throws HandrailError when it is not allowed */
  async check(permission: Permission, id: RepresentativeId): Promise<Account> {
    const account = await this.account(id);
    const decision = this.decide(permission, id);
    if (decision.outcome === "deny") this.#noteDenied(account, permission, decision.because);
    const code = this.refusal(permission, id);
    if (code) throw new HandrailError(code, `${permission} is not allowed: ${decision.because}`);
    return account;
  }

  /**
   * For a change that was allowed and then waited for the disk: what was taken back meanwhile stays
   * so. @throws HandrailError when it is no longer allowed
   */
  mustStill(permission: Permission, id: RepresentativeId): void {
    const code = this.refusal(permission, id);
    if (code) throw new HandrailError(code, `${permission} is no longer allowed`);
  }

  /** As representatives see it. */
  view(): SessionView {
    return viewOf(this);
  }

  /** Somebody who takes part has tried what policy denies; told once in a while. */
  #noteDenied(account: Account, permission: Permission, because: string): void {
    if (this.state === "ended" || this.roleOf(account.id) === "none") return;
    const what = `${account.id} ${permission}`;
    const nowMs = this.site.clock.monotonicMs();
    if (nowMs - (this.#deniedAtMs.get(what) ?? -Infinity) < noteDeniedEveryMs) return;
    this.#deniedAtMs.set(what, nowMs);
    this.narrow({ event: "permission.denied", by: account, detail: { permission, because } });
  }

  /** What the customer has said of an administrator's rights, where their client has them. */
  get #elevation(): Consent | undefined {
    const { customer, consents } = this.#record;
    return customer.isElevated ? (consents.elevate ?? "not-asked") : undefined;
  }

  /** Whether the control that the customer has granted is meant for this representative as well. */
  #isFor(id: RepresentativeId): boolean {
    if (this.#record.controller === id) return true;
    return this.#control.has(id, this.consentRule("control", id));
  }

  /**
   * At the moment in which it is known, and not when whoever waits for it comes to run: what was
   * narrowed in between would be widened again, or what was not written be saved with the next.
   */
  #settle(isWritten: boolean): void {
    if (isWritten) this.#record = { ...this.#record, ...this.#staged };
    this.#staged = {};
  }

  #entryOf({ event, by, who = "", detail }: Happening) {
    const { lsid, customer } = this.#record;
    if (by === "customer") return { event, who: customer.name || who || "customer", lsid, detail };
    if (by === "appliance") return { event, who: "appliance", lsid, detail };
    return { event, who: by.displayName, whoId: by.id, lsid, detail };
  }

  #tell(row: AuditRow): void {
    const event = toSessionEvent(row);
    for (const ear of this.#happened) ear(event);
    this.site.tell(this.participants, "session.event", { lsid: this.lsid, event });
  }
}
