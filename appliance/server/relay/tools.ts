import {
  channelClasses,
  channelKinds,
  type ErrorCode,
  HandrailError,
  type Permission,
  type RepresentativeId,
  type Tool,
  type ToolEvent,
  tools,
  type ToolUse,
  toHandrailError,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import { Allowance } from "./allowance.ts";
import { DrawGuards } from "./draw-guard.ts";
import { EndedUses } from "./ended-uses.ts";
import { type Link, type Urgency, urgencies } from "./link.ts";
import type { ReadyRun, ScriptRuns } from "./script-runs.ts";
import type { Session } from "./session.ts";
import { Tunnel, type TunnelTap } from "./tunnel.ts";

/** Most uses of tools at a time in one session. */
const maxUses = 32;
/** How long a customer's client may take to accept a channel, ms; it asks nobody. */
const acceptWithinMs = 30_000;
/** Openings: each is two rows of the audit log, whoever ends it. */
const openings = { atOnce: 60, perSecond: 1 } as const;
/** Rows of about this many bytes that a customer's client may have written. */
const reports = { atOnce: 2000, perSecond: 10, bytes: 512 } as const;

/** What the customer does, and not who uses the tool. */
const customersOwn: ReadonlySet<string> = new Set(["elevation.wrong-password"]);

interface Use {
  readonly tool: Tool;
  readonly account: Account;
  /** What is done with it, where that has a name. */
  readonly what: string | undefined;
  /** What must be allowed for as long as it is used. */
  readonly needs: readonly Permission[];
  readonly tunnel: Tunnel;
  /** The customer's. */
  readonly link: Link;
  readonly tap: TunnelTap | undefined;
}

/**
 * Makes what sees one use of a tool, for its recording; undefined: nothing is to be kept. Called
 * within a `turn`, when the use is allowed and before it begins; it may not begin after all.
 */
export type TapMaker = (tool: Tool, by: Account) => Promise<TunnelTap | undefined>;

/**
 * The tools that representatives use on the customer's computer in one session. Opening one is
 * decided by the session's policy and written to the audit log first; it ends when the permission
 * does, when its representative leaves, and with the session.
 */
export class Tools {
  readonly #session: Session;
  readonly #tap: TapMaker;
  readonly #scripts: ScriptRuns;
  readonly #uses = new Set<Use>();
  readonly #ended: EndedUses<Use>;
  readonly #drawing: DrawGuards;
  readonly #openings: Allowance;
  readonly #reports: Allowance;

  constructor(session: Session, tap: TapMaker, scripts: ScriptRuns) {
    this.#scripts = scripts;
    this.#session = session;
    this.#tap = tap;
    this.#ended = new EndedUses(session.site.clock);
    this.#drawing = new DrawGuards(session.site.clock);
    this.#openings = new Allowance(openings, session.site.clock);
    this.#reports = new Allowance(reports, session.site.clock);
  }

  /** What is being used now. */
  get uses(): ToolUse[] {
    return Array.from(this.#uses, ({ tool, account, what }) => ({
      ...{ tool, by: account.displayName },
      ...(what === undefined ? {} : { what }),
    }));
  }

  /**
   * Grants or refuses a channel that a console has asked for. Call within a `turn`.
   * @throws HandrailError `not-permitted`, `customer-refused`, `customer-away`, `conflict`,
   *   `too-many-attempts`
   */
  async open(
    tool: Tool,
    id: RepresentativeId,
    console: { link: Link; channel: number; run?: string | undefined },
  ): Promise<void> {
    const session = this.#session;
    const { permission } = tools[tool];
    const account = await session.check(permission, id);
    if (this.#uses.size >= maxUses) throw new HandrailError("conflict", "too many tools are open");
    this.#mustReach();
    if (!this.#openings.take(1)) {
      throw new HandrailError("too-many-attempts", "tools are opened too often");
    }
    const script = tool === "script" ? this.#scripts.take(console.run, id) : undefined;
    const needs = [permission, ...(script?.needs ?? [])];
    for (const each of needs.slice(1)) await session.check(each, id);
    const tap = await this.#tap(tool, account);
    await session.commit({ event: `${tool}.opened`, by: account, detail: factsOf(script) });
    const customer = this.#stillReached(tool, account, needs);
    const use: Use = {
      ...{ tool, account, tap, what: script?.name, needs, link: customer },
      tunnel: new Tunnel({
        kind: tool,
        urgency: urgencyOf(tool),
        tap,
        guard: tool === "draw" ? this.#drawing.open(id) : undefined,
        opened: () => session.publish(),
        closed: (code) => {
          deadline[Symbol.dispose]();
          this.#closed(use, code);
        },
      }),
    };
    const deadline = session.site.clock.after(acceptWithinMs, () =>
      use.tunnel.endUnopened("unavailable", "the customer's client does not answer"),
    );
    this.#uses.add(use);
    const about = { by: account.displayName, lsid: session.lsid, run: console.run };
    use.tunnel.begin(console, customer, about);
  }

  /**
   * The customer's client tells what was done. What does not belong to a use that is open or has
   * just ended is dropped; who tells too much loses the use, so that nothing is done that is not
   * written down.
   */
  happened({ channel, event, detail }: ToolEvent): void {
    const use = this.#useOf(channel);
    if (!use || !(tools[use.tool].events as readonly string[]).includes(event)) return;
    if (this.#reports.take(Math.ceil(JSON.stringify(detail).length / reports.bytes))) {
      const by = customersOwn.has(event) ? "customer" : use.account;
      this.#session.narrow({ event, by, detail });
    } else use.tunnel.end("too-many-attempts", "too much is reported of it");
  }

  /** Ends what is not allowed any more. */
  enforce(): void {
    for (const { needs, account, tunnel } of [...this.#uses]) {
      const codes = needs.map((permission) => this.#session.refusal(permission, account.id));
      const code = codes.find((each) => each !== undefined);
      if (code) tunnel.end(code);
    }
  }

  /** Stops using the disk, for the end of the program. */
  async close(): Promise<void> {
    const taps = [...this.#uses].map(({ tap }) => tap).filter((tap) => tap !== undefined);
    await Promise.all(taps.map((tap) => tap.closed()));
  }

  #useOf(channel: number): Use | undefined {
    const open = [...this.#uses].find(({ tunnel }) => tunnel.customerChannel === channel);
    const link = this.#session.customer?.link;
    return open ?? (link && this.#ended.find(link, channel));
  }

  #closed(use: Use, code: ErrorCode | undefined): void {
    this.#uses.delete(use);
    const { customerChannel } = use.tunnel;
    if (customerChannel !== undefined) this.#ended.add(use.link, customerChannel, use);
    this.#noteClosed(use.tool, use.account, code);
  }

  #noteClosed(tool: Tool, by: Account, code: ErrorCode | undefined): void {
    this.#session.narrow({ event: `${tool}.closed`, by, detail: code ? { because: code } : {} });
  }

  /** While the opening was being written, the permission or the customer may have gone. */
  #stillReached(tool: Tool, account: Account, needs: readonly Permission[]): Link {
    try {
      for (const permission of needs) this.#session.mustStill(permission, account.id);
      return this.#mustReach();
    } catch (error) {
      this.#noteClosed(tool, account, toHandrailError(error).code);
      throw error;
    }
  }

  #mustReach(): Link {
    const { customer } = this.#session;
    if (!customer) throw new HandrailError("customer-away", "the customer is not connected");
    return customer.link;
  }
}

/** Which script is run, for the audit log. */
function factsOf(script: ReadyRun | undefined): AuditDetail {
  if (!script) return {};
  const { name, revision, sha256 } = script;
  return { name, revision, sha256 };
}

/** Bulk waits for what somebody is typing at. */
function urgencyOf(tool: Tool): Urgency {
  return channelKinds[tool].class === channelClasses.shell ? urgencies.shell : urgencies.bulk;
}
