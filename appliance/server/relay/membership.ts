import {
  type EndReason,
  generalQueue,
  HandrailError,
  type QueueId,
  queueKind,
  type RepresentativeId,
  type SessionView,
  type SurveyQuestion,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Member, SessionRecord } from "../store/sessions.ts";
import { settleHandOver } from "./hand-over.ts";
import { orphanQueue, ownerOf } from "./orphans.ts";
import type { Queues } from "./queue.ts";
import { queueForCustomer } from "./session-view.ts";
import type { Actor, Session } from "./session.ts";

/** How long the customer may take to answer the survey, ms: as long as the last words stay. */
const surveyWithinMs = 10 * 60_000;

/**
 * Who takes part in a session: accepting, giving it away, asking others in, leaving, ending. Call
 * everything that returns a promise within a `turn` of the session.
 */
export class Membership {
  readonly #session: Session;
  readonly #queues: Queues;

  constructor(session: Session, queues: Queues) {
    this.#session = session;
    this.#queues = queues;
  }

  /** Takes a waiting session. @throws `conflict` when another was faster, `not-found` */
  async accept(id: RepresentativeId): Promise<SessionView> {
    const session = this.#session;
    const account = await session.account(id);
    if (session.roleOf(id) !== "none") return session.view();
    const { phase, queue, handOver } = session.record;
    // To others it does not exist, whatever became of it.
    if (phase === "key" || phase === "joining" || !this.#queues.isSeenBy(queue, id)) {
      throw new HandrailError("not-found", "no such session in a queue of yours");
    }
    if (phase === "ended") throw new HandrailError("session-ended", "the session has ended");
    if (phase === "active") throw new HandrailError("conflict", "another has accepted it");
    const detail = this.#about(queue);
    await session.commit({ event: "session.accepted", by: account, detail }, (record) => ({
      phase: "active",
      participants: [memberOf(account, false)],
      // Whoever takes it over goes on with what the first has begun.
      acceptedAt: record.acceptedAt ?? session.site.clock.now(),
      orphanedAt: undefined,
      handOver: undefined,
      // What the customer has granted was granted to whoever was here last.
      consents: lastRepresentative(record)?.id === id ? record.consents : {},
    }));
    await this.#mustBeEnabled(id);
    settleHandOver(session, handOver, account);
    return session.view();
  }

  /**
   * Gives the session to a queue. `withNote`: with the latest note of whoever gives it, which all who
   * may take it read; others' notes are for who takes part.
   * @throws `not-found`, `nobody-there` to take it from there
   */
  async transfer(
    id: RepresentativeId,
    { to, withNote = false }: { to: QueueId; withNote?: boolean | undefined },
  ): Promise<void> {
    const session = this.#session;
    const account = await session.check("transfer", id);
    const owner = ownerOf(to);
    if (owner !== undefined) await this.#known(owner);
    if (!this.#queues.exists(to)) throw new HandrailError("not-found", "no such queue");
    if (!this.#queues.isAttended(to)) {
      throw new HandrailError("nobody-there", "nobody who takes from the queue is connected");
    }
    const detail = this.#about(to);
    await session.commit({ event: "session.transferred", by: account, detail }, (record) => {
      session.mustStill("transfer", id);
      const note = withNote ? session.site.lastNote(session.lsid, id) : undefined;
      return {
        ...withoutParticipants(record),
        phase: "waiting",
        queue: to,
        waitingSince: session.site.clock.now(),
        consents: {},
        handOver: { from: id, name: account.displayName, note },
      };
    });
    const told = { by: account.displayName, to: queueForCustomer(session) };
    session.customer?.tell("session.handed-over", told);
  }

  /** Whether somebody may be asked in now, by whom. @throws `conflict`, `nobody-there` */
  async mayShare(
    id: RepresentativeId,
    guest: RepresentativeId,
    observer: boolean,
  ): Promise<{ account: Account; member: Member }> {
    const session = this.#session;
    const account = await session.check("share", id);
    if (session.roleOf(guest) !== "none") throw new HandrailError("conflict", "takes part already");
    const member = memberOf(await this.#known(guest), observer);
    if (!session.site.isReachable(guest)) {
      throw new HandrailError("nobody-there", "the representative is not connected");
    }
    await session.account(guest);
    return { account, member };
  }

  /** Another representative, who has agreed, takes part from now on. @throws as `mayShare` */
  async share(id: RepresentativeId, guest: RepresentativeId, observer: boolean): Promise<void> {
    const session = this.#session;
    const { account, member } = await this.mayShare(id, guest, observer);
    const detail = { with: member.name, observer };
    await session.commit({ event: "session.shared", by: account, detail }, (record) => {
      session.mustStill("share", id);
      return { participants: [...record.participants, member] };
    });
    await this.#mustBeEnabled(guest);
  }

  /**
   * Who only watches takes part from now on, by the will of somebody who may ask colleagues in.
   * @throws HandrailError `conflict` when they do not watch any more; as `Session.check`
   */
  async promote(id: RepresentativeId, watcher: RepresentativeId): Promise<void> {
    const session = this.#session;
    const account = await session.check("share", id);
    await session.account(watcher);
    const name = session.record.participants.find((each) => each.id === watcher)?.name ?? "";
    const happening = { event: "session.promoted", by: account, detail: { with: name } };
    await session.commit(happening, ({ participants }) => {
      session.mustStill("share", id);
      if (session.roleOf(watcher) !== "observer") {
        throw new HandrailError("conflict", "they do not watch any more");
      }
      return {
        participants: participants.map((each) =>
          each.id === watcher ? { ...each, observer: false } : each,
        ),
      };
    });
    await this.#mustBeEnabled(watcher);
  }

  /** Somebody leaves, or has been away for too long; when nobody remains, it waits again. */
  leave(id: RepresentativeId, by: Actor, because: string): void {
    const session = this.#session;
    const leaving = session.record.participants.find((each) => each.id === id);
    if (!leaving) return;
    const detail = { representative: leaving.name, because };
    session.narrow({ event: "session.left", by, detail }, (record) => ({
      participants: record.participants.filter((each) => each.id !== id),
      formerParticipants: remember(record.formerParticipants, [leaving]),
    }));
    if (!session.record.participants.some((each) => !each.observer)) this.passOn(id);
  }

  /** Ends the session at the wish of a representative who takes part. */
  async end(id: RepresentativeId): Promise<void> {
    const session = this.#session;
    const account = await session.account(id);
    if (session.state === "ended") return;
    if (session.roleOf(id) !== "representative") {
      throw new HandrailError("not-permitted", "not a participant of the session");
    }
    this.endNow("representative", account);
  }

  /** Ends the session; everything in it is over at once. */
  endNow(reason: EndReason, by: Actor): void {
    const session = this.#session;
    const { phase, handOver } = session.record;
    if (phase === "ended") return;
    session.narrow({ event: "session.ended", by, detail: { reason } }, (record) => ({
      phase: "ended",
      endedAt: session.site.clock.now(),
      endReason: reason,
      endedBy: typeof by === "object" ? by.displayName : undefined,
      sessionKey: undefined,
      controller: undefined,
      handOver: undefined,
      recording: record.recording === "on" ? "off" : record.recording,
    }));
    settleHandOver(session, handOver);
    const survey = this.#survey();
    session.customer?.tell("session.ended", {
      reason,
      // An administrator who closes it is not named: nobody has told the customer of them.
      ...(reason === "representative" && typeof by === "object" ? { by: by.displayName } : {}),
      ...(survey.length > 0 ? { survey } : {}),
    });
    this.#finish(survey.length > 0);
  }

  /** What the customer is asked at the end: who was never helped has nothing to say of it. */
  #survey(): SurveyQuestion[] {
    const { record, site } = this.#session;
    return record.acceptedAt === undefined ? [] : site.surveys.list("customer");
  }

  /** The customer's link ends when what it has asked for is answered, or the disk takes too long. */
  #finish(isAsked: boolean): void {
    const { customer, site } = this.#session;
    const finish = () => customer?.link.finish();
    // Or when the customer has answered, or closed the window.
    if (isAsked) return void site.clock.after(surveyWithinMs, finish);
    this.#session.written().then(finish, finish);
  }

  /** Whether the session waits where somebody can take it. */
  get isAttended(): boolean {
    return this.#queues.isAttended(this.#session.record.queue);
  }

  /** Nobody is left, or nobody comes: lets the session wait where somebody is there. */
  passOn(leaver?: RepresentativeId): void {
    const session = this.#session;
    const { record, site } = session;
    const queue = orphanQueue({
      former: record.formerParticipants.map(({ id }) => id).filter((id) => id !== leaver),
      originalQueue: record.originalQueue,
      isAttended: (place) => this.#queues.isAttended(place),
    });
    const detail = this.#about(queue);
    const now = site.clock.now();
    session.narrow({ event: "session.orphaned", by: "appliance", detail }, (current) => ({
      ...withoutParticipants(current),
      phase: "waiting",
      queue,
      // Whoever waits already goes on waiting.
      waitingSince: current.phase === "waiting" ? current.waitingSince : now,
      orphanedAt: current.orphanedAt ?? now,
    }));
  }

  /** What waits, or is going to, in a queue that is no more waits for everyone. */
  leaveDeletedQueue(): void {
    const session = this.#session;
    const { phase, queue } = session.record;
    if (phase === "active" || phase === "ended" || this.#queues.exists(queue)) return;
    const detail = { from: session.site.queueName(queue), ...this.#about(generalQueue) };
    session.narrow({ event: "session.moved", by: "appliance", detail }, () => ({
      queue: generalQueue,
    }));
  }

  /** A queue in an event: its name, and its kind for those that every language calls otherwise. */
  #about(queue: QueueId): { queue: string; queueKind: string } {
    return { queue: this.#session.site.queueName(queue), queueKind: queueKind(queue) };
  }

  /** An account that was disabled while it came in has not been found by whoever disabled it. */
  async #mustBeEnabled(id: RepresentativeId): Promise<void> {
    try {
      await this.#session.account(id);
    } catch (error) {
      this.leave(id, "appliance", "account revoked");
      throw error;
    }
  }

  async #known(id: RepresentativeId): Promise<Account> {
    const account = await this.#session.site.account(id);
    if (account) return account;
    throw new HandrailError("not-found", "no such representative");
  }
}

function memberOf({ id, displayName }: Account, observer: boolean): Member {
  return { id, name: displayName, observer };
}

/** The latest to leave of those who did more than watch. */
function lastRepresentative({ formerParticipants }: SessionRecord): Member | undefined {
  return formerParticipants.find((each) => !each.observer);
}

function withoutParticipants(record: SessionRecord): Partial<SessionRecord> {
  return {
    participants: [],
    formerParticipants: remember(record.formerParticipants, record.participants),
    controller: undefined,
  };
}

function remember(former: readonly Member[], leaving: readonly Member[]): readonly Member[] {
  const rest = former.filter((each) => !leaving.some(({ id }) => id === each.id));
  return [...leaving, ...rest];
}
