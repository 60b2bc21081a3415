import { randomBytes } from "node:crypto";
import {
  type consoleSide,
  HandrailError,
  type Lsid,
  type Params,
  parseLsid,
  personalQueue,
  queueKind,
  type RepresentativeId,
  type SessionKeyView,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import { Attempts } from "../auth/attempts.ts";
import { hashSecret } from "../auth/secret.ts";
import type { Config } from "../config.ts";
import type { SessionRecord } from "../store/sessions.ts";
import type { LiveSession } from "./live-session.ts";
import type { Queues } from "./queue.ts";
import type { Session, SessionSite } from "./session.ts";
import { SessionKeys } from "./session-key.ts";

/** The settings that concern keys. */
export type KeySettings = Pick<
  Config,
  "keyLifetimeMs" | "publicUrl" | "keyAttemptsPerAddress" | "keyAttemptsPerSite"
>;

/** What became of a key that a customer typed. The public hears no more than this. */
export type KeyAnswer =
  | {
      readonly ok: true;
      readonly lsid: Lsid;
      /** With this, and only this, the customer's client may join. A secret. */
      readonly ticket: string;
      readonly representative: string;
      readonly queueName: string;
    }
  | {
      readonly ok: false;
      readonly code: "key-refused" | "too-many-attempts";
      readonly retryAfterMs?: number;
    };

const maxKeysPerRepresentative = 100;
const nobody = { name: "", computer: "", platform: "", issue: "" };

/** Makes sessions with a key, and exchanges keys for tickets. */
export class KeyDesk {
  readonly #site: SessionSite;
  readonly #config: KeySettings;
  readonly #queues: Queues;
  readonly #live: Map<Lsid, LiveSession>;
  readonly #add: (record: SessionRecord) => LiveSession;
  readonly #keys: SessionKeys;

  constructor(options: {
    site: SessionSite;
    config: KeySettings;
    queues: Queues;
    live: Map<Lsid, LiveSession>;
    add: (record: SessionRecord) => LiveSession;
  }) {
    const { site, config } = options;
    this.#site = site;
    this.#config = config;
    this.#queues = options.queues;
    this.#live = options.live;
    this.#add = options.add;
    const { keyAttemptsPerAddress: perAddress, keyAttemptsPerSite: perSite } = config;
    const weight = () => this.#keys.weight;
    const attempts = new Attempts({ clock: site.clock, perAddress, perSite, weight });
    this.#keys = new SessionKeys(site.clock, attempts);
  }

  /** Takes back the key of a session that an earlier run made. */
  restore({ sessionKey, lsid, keyExpiresAt }: SessionRecord): void {
    if (sessionKey) this.#keys.restore(sessionKey, lsid, keyExpiresAt);
  }

  /**
   * Exchanges a key as a customer typed it for a ticket, once. `address`: where from, for limits.
   * @throws HandrailError `disk-full`; the key can be used again then
   */
  async redeem(typed: string, address: string): Promise<KeyAnswer> {
    const redeemed = this.#keys.redeem(typed, address);
    if (!redeemed.ok) {
      this.#site.log.info("key.refused", { code: redeemed.code, address });
      if (redeemed.code !== "too-many-attempts") return { ok: false, code: "key-refused" };
      return { ok: false, code: redeemed.code, retryAfterMs: redeemed.retryAfterMs };
    }
    const session = this.#live.get(redeemed.lsid)?.core;
    if (!session) return { ok: false, code: "key-refused" };
    const { madeBy, madeByName, queue, sessionKey, keyExpiresAt } = session.record;
    const ticket = randomBytes(16).toString("hex");
    try {
      await session.turn(() =>
        session.commit({ event: "key.redeemed", by: "customer", detail: { address } }, () => ({
          phase: "joining",
          sessionKey: undefined,
          ticketHash: hashSecret(ticket),
        })),
      );
    } catch (error) {
      if (sessionKey) this.#keys.restore(sessionKey, session.lsid, keyExpiresAt);
      throw error;
    }
    this.#site.tell([madeBy], "key.gone", { lsid: session.lsid, reason: "used" });
    const queueName = this.#queues.nameOf(queue);
    return { ok: true, lsid: session.lsid, ticket, representative: madeByName, queueName };
  }

  /** Makes a session with a key. @throws `not-permitted`, `too-many-attempts`, `disk-full` */
  async create(
    account: Account,
    wanted: Params<typeof consoleSide, "key.create">,
  ): Promise<SessionKeyView> {
    const queue = wanted.queue ?? personalQueue(account.id);
    if (!this.#queues.isSeenBy(queue, account.id)) {
      throw new HandrailError("not-permitted", "not a queue of yours");
    }
    const mine = [...this.#live.values()].filter(isKeyOf(account));
    if (mine.length >= maxKeysPerRepresentative) {
      throw new HandrailError("too-many-attempts", "too many of your keys are waiting");
    }
    const createdAt = this.#site.clock.now();
    const keyExpiresAt = createdAt + (wanted.ttlMs ?? this.#config.keyLifetimeMs);
    const lsid = parseLsid(randomBytes(16).toString("hex"));
    const sessionKey = this.#keys.make(lsid, keyExpiresAt);
    const made = { lsid, queue, sessionKey, keyExpiresAt, createdAt };
    const session = this.#add(newRecord(account, made));
    const place = { queue: this.#queues.nameOf(queue), queueKind: queueKind(queue) };
    const detail = { ...place, lifetimeMs: keyExpiresAt - createdAt };
    try {
      await session.core.commit({ event: "key.created", by: account, detail });
    } catch (error) {
      this.#keys.withdraw(sessionKey);
      this.#live.delete(lsid);
      throw error;
    }
    const url = this.#config.publicUrl;
    const view = { lsid, key: sessionKey, url, expiresAt: keyExpiresAt, queue };
    this.#site.tell([account.id], "key.changed", view);
    return view;
  }

  /** Withdraws a key that nobody has used. @throws `not-found` */
  cancel(account: Account, lsid: Lsid): void {
    const session = this.#live.get(lsid);
    if (!session || !isKeyOf(account)(session)) {
      throw new HandrailError("not-found", "no such key of yours");
    }
    this.#end(session, "cancelled", account);
  }

  /** The keys of a representative that wait to be used. */
  viewsFor(account: Account): SessionKeyView[] {
    return [...this.#live.values()].flatMap(({ core }) => this.#keyView(core, account.id) ?? []);
  }

  /** Tells who made it how a key stands, where the session is still one. */
  publish(core: Session): void {
    const { madeBy } = core.record;
    const view = this.#keyView(core, madeBy);
    if (view) this.#site.tell([madeBy], "key.changed", view);
  }

  /** Ends the keys whose time is over. */
  expire(): void {
    const now = this.#site.clock.now();
    for (const session of [...this.#live.values()]) {
      const { phase, keyExpiresAt } = session.core.record;
      if (phase === "key" && keyExpiresAt <= now) this.#end(session, "expired", "appliance");
    }
  }

  #end(session: LiveSession, reason: "cancelled" | "expired", by: Account | "appliance"): void {
    const { core } = session;
    const { sessionKey, madeBy } = core.record;
    if (sessionKey) this.#keys.withdraw(sessionKey);
    core.narrow({ event: `key.${reason}`, by }, () => ({
      phase: "ended",
      endedAt: this.#site.clock.now(),
      endReason: "closed",
      sessionKey: undefined,
    }));
    this.#site.tell([madeBy], "key.gone", { lsid: core.lsid, reason });
  }

  #keyView({ record }: Session, id: RepresentativeId): SessionKeyView | undefined {
    const { phase, madeBy, sessionKey: key, lsid, keyExpiresAt: expiresAt, queue } = record;
    if (phase !== "key" || madeBy !== id || !key) return undefined;
    return { lsid, key, url: this.#config.publicUrl, expiresAt, queue };
  }
}

function isKeyOf(account: Account): (session: LiveSession) => boolean {
  return ({ core }) => core.record.phase === "key" && core.record.madeBy === account.id;
}

function newRecord(
  { id, displayName }: Account,
  made: Pick<SessionRecord, "lsid" | "queue" | "sessionKey" | "keyExpiresAt" | "createdAt">,
): SessionRecord {
  return {
    ...made,
    phase: "key",
    originalQueue: made.queue,
    madeBy: id,
    madeByName: displayName,
    ticketHash: undefined,
    customer: nobody,
    waitingSince: 0,
    acceptedAt: undefined,
    orphanedAt: undefined,
    endedAt: undefined,
    endReason: undefined,
    endedBy: undefined,
    consents: {},
    participants: [],
    formerParticipants: [],
    controller: undefined,
    recording: "off",
    hasRecording: false,
    snapshot: "none",
    chatCount: 0,
    fields: [],
    returnHash: undefined,
    returnUntil: undefined,
    handOver: undefined,
  };
}
