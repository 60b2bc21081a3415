import {
  type Arrival,
  type ArrivalStep,
  arrivalSteps,
  type Lsid,
  type RepresentativeId,
  type UnixMs,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { LiveSession } from "./live-session.ts";
import type { Session, SessionSite } from "./session.ts";

interface Reached {
  readonly step: ArrivalStep;
  readonly since: UnixMs;
}

/**
 * Customers who have used a key and whose client is not there yet: how far they have come, for
 * whoever made the key. Not kept over a restart, after which they count as at their first step.
 */
export class Arrivals {
  readonly #site: SessionSite;
  readonly #live: ReadonlyMap<Lsid, LiveSession>;
  readonly #reached = new Map<Lsid, Reached>();
  readonly #begunAt: UnixMs;

  constructor(site: SessionSite, live: ReadonlyMap<Lsid, LiveSession>) {
    this.#site = site;
    this.#live = live;
    this.#begunAt = site.clock.now();
  }

  /** A customer has come to a step; one who was further already stays there. */
  reached(lsid: Lsid, step: ArrivalStep): void {
    const session = this.#live.get(lsid)?.core;
    if (session?.record.phase !== "joining") return;
    const before = this.#reached.get(lsid);
    if (before && arrivalSteps.indexOf(before.step) >= arrivalSteps.indexOf(step)) return;
    this.#reached.set(lsid, { step, since: this.#site.clock.now() });
    this.#site.tell([session.record.madeBy], "arrival.changed", this.#view(session));
  }

  /** A session is no longer one whose customer is on the way: there, or over. */
  settled({ lsid, record }: Session): void {
    if (this.#reached.delete(lsid)) this.#site.tell([record.madeBy], "arrival.gone", { lsid });
  }

  /** Those who are on their way with a key of the representative. */
  viewsFor(id: RepresentativeId): Arrival[] {
    return [...this.#live.values()].flatMap(({ core }) => {
      const { phase, madeBy } = core.record;
      return phase === "joining" && madeBy === id ? [this.#view(core)] : [];
    });
  }

  /** Ends a session whose customer is on the way with a key of this account, if it is one. */
  cancel(account: Account, lsid: Lsid): boolean {
    const session = this.#live.get(lsid);
    const record = session?.core.record;
    if (record?.phase !== "joining" || record.madeBy !== account.id) return false;
    session?.members.endNow("closed", account);
    return true;
  }

  #view({ lsid, record }: Session): Arrival {
    const { step, since } = this.#reached.get(lsid) ?? { step: "key-typed", since: this.#begunAt };
    return { lsid, step, since, queue: record.queue };
  }
}
