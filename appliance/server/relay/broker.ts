import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type ArrivalStep,
  type consoleSide,
  type KeyMailOutcome,
  type Lsid,
  type Params,
  type Presence,
  type QueueId,
  type RepresentativeId,
  type Result,
  type SessionKeyView,
} from "@handrail/protocol";
import type { Account, ConsoleAccount } from "../auth/account.ts";
import { hashSecret } from "../auth/secret.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { RecordingStore } from "../store/recordings.ts";
import { RetentionStore } from "../store/retention.ts";
import type { ShellRecordingStore } from "../store/shell-recordings.ts";
import { type SessionListing, type SessionRecord, SessionStore } from "../store/sessions.ts";
import { Acts } from "./acts.ts";
import { Admission } from "./admission.ts";
import { Arrivals } from "./arrivals.ts";
import { Attendance } from "./attendance.ts";
import { Archive, type ListedSession, type SessionDossier } from "./archive.ts";
import { type CannedMessageBody, cannedMessageKind } from "./canned-messages.ts";
import { CheckpointDesk } from "./checkpoint-desk.ts";
import { Definitions } from "./definitions.ts";
import { type FieldBody, fieldKind, SessionFields } from "./fields.ts";
import type { ConsoleDesk, ConsoleParty } from "./console.ts";
import type { CustomerDesk, CustomerParty } from "./customer.ts";
import { KeyDesk, type KeyAnswer, type KeySettings } from "./key-desk.ts";
import { type KeyCourier, KeyPost } from "./key-post.ts";
import { LiveSession } from "./live-session.ts";
import { Notes } from "./notes.ts";
import { Publisher } from "./publisher.ts";
import { Queues } from "./queue.ts";
import { Reception } from "./reception.ts";
import { Records } from "./records.ts";
import { Scripts } from "./scripts.ts";
import type { Session, SessionSite } from "./session.ts";
import { actionsFor, type SpecialActionBody, specialActionKind } from "./special-actions.ts";
import { ShadowRoom } from "./shadow-room.ts";
import { Surveys } from "./surveys.ts";
import { Teams } from "./teams.ts";

export type { Account } from "../auth/account.ts";
export type { ListedSession, SessionDossier } from "./archive.ts";
export type { KeyAnswer } from "./key-desk.ts";

/** What the relay needs of the rest of the appliance. */
export interface BrokerOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: KeySettings &
    Pick<Config, "seats" | "recordingsDirectory" | "shadowMemoryBytes">;
  readonly siteName: string;
  readonly keyCourier: KeyCourier;
  /** The enabled account that an access token belongs to. */
  authenticate(accessToken: string): Promise<ConsoleAccount | undefined>;
  /** The account with this id, unless it is unknown or disabled. */
  account(id: RepresentativeId): Promise<Account | undefined>;
}

const beatEveryMs = 1000;

/**
 * The relay's centre: lets consoles and customers' clients in, knows who is here and which sessions
 * there are, and brings them together. What happens within a session is decided there; what is
 * forwarded never comes by here. Called by `main.ts` and by the pages of the portal and of /login.
 */
export class Broker implements ConsoleDesk, CustomerDesk {
  readonly clock: Clock;
  readonly log: Log;
  readonly acts: Acts;
  readonly #options: BrokerOptions;
  readonly #site: SessionSite;
  readonly #sessions: SessionStore;
  readonly #live = new Map<Lsid, LiveSession>();
  readonly #attendance: Attendance;
  /** The teams, and every change of them. */
  readonly teams: Teams;
  readonly cannedMessages: Definitions<CannedMessageBody>;
  /** Fields of sessions. */
  readonly fields: Definitions<FieldBody>;
  readonly records: Records;
  readonly surveys: Surveys;
  readonly specialActions: Definitions<SpecialActionBody>;
  readonly scripts: Scripts;
  readonly notes: Notes;
  /** What is kept of sessions in files. */
  readonly recordings: RecordingStore;
  readonly #retention: RetentionStore;
  readonly #queues: Queues;
  readonly #publisher: Publisher;
  readonly #archive: Archive;
  readonly #keys: KeyDesk;
  readonly #keyPost: KeyPost;
  readonly #arrivals: Arrivals;
  readonly #reception: Reception;
  readonly #checkpoints: CheckpointDesk;
  #timer: Disposable;

  constructor(options: BrokerOptions) {
    const { clock, log, config } = options;
    this.clock = clock;
    this.log = log;
    this.acts = new Acts(clock);
    this.#options = options;
    this.#sessions = new SessionStore(options.store);
    this.recordings = new RecordingStore(config.recordingsDirectory);
    this.#retention = new RetentionStore(options.store);
    this.#attendance = new Attendance({ ...options, live: this.#live });
    this.teams = new Teams({ ...options, changed: () => this.#teamsChanged() });
    this.cannedMessages = new Definitions(options, cannedMessageKind);
    this.fields = new Definitions(options, fieldKind);
    this.surveys = new Surveys(options);
    this.specialActions = new Definitions(options, specialActionKind);
    this.notes = new Notes(options);
    this.scripts = new Scripts({
      ...options,
      teams: () => this.teams.all,
      changed: () => this.#scriptsChanged(),
    });
    this.#queues = new Queues(this.teams, (id) => this.#attendance.presence.isReachable(id));
    this.#publisher = new Publisher(this.#attendance.presence, this.#queues);
    this.#checkpoints = new CheckpointDesk(clock);
    this.#site = this.#makeSite();
    this.#archive = new Archive(this.#site, this.#live, this.notes);
    const parts = { site: this.#site, live: this.#live };
    this.records = new Records({
      ...parts,
      archive: this.#archive,
      fields: new SessionFields({ ...parts, definitions: this.fields }),
      ...{ surveys: this.surveys, notes: this.notes },
    });
    this.#keys = new KeyDesk({
      site: this.#site,
      config,
      queues: this.#queues,
      live: this.#live,
      add: (record) => this.#add(record),
    });
    this.#keyPost = new KeyPost(options.keyCourier, clock);
    this.#arrivals = new Arrivals(this.#site, this.#live);
    this.#reception = new Reception({
      ...{ clock, log, siteName: options.siteName },
      door: new Admission({
        ...options,
        desk: this,
        seats: config.seats,
        attendance: this.#attendance,
        sessions: this.#sessions,
        live: this.#live,
        redeemKey: (typed, address) => this.redeemKey(typed, address),
        learn: (id, name) => this.#queues.learn(id, name),
      }),
    });
    for (const record of this.#sessions.unended()) this.#restore(record);
    // For the appliance may have stopped right after a team was deleted.
    for (const { members } of this.#live.values()) members.leaveDeletedQueue();
    this.#timer = clock.after(beatEveryMs, () => this.#beat());
  }

  /** Takes over a socket that asks for an upgrade on `/link`. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#reception.receive(request, socket, head);
  }

  /** As `KeyDesk.redeem`. */
  async redeemKey(typed: string, address: string): Promise<KeyAnswer> {
    const answer = await this.#keys.redeem(typed, address);
    if (answer.ok) this.#arrivals.reached(answer.lsid, "key-typed");
    return answer;
  }

  /** A customer with a ticket has come further on the way to the client; unknown ones are ignored. */
  reachedStep(ticket: string, step: ArrivalStep): void {
    const record = this.#sessions.byTicket(hashSecret(ticket));
    if (record) this.#arrivals.reached(record.lsid, step);
  }

  /** What a ticket is for, while its session has not ended. */
  async describeTicket(
    ticket: string,
  ): Promise<{ lsid: Lsid; representative: string; hasJoined: boolean } | undefined> {
    const record = this.#sessions.byTicket(hashSecret(ticket));
    // What has ended is not live at once, and written a little later.
    if (!record || !this.#live.has(record.lsid)) return undefined;
    const { lsid, madeByName, phase } = record;
    return { lsid, representative: madeByName, hasJoined: phase !== "joining" };
  }

  /** As `Attendance.revoke`. */
  revokeAccount(id: RepresentativeId, code: "account-disabled" | "not-authenticated"): void {
    this.#attendance.revoke(id, code);
  }

  /** As `Attendance.endGrant`. */
  endGrant(grant: string): void {
    this.#attendance.endGrant(grant);
  }

  /** As `Attendance.review`; what the account may do with scripts may be another as well. */
  async reviewAccount(id: RepresentativeId): Promise<void> {
    await this.#attendance.review(id);
    this.#scriptsChanged();
  }

  /** How many clients are connected now, by kind. */
  clients(): { console: number; customer: number } {
    return this.#attendance.count();
  }

  /** How many representatives are here: seats in use. */
  seatsInUse(): number {
    return this.#attendance.presence.size;
  }

  /** How many wait in a queue. */
  waitingIn(queue: QueueId): number {
    const records = [...this.#live.values()].map(({ core }) => core.record);
    return records.filter((each) => each.phase === "waiting" && each.queue === queue).length;
  }

  /** Sessions that a customer has joined, the newest first. */
  listSessions(listing: SessionListing): ListedSession[] {
    return this.#archive.list(listing);
  }

  /** One session with its events and chat; undefined when there is none. */
  readSession(lsid: Lsid): SessionDossier | undefined {
    return this.#archive.read(lsid);
  }

  /** The recorded shells of all sessions. */
  get shellRecordings(): ShellRecordingStore {
    return this.recordings.shells;
  }

  /** The file of a session's recording; undefined when there is none. */
  recordingPath(lsid: Lsid): string | undefined {
    return this.#archive.recordingPath(lsid);
  }

  /** As `Archive.snapshotPath`. */
  snapshotPath(account: Account, lsid: Lsid): string | undefined {
    return this.#archive.snapshotPath(account, lsid);
  }

  /** Whether an account may see what is kept of a session. */
  mayReadRecording(account: Account, lsid: Lsid): boolean {
    return this.#archive.mayReadRecording(account, lsid);
  }

  /** Tells everyone who is here that the appliance stops in so many ms and comes back. */
  announceRestart(afterMs: number): void {
    const { presence, customers } = this.#attendance;
    for (const party of presence.consoles()) party.tell("appliance.restarting", { afterMs });
    for (const party of customers) party.tell("appliance.restarting", { afterMs });
  }

  /** Lets go of everyone; they come back to the next run, and sessions go on. */
  async close(): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#reception.close();
    for (const party of this.#attendance.parties) party.link.detach();
    const all = [...this.#live.values()];
    await Promise.all(
      all.flatMap(({ screen, tools, snapshot }) => [
        screen.close(),
        tools.close(),
        snapshot.close(),
      ]),
    );
    this.#checkpoints[Symbol.dispose]();
  }

  overview(party: ConsoleParty): Result<typeof consoleSide, "overview"> {
    const { account } = party;
    const live = [...this.#live.values()].map(({ core }) => core);
    const visible = live.filter((core) => this.#publisher.isVisible(core, account.id));
    for (const core of visible) this.#publisher.shown(core, party);
    return {
      ...this.#queues.viewFor(account.id),
      sessions: visible.map((core) => core.view()),
      keys: this.#keys.viewsFor(account),
      arrivals: this.#arrivals.viewsFor(account.id),
      questions: [...this.#live.values()].flatMap(({ colleagues }) =>
        colleagues.questionsFor(account.id),
      ),
      representatives: this.#attendance.presence
        .accounts()
        .map((each) => this.#attendance.viewOf(each)),
    };
  }

  createKey(
    account: Account,
    wanted: Params<typeof consoleSide, "key.create">,
  ): Promise<SessionKeyView> {
    return this.#keys.create(account, wanted);
  }

  async cancelKey(account: Account, lsid: Lsid): Promise<void> {
    if (!this.#arrivals.cancel(account, lsid)) this.#keys.cancel(account, lsid);
  }

  mailKey(
    account: Account,
    wanted: Params<typeof consoleSide, "key.mail">,
  ): Promise<KeyMailOutcome> {
    return this.#keyPost.send(account, this.#live.get(wanted.lsid), wanted);
  }

  session(lsid: Lsid): LiveSession | undefined {
    return this.#live.get(lsid);
  }

  setStatus(account: Account, status: Presence["status"]): void {
    this.#attendance.setStatus(account, status);
  }

  consoleAway(party: ConsoleParty): void {
    this.#attendance.away(party);
  }

  consoleConnected(party: ConsoleParty): void {
    this.#attendance.connected(party);
  }

  consoleLost(party: ConsoleParty): void {
    this.#publisher.forget(party);
    this.#attendance.lost(party);
  }

  customerLost(party: CustomerParty): void {
    this.#attendance.customers.delete(party);
  }

  #makeSite(): SessionSite {
    const { clock, log, audit, siteName } = this.#options;
    return {
      name: siteName,
      clock,
      log,
      audit,
      sessions: this.#sessions,
      surveys: this.surveys,
      recordings: this.recordings,
      retention: this.#retention,
      checkpoints: this.#checkpoints,
      shadowRoom: new ShadowRoom(this.#options.config.shadowMemoryBytes),
      account: async (id) => {
        const account = await this.#options.account(id);
        if (account) this.#queues.learn(id, account.displayName);
        return account;
      },
      isReachable: (id) => this.#attendance.presence.isReachable(id),
      queueName: (id) => this.#queues.nameOf(id),
      lastNote: (lsid, by) => this.notes.lastLine(lsid, by),
      specialActions: (id) => actionsFor(id, this.specialActions.list(), this.teams.all),
      changed: (session) => this.#changed(session),
      tell: (to, name, notice) => {
        for (const id of to) {
          for (const party of this.#attendance.presence.consolesOf(id)) party.tell(name, notice);
        }
      },
    };
  }

  #changed(session: Session): void {
    const { phase } = session.record;
    if (phase === "key" || phase === "joining") return;
    this.#arrivals.settled(session);
    const moved = this.#publisher.publish(session);
    if (phase === "ended") this.#live.delete(session.lsid);
    const accounts = this.#attendance.presence.accounts().filter(({ id }) => moved.includes(id));
    for (const account of accounts) this.#attendance.tell(account);
  }

  #add(record: SessionRecord): LiveSession {
    const session = new LiveSession(this.#site, record, this.#queues);
    this.#live.set(record.lsid, session);
    return session;
  }

  #restore(record: SessionRecord): void {
    for (const { id, name } of record.participants) this.#queues.learn(id, name);
    this.#queues.learn(record.madeBy, record.madeByName);
    // The recording goes on with the first picture that is watched again.
    const recording = record.recording === "on" ? "off" : record.recording;
    this.#add({ ...record, recording });
    this.#keys.restore(record);
  }

  #beat(): void {
    this.#timer = this.clock.after(beatEveryMs, () => this.#beat());
    const nowMs = this.clock.monotonicMs();
    for (const party of this.#attendance.parties) party.link.beat(nowMs);
    this.#keys.expire();
    for (const session of [...this.#live.values()]) session.beat(nowMs);
  }

  #scriptsChanged(): void {
    for (const party of this.#attendance.presence.consoles()) party.tell("scripts.changed", {});
  }

  /** Tells everyone of the queues as they are now, and of what waits in them. */
  async #teamsChanged(): Promise<void> {
    for (const party of this.#attendance.presence.consoles()) {
      party.tell("queues.changed", this.#queues.viewFor(party.account.id));
    }
    // Scripts are for teams.
    this.#scriptsChanged();
    // In its turn, for a session may just be on its way into a queue that is no more.
    await Promise.all(
      [...this.#live.values()].map(({ core, members }) =>
        core.turn(async () => {
          members.leaveDeletedQueue();
          core.publish();
          this.#keys.publish(core);
        }),
      ),
    );
  }
}
