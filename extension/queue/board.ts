import type {
  applianceToConsole,
  consoleSide,
  Lsid,
  Notice,
  Presence,
  Queue,
  QueueId,
  QueuesView,
  RepresentativeId,
  Result,
  SessionKeyView,
  SessionView,
} from "@handrail/protocol";
import { Signal } from "../signal.ts";

type Overview = Result<typeof consoleSide, "overview">;
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
  /** A session began to wait, or came to another queue. Not fired for those of an overview. */
  readonly arrived = new Signal<SessionView>();
  /** A session is new, changed, or (undefined) out of sight. */
  readonly sessionChanged = new Signal<{ lsid: Lsid; session: SessionView | undefined }>();
  /** A key is gone; why. */
  readonly keyGone = new Signal<{ key: SessionKeyView; reason: KeyGone["reason"] }>();

  #self: Self | undefined;
  #queues: readonly Queue[] = [];
  #otherTeams: readonly Queue[] = [];
  readonly #sessions = new Map<Lsid, SessionView>();
  readonly #keys = new Map<Lsid, SessionKeyView>();
  readonly #representatives = new Map<RepresentativeId, Presence>();

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

  takesPart(session: SessionView): boolean {
    return session.participants.some(({ id }) => id === this.#self?.id);
  }

  holdsControl(session: SessionView): boolean {
    return session.controller !== undefined && session.controller === this.#self?.id;
  }

  /** The link is new: replaces everything. */
  begin(self: Self, overview: Overview): void {
    const before = [...this.#sessions.keys()];
    this.#self = self;
    this.#setQueues(overview);
    replace(this.#sessions, overview.sessions, ({ lsid }) => lsid);
    replace(this.#keys, overview.keys, ({ lsid }) => lsid);
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
    for (const map of [this.#sessions, this.#keys, this.#representatives]) map.clear();
    this.changed.fire();
  }

  /** Teams have changed. */
  putQueues(queues: QueuesView): void {
    this.#setQueues(queues);
    this.changed.fire();
  }

  putSession(session: SessionView): void {
    const before = this.#sessions.get(session.lsid);
    if (session.state === "ended") return this.removeSession(session.lsid, session);
    this.#sessions.set(session.lsid, session);
    this.sessionChanged.fire({ lsid: session.lsid, session });
    const waitedThere = before?.state === "waiting" && before.queue.id === session.queue.id;
    if (session.state === "waiting" && !waitedThere) this.arrived.fire(session);
    this.changed.fire();
  }

  /** `ended`: its last view, where the appliance sent one. */
  removeSession(lsid: Lsid, ended?: SessionView): void {
    this.#sessions.delete(lsid);
    this.sessionChanged.fire({ lsid, session: ended });
    this.changed.fire();
  }

  putKey(key: SessionKeyView): void {
    this.#keys.set(key.lsid, key);
    this.changed.fire();
  }

  removeKey({ lsid, reason }: KeyGone): void {
    const key = this.#keys.get(lsid);
    if (!key) return;
    this.#keys.delete(lsid);
    this.keyGone.fire({ key, reason });
    this.changed.fire();
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

  #listed(wanted: (session: SessionView) => boolean): SessionView[] {
    return [...this.#sessions.values()].filter(wanted);
  }
}

function replace<K, V>(map: Map<K, V>, values: readonly V[], keyOf: (value: V) => K): void {
  map.clear();
  for (const value of values) map.set(keyOf(value), value);
}
