import { randomBytes } from "node:crypto";
import { HandrailError, type Lsid, type UnixMs } from "@handrail/protocol";
import { hashSecret, makeSecret } from "../auth/secret.ts";
import type { SessionStore } from "../store/sessions.ts";
import type { Session } from "./session.ts";

/** How long a session waits for the customer's computer to have restarted, ms. */
const returnWithinMs = 30 * 60_000;

/** Why a client goes and comes back: with its computer, or with an administrator's rights. */
export type ReturnReason = "restart" | "elevation";

/** What is written down of it. */
const eventsOf = {
  restart: {
    going: "customer.restarting",
    staying: "customer.not-restarting",
    back: "customer.restarted",
  },
  elevation: {
    going: "customer.elevating",
    staying: "customer.not-elevated",
    back: "customer.elevated",
  },
} as const;

/** What a client comes back with. */
export interface ReturnPass {
  readonly token: string;
  readonly validMs: number;
}

/**
 * The way back into a session for a customer's client whose computer restarts: a secret that works
 * once, made only while a restart is under way that somebody was allowed to order.
 */
export class Returns {
  readonly #session: Session;
  #isOrdered = false;
  #isPrepared = false;
  #why: ReturnReason = "restart";

  constructor(session: Session) {
    this.#session = session;
  }

  /** Until when the session waits for the computer; undefined when it does not, or no longer. */
  get until(): UnixMs | undefined {
    const { returnUntil } = this.#session.record;
    const isOver = returnUntil === undefined || returnUntil < this.#session.site.clock.now();
    return isOver ? undefined : returnUntil;
  }

  /** The event of coming back. After a restart of the appliance, it is a restart. */
  get backEvent(): string {
    return this.#events.back;
  }

  get #events() {
    return eventsOf[this.#why];
  }

  /** Whether the client has said, during the restart that is under way, that it comes back. */
  get isPrepared(): boolean {
    return this.#isPrepared;
  }

  /** A restart is under way until the work is done. */
  async during<T>(why: ReturnReason, work: () => Promise<T>): Promise<T> {
    this.#why = why;
    this.#isOrdered = true;
    this.#isPrepared = false;
    try {
      return await work();
    } finally {
      this.#isOrdered = false;
    }
  }

  /** Makes the secret. Call within a `turn`. @throws HandrailError `conflict`, `disk-full` */
  async prepare(): Promise<ReturnPass> {
    if (!this.#isOrdered) throw new HandrailError("conflict", "no restart was ordered");
    // Each is written down: a client that asks over and over would fill the log.
    if (this.#isPrepared) throw new HandrailError("conflict", "the way back is known");
    const token = makeSecret("hrt");
    const returnUntil = this.#session.site.clock.now() + returnWithinMs;
    await this.#session.commit({ event: this.#events.going, by: "customer" }, () => ({
      ...{ returnHash: hashSecret(token), returnUntil },
    }));
    this.#isPrepared = true;
    return { token, validMs: returnWithinMs };
  }

  /** The computer does not restart after all. */
  forget(): void {
    if (this.#session.record.returnHash === undefined) return;
    const gone = () => ({ returnHash: undefined, returnUntil: undefined });
    this.#session.narrow({ event: this.#events.staying, by: "appliance" }, gone);
  }
}

/**
 * A ticket for a client whose computer has restarted; what it came with is used up then.
 * @throws HandrailError `not-authenticated`, `session-ended`, `disk-full`
 */
export async function ticketAfterRestart(
  token: string,
  sessions: SessionStore,
  live: ReadonlyMap<Lsid, { readonly core: Session; readonly returns: Returns }>,
): Promise<string> {
  const returnHash = hashSecret(token);
  const record = sessions.byReturn(returnHash);
  if (!record) throw new HandrailError("not-authenticated", "no such way back");
  const session = live.get(record.lsid);
  if (!session?.returns.until) throw new HandrailError("session-ended", "it came too late");
  const ticket = randomBytes(16).toString("hex");
  const { core } = session;
  await core.turn(async () => {
    if (core.record.returnHash !== returnHash) {
      throw new HandrailError("not-authenticated", "it was used already");
    }
    await core.commit({ event: session.returns.backEvent, by: "customer" }, () => ({
      ...{ returnHash: undefined, returnUntil: undefined, ticketHash: hashSecret(ticket) },
    }));
  });
  return ticket;
}
