import {
  type applianceToConsole,
  type Arrival,
  type consoleSide,
  formatSessionKey,
  type Lsid,
  type Notice,
  parseSessionKey,
  type Presence,
  type Queue,
  type QueueId,
  type QueuesView,
  type RepresentativeId,
  type Result,
  type SessionKeyView,
  type SessionView,
} from "@handrail/protocol";
import { Signal } from "../signal.ts";
import { asObserverSees } from "./observer.ts";
import { Questions } from "./questions.ts";

type Overview = Result<typeof consoleSide, "overview">;
type TransferSettled = Notice<typeof applianceToConsole, "transfer.settled">;
type KeyGone = Notice<typeof applianceToConsole, "key.gone">;

/** The representative whose console this is. */
export interface Self {
  readonly id: RepresentativeId;
  readonly name: string;
}

const queueOrder: Readonly<Record<Queue["kind"], number>> = { personal: 0, team: 1, general: 2 };

/**
 * What this representative sees of the site: queues, sessions, keys, colleagues. Filled by an
 * overview, kept up to date by notices. Knows neither the link nor how it is shown.
 */
export class Board {
  /** Anything changed. */
  readonly changed = new Signal<void>();
  /**
   * A session began to wait, or came to another queue. Not fired for those of an overview, nor for
   * what this representative has sent there.
   */
  readonly arrived = new Signal<SessionView>();
  /** What colleagues are asking. */
  readonly questions = new Questions();
  /** A session is new, changed, or (undefined) out of sight. */
  readonly sessionChanged = new Signal<{ lsid: Lsid; session: SessionView | undefined }>();
  /** A customer has used a key of this representative. Not fired for those of an overview. */
  readonly departed = new Signal<Arrival>();
  /** What this representative has transferred is over, or another has accepted it. */
  readonly transferSettled = new Signal<TransferSettled>();
  /** A key is gone; why. */
  readonly keyGone = new Signal<{ key: SessionKeyView; reason: KeyGone["reason"] }>();

  #self: Self | undefined;
  #queues: readonly Queue[] = [];
  #otherTeams: readonly Queue[] = [];
  readonly #sessions = new Map<Lsid, SessionView>();
  readonly #keys = new Map<Lsid, SessionKeyView>();
  readonly #arrivals = new Map<Lsid, Arrival>();
  /** The digits of keys that were used, which are no secret any more. */
  readonly #typed = new Map<Lsid, string>();
  readonly #representatives = new Map<RepresentativeId, Presence>();
  /** Sessions that this representative is giving to another queue. */
  readonly #leaving = new Set<Lsid>();

  get self(): Self | undefined {
    return this.#self;
  }

  /** Personal first, then teams by name, then the general queue. */
  get queues(): readonly Queue[] {
    return this.#queues;
  }

  /** Queues that this representative does not see, by name; a session can be given to them. */
  get otherTeams(): readonly Queue[] {
    return this.#otherTeams;
  }

  /** The queue of that id, if this representative has to do with it. */
  queue(id: QueueId): Queue | undefined {
    return [...this.#queues, ...this.#otherTeams].find((queue) => queue.id === id);
  }

  /** Keys that nobody has used yet, soonest to expire first. */
  get keys(): readonly SessionKeyView[] {
    return [...this.#keys.values()].sort((a, b) => a.expiresAt - b.expiresAt);
  }

  /** Customers on their way here with keys of this representative, the latest last. */
  get arrivals(): readonly Arrival[] {
    return [...this.#arrivals.values()];
  }

  /** Online first, then by name. */
  get representatives(): readonly Presence[] {
    return [...this.#representatives.values()].sort(
      (a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name),
    );
  }

  /** Sessions that this representative takes part in, oldest first. */
  get mine(): readonly SessionView[] {
    return this.#listed((session) => session.state === "active" && this.takesPart(session)).sort(
      (a, b) => (a.acceptedAt ?? 0) - (b.acceptedAt ?? 0),
    );
  }

  /** All that wait, longest first. */
  get waiting(): readonly SessionView[] {
    return this.#listed(({ state }) => state === "waiting").sort(
      (a, b) => a.waitingSince - b.waitingSince,
    );
  }

  waitingIn(queue: QueueId): readonly SessionView[] {
    return this.waiting.filter((session) => session.queue.id === queue);
  }

  session(lsid: Lsid): SessionView | undefined {
    return this.#sessions.get(lsid);
  }

  key(lsid: Lsid): SessionKeyView | undefined {
    return this.#keys.get(lsid);
  }

  arrival(lsid: Lsid): Arrival | undefined {
    return this.#arrivals.get(lsid);
  }

  /** The digits of the key that a customer used to come here, where this console has seen it. */
  typedKey(lsid: Lsid): string | undefined {
    return this.#typed.get(lsid);
  }

  takesPart(session: SessionView): boolean {
    return session.participants.some(({ id }) => id === this.#self?.id);
  }

  /** Whether this representative takes part to watch alone. */
  onlyWatches(session: SessionView): boolean {
    return session.participants.some(({ id, observer }) => id === this.#self?.id && observer);
  }

  /** The colleague who has mouse and keyboard; undefined while it is nobody, or oneself. */
  holderIn(session: SessionView | undefined): { readonly name: string } | undefined {
    return session?.participants.find(
      ({ id }) => id === session.controller && id !== this.#self?.id,
    );
  }

  holdsControl(session: SessionView): boolean {
    return session.controller !== undefined && session.controller === this.#self?.id;
  }

  /** The link is new: replaces everything. */
  begin(self: Self, overview: Overview): void {
    const before = [...this.#sessions.keys()];
    this.#self = self;
    this.#setQueues(overview);
    const sessions = overview.sessions.map((session) => this.#asMine(session));
    replace(this.#sessions, sessions, ({ lsid }) => lsid);
    replace(this.#keys, overview.keys, ({ lsid }) => lsid);
    replace(this.#arrivals, overview.arrivals ?? [], ({ lsid }) => lsid);
    this.questions.begin(overview.questions ?? []);
    replace(this.#representatives, overview.representatives, ({ id }) => id);
    for (const lsid of new Set([...before, ...this.#sessions.keys()])) {
      this.sessionChanged.fire({ lsid, session: this.#sessions.get(lsid) });
    }
    this.changed.fire();
  }

  /** Signed out. */
  clear(): void {
    this.#self = undefined;
    this.#setQueues({ queues: [] });
    const maps = [this.#sessions, this.#keys, this.#arrivals, this.#typed, this.#representatives];
    for (const map of maps) map.clear();
    this.questions.begin([]);
    this.changed.fire();
  }

  /** Teams have changed. */
  putQueues(queues: QueuesView): void {
    this.#setQueues(queues);
    this.changed.fire();
  }

  putSession(view: SessionView): void {
    const before = this.#sessions.get(view.lsid);
    if (view.state === "ended") return this.removeSession(view.lsid, view);
    const session = this.#asMine(view);
    this.#sessions.set(session.lsid, session);
    this.sessionChanged.fire({ lsid: session.lsid, session });
    const waitedThere = before?.state === "waiting" && before.queue.id === session.queue.id;
    const isSent = this.#leaving.has(session.lsid);
    if (session.state === "waiting" && !waitedThere && !isSent) this.arrived.fire(session);
    this.changed.fire();
  }

  /** `ended`: its last view, where the appliance sent one. */
  removeSession(lsid: Lsid, ended?: SessionView): void {
    this.#sessions.delete(lsid);
    this.sessionChanged.fire({ lsid, session: ended });
    this.changed.fire();
  }

  /** While `sending` goes on, a session that comes to a queue is no news to its sender. */
  async whileSending(lsid: Lsid, sending: () => Promise<unknown>): Promise<void> {
    this.#leaving.add(lsid);
    try {
      await sending();
    } finally {
      this.#leaving.delete(lsid);
    }
  }

  /** Whether this representative is giving the session to another queue now. */
  isSending(lsid: Lsid): boolean {
    return this.#leaving.has(lsid);
  }

  putKey(key: SessionKeyView): void {
    this.#keys.set(key.lsid, key);
    this.changed.fire();
  }

  removeKey({ lsid, reason }: KeyGone): void {
    const key = this.#keys.get(lsid);
    if (!key) return;
    this.#keys.delete(lsid);
    if (reason === "used") this.#typed.set(lsid, keyText(key));
    this.keyGone.fire({ key, reason });
    this.changed.fire();
  }

  putArrival(arrival: Arrival): void {
    const isNew = !this.#arrivals.has(arrival.lsid);
    this.#arrivals.set(arrival.lsid, arrival);
    if (isNew) this.departed.fire(arrival);
    this.changed.fire();
  }

  removeArrival(lsid: Lsid): void {
    if (this.#arrivals.delete(lsid)) this.changed.fire();
  }

  putRepresentative(presence: Presence): void {
    this.#representatives.set(presence.id, presence);
    this.changed.fire();
  }

  #setQueues({ queues, otherTeams = [] }: QueuesView): void {
    this.#queues = [...queues].sort(
      (a, b) => queueOrder[a.kind] - queueOrder[b.kind] || a.name.localeCompare(b.name),
    );
    this.#otherTeams = [...otherTeams].sort((a, b) => a.name.localeCompare(b.name));
  }

  #asMine(session: SessionView): SessionView {
    return this.onlyWatches(session) ? asObserverSees(session) : session;
  }

  #listed(wanted: (session: SessionView) => boolean): SessionView[] {
    return [...this.#sessions.values()].filter(wanted);
  }
}

/** A key as people read it: `123 4567`. */
export function keyText({ key }: SessionKeyView): string {
  const parsed = parseSessionKey(key);
  return parsed ? formatSessionKey(parsed) : key;
}

function replace<K, V>(map: Map<K, V>, values: readonly V[], keyOf: (value: V) => K): void {
  map.clear();
  for (const value of values) map.set(keyOf(value), value);
}
