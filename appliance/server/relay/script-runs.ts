import { randomBytes } from "node:crypto";
import {
  expandScript,
  HandrailError,
  macroValues,
  macroVariables,
  type Permission,
  type RepresentativeId,
  scriptHeldMs,
  type ScriptOrder,
} from "@handrail/protocol";
import type { Runnable } from "./scripts.ts";
import type { Session } from "./session.ts";

/** How long a script may run, ms. */
const limitMs = 10 * 60_000;
/** How long the customer's client may take to say that it has it, ms. */
const holdWithinMs = 30_000;
/** Most runs of a session that wait for their channel; the oldest is forgotten. */
const maxReady = 16;

/** A run that was allowed and has not begun. */
export interface ReadyRun {
  /** From then on it cannot begin any more, on the steady clock. */
  readonly untilMs: number;
  readonly by: RepresentativeId;
  readonly name: string;
  readonly revision: number;
  readonly sha256: string;
  /** What the customer must have allowed besides scripts, for as long as it runs. */
  readonly needs: readonly Permission[];
}

/**
 * The runs of scripts in one session. A script comes from here and not from the console, so that what
 * runs is what was allowed: the customer's client is told of it first, and the channel then names it.
 */
export class ScriptRuns {
  readonly #session: Session;
  readonly #ready = new Map<string, ReadyRun>();

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Makes a run ready and gives its name.
   * @throws HandrailError `not-permitted`, `customer-refused`, `customer-away`, `unavailable`
   */
  async prepare(by: RepresentativeId, script: Runnable, grant?: string): Promise<string> {
    this.#forgetOld();
    const session = this.#session;
    const account = await session.check("scripts", by);
    const { name, revision, sha256, text } = script;
    const needs: Permission[] = [
      ...script.needs,
      ...(grant === undefined ? [] : ["elevate" as const]),
    ];
    for (const permission of needs) await session.check(permission, by);
    const around = { representative: account.displayName, site: session.site.name };
    const run = randomBytes(16).toString("hex");
    await this.#hold({
      ...{ run, name, revision, sha256, limitMs, text: expandScript(text) },
      variables: macroVariables(macroValues(session.view(), around)),
      platforms: [...script.platforms],
      needs,
      ...(grant === undefined ? {} : { grant }),
    });
    const untilMs = session.site.clock.monotonicMs() + scriptHeldMs;
    this.#ready.set(run, { by, name, revision, sha256, needs, untilMs });
    const [oldest] = this.#ready.keys();
    if (oldest !== undefined && this.#ready.size > maxReady) this.#ready.delete(oldest);
    return run;
  }

  /**
   * A run of that name that the representative has made ready, once and within a minute.
   * @throws HandrailError `not-found`
   */
  take(run: string | undefined, by: RepresentativeId): ReadyRun {
    this.#forgetOld();
    const ready = run === undefined ? undefined : this.#ready.get(run);
    if (run === undefined || ready?.by !== by) throw new HandrailError("not-found", "no such run");
    this.#ready.delete(run);
    return ready;
  }

  /** What was allowed is meant for now: a permission given a minute ago is none for tomorrow. */
  #forgetOld(): void {
    const nowMs = this.#session.site.clock.monotonicMs();
    for (const [run, { untilMs }] of this.#ready) if (nowMs >= untilMs) this.#ready.delete(run);
  }

  async #hold(order: ScriptOrder): Promise<void> {
    const { customer, site } = this.#session;
    if (!customer?.link.isUp) {
      throw new HandrailError("customer-away", "the customer is not connected");
    }
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = site.clock.after(holdWithinMs, () =>
      reject(new HandrailError("unavailable", "the customer's client does not answer")),
    );
    try {
      await Promise.race([customer.hold(order), promise]);
    } catch (cause) {
      // Also one that is older than scripts.
      throw new HandrailError("unavailable", "the customer's client takes no script", { cause });
    } finally {
      timer[Symbol.dispose]();
    }
  }
}
