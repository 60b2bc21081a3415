import {
  type Customer,
  HandrailError,
  resumeWithinMs,
  type RepresentativeId,
} from "@handrail/protocol";
import type { SessionRecord } from "../store/sessions.ts";
import { Actions } from "./actions.ts";
import { Chat } from "./chat.ts";
import { Colleagues } from "./colleagues.ts";
import { ConsentDesk } from "./consent.ts";
import { Control } from "./control.ts";
import { Membership } from "./membership.ts";
import { orphanEndsAfterMs } from "./orphans.ts";
import { Pointers } from "./pointers.ts";
import type { Queues } from "./queue.ts";
import { Returns } from "./returns.ts";
import { Screen } from "./screen.ts";
import { ScriptRuns } from "./script-runs.ts";
import { type CustomerEnd, Session, type SessionSite } from "./session.ts";
import { ShellRecorder } from "./shell-recorder.ts";
import { StartSnapshot } from "./start-snapshot.ts";
import { type TapMaker, Tools } from "./tools.ts";

/** How long a customer who has used a key may take until the client has arrived, ms. */
const joinWithinMs = 60 * 60_000;

/**
 * A session that has not ended, with all its parts, and what time does to it. After every change
 * of the session each part ends what the policy no longer allows.
 */
export class LiveSession {
  readonly core: Session;
  readonly consent: ConsentDesk;
  readonly control: Control;
  readonly screen: Screen;
  readonly chat: Chat;
  readonly tools: Tools;
  readonly scripts: ScriptRuns;
  readonly returns: Returns;
  readonly actions: Actions;
  readonly members: Membership;
  readonly colleagues: Colleagues;
  readonly pointers: Pointers;
  readonly snapshot: StartSnapshot;
  #customerAwaySinceMs: number | undefined;
  #orphanedSinceMs: number | undefined;
  #unattendedSinceMs: number | undefined;
  readonly #awaySinceMs = new Map<RepresentativeId, number>();

  constructor(site: SessionSite, record: SessionRecord, queues: Queues) {
    this.core = new Session(site, record);
    this.consent = new ConsentDesk(this.core);
    this.control = new Control(this.core);
    this.screen = new Screen(this.core);
    this.chat = new Chat(this.core, (message) => this.screen.recorder?.chat(message));
    this.scripts = new ScriptRuns(this.core);
    this.tools = new Tools(this.core, (tool, by) => this.#recordTool(tool, by), this.scripts);
    this.snapshot = new StartSnapshot({
      session: this.core,
      consent: this.consent,
      hasPicture: () => this.screen.wasSeen,
    });
    this.core.toolUses = () => [...this.tools.uses, ...this.snapshot.uses];
    this.returns = new Returns(this.core);
    this.actions = new Actions(this.core, this.returns);
    this.members = new Membership(this.core, queues);
    this.colleagues = new Colleagues(this.core, this.members, this.control);
    this.pointers = new Pointers(this.core);
    this.#customerAwaySinceMs = site.clock.monotonicMs();
    this.core.onChanged(() => {
      this.control.enforce();
      this.screen.enforce();
      this.tools.enforce();
      this.colleagues.enforce();
      this.pointers.enforce();
      this.snapshot.enforce();
    });
  }

  /**
   * The customer's client has arrived, for the first time or anew. Call within a `turn`.
   * @throws HandrailError `session-ended`, `disk-full`
   */
  async customerArrived(end: CustomerEnd, customer: Customer): Promise<void> {
    const { core } = this;
    const isFirst = core.record.phase === "joining" || core.record.phase === "key";
    const { computer, platform, isElevated } = customer;
    const event = isFirst ? "customer.joined" : "customer.returned";
    const happening = { event, by: "customer", who: customer.name } as const;
    await core.commit({ ...happening, detail: { computer, platform } }, (record) =>
      isFirst
        ? { phase: "waiting", customer, waitingSince: core.site.clock.now() }
        : { customer: { ...record.customer, computer, platform, isElevated } },
    );
    const previous = core.customer;
    core.customer = end;
    previous?.link.end("link-replaced", "the client has connected anew");
    this.#customerAwaySinceMs = undefined;
    this.screen.setCustomer(end);
    core.publish();
  }

  /** The customer's line is interrupted, and may come back. */
  customerAway(end: CustomerEnd): void {
    if (this.core.customer !== end || this.core.state === "ended") return;
    this.#customerAwaySinceMs = this.core.site.clock.monotonicMs();
    this.core.narrow({ event: "customer.disconnected", by: "appliance" });
  }

  /** The customer's line goes on. */
  customerBack(end: CustomerEnd): void {
    const wasAway = this.#customerAwaySinceMs !== undefined;
    if (this.core.customer !== end) return;
    this.#customerAwaySinceMs = undefined;
    if (this.core.state === "ended") return;
    if (wasAway) this.core.narrow({ event: "customer.returned", by: "customer" });
    else this.core.publish();
  }

  /** The customer's link cannot be resumed; the client may come back with its ticket. */
  customerLost(end: CustomerEnd): void {
    if (this.core.customer !== end) return;
    this.core.customer = undefined;
    this.#customerAwaySinceMs ??= this.core.site.clock.monotonicMs();
    this.screen.setCustomer(undefined);
    if (this.core.state !== "ended") this.core.publish();
  }

  /** The customer presses Stop, or the client gives up a screen that is gone. */
  stop(isGivenUp: boolean): void {
    if (this.core.state === "ended") return;
    if (isGivenUp) this.core.narrow({ event: "screen.given-up", by: "customer" });
    this.members.endNow("customer", "customer");
  }

  /** Called about once a second: ends what has waited for too long. */
  beat(nowMs: number): void {
    const { record } = this.core;
    switch (record.phase) {
      case "joining":
        if (nowMs - (this.#customerAwaySinceMs ?? nowMs) > joinWithinMs) {
          this.members.endNow("orphaned", "appliance");
        }
        return;
      case "waiting":
      case "active":
        this.#dropAway(nowMs);
        this.#passOnUnattended(nowMs);
        this.#endOrphaned(nowMs);
        this.snapshot.beat();
        return;
      case "key":
      case "ended":
        return;
    }
  }

  /** A recorded shell belongs to the recording of the session, which it begins if need be. */
  async #recordTool(...[tool, by]: Parameters<TapMaker>): ReturnType<TapMaker> {
    if (tool !== "shell") return undefined;
    const { core } = this;
    await this.screen.recordFirst(by.id);
    return new ShellRecorder({
      lsid: core.lsid,
      store: core.site.recordings.shells,
      clock: core.site.clock,
      title: `${core.record.customer.computer} – ${by.displayName}`,
      isOn: () => core.record.recording === "on",
      failed: (error) => this.#shellUnrecorded(error),
    });
  }

  #shellUnrecorded(error: HandrailError): void {
    const { core } = this;
    core.log.error("shell.recording-failed", { code: error.code, error });
    const text = "A shell is no longer recorded.";
    const { lsid } = core;
    core.site.tell(core.participants, "session.warning", { lsid, code: error.code, text });
  }

  /** Whoever takes part, or a `not-found` as for a session that does not exist. */
  mustTakePart(id: RepresentativeId): void {
    if (this.core.roleOf(id) === "none") throw new HandrailError("not-found", "no such session");
  }

  #dropAway(nowMs: number): void {
    for (const id of this.core.participants) {
      if (this.core.site.isReachable(id)) {
        this.#awaySinceMs.delete(id);
        continue;
      }
      const since = this.#awaySinceMs.get(id) ?? nowMs;
      this.#awaySinceMs.set(id, since);
      if (nowMs - since <= resumeWithinMs) continue;
      this.#awaySinceMs.delete(id);
      this.members.leave(id, "appliance", "connection lost");
    }
  }

  /** Nobody sees who waits where nobody is: those who were given there do not wait for ever. */
  #passOnUnattended(nowMs: number): void {
    const { phase, acceptedAt } = this.core.record;
    if (phase !== "waiting" || acceptedAt === undefined || this.members.isAttended) {
      this.#unattendedSinceMs = undefined;
      return;
    }
    this.#unattendedSinceMs ??= nowMs;
    if (nowMs - this.#unattendedSinceMs <= resumeWithinMs) return;
    this.#unattendedSinceMs = undefined;
    this.members.passOn();
  }

  #endOrphaned(nowMs: number): void {
    const customerAwayMs = nowMs - (this.#customerAwaySinceMs ?? nowMs);
    if (this.core.record.orphanedAt === undefined) this.#orphanedSinceMs = undefined;
    else this.#orphanedSinceMs ??= nowMs;
    const orphanedMs = nowMs - (this.#orphanedSinceMs ?? nowMs);
    const isLost = customerAwayMs > resumeWithinMs && this.returns.until === undefined;
    if (isLost || orphanedMs > orphanEndsAfterMs) {
      this.members.endNow("orphaned", "appliance");
    }
  }
}
