import {
  consentRule,
  type ErrorCode,
  HandrailError,
  type RepresentativeId,
  type ScreenFault,
} from "@handrail/protocol";
import { layersOf } from "./account.ts";
import { Recorder } from "./recorder.ts";
import type { SessionRecord } from "../store/sessions.ts";
import type { Session } from "./session.ts";
import { type Peer, Viewers } from "./viewers.ts";

/** How long what a client says of its screen stands before more is heard, ms. */
const settleMs = 1000;

interface Settling {
  /** The latest word since. */
  last: (() => void) | undefined;
}

/**
 * The screen of a session and its recording: who may watch, and what is kept of it. The recording
 * begins with the first picture that anybody watches, where policy allows it, and ends with the
 * session. One that cannot be written is given up with a warning to everyone.
 */
export class Screen {
  readonly #session: Session;
  readonly #viewers: Viewers;
  #recorder: Recorder | undefined;
  #wasStopped = false;
  #settling: Settling | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#viewers = new Viewers({
      lsid: session.lsid,
      clock: session.site.clock,
      checkpoints: session.site.checkpoints,
      shadowRoom: session.site.shadowRoom,
      ended: (code, reason) => this.#sourceEnded(code, reason),
      left: (viewer) => void this.#left(viewer.id),
      undecodable: (reason) => session.log.warn("screen.undecodable", { reason }),
    });
    session.onHappened((event) => this.#recorder?.event(event));
  }

  /** The recording under way, for what is not part of the picture. */
  get recorder(): Recorder | undefined {
    return this.#recorder;
  }

  /** Whether a picture of it has come to anybody who watches. */
  get wasSeen(): boolean {
    return this.#viewers.wasSeen;
  }

  /** Lets a representative's console watch on a channel that it has asked for. */
  async watch(id: RepresentativeId, peer: Peer, channel: number): Promise<void> {
    const session = this.#session;
    const account = await session.check("view", id);
    await this.recordFirst(id);
    await session.commit({ event: "screen.watched", by: account });
    // What the customer has taken back meanwhile counts.
    const code = session.refusal("view", id);
    if (code) throw new HandrailError(code, "view is not allowed");
    for (const viewer of this.#viewers.all.filter((each) => each.link === peer.link)) {
      this.#viewers.dismiss(viewer, "link-replaced", "the console opened another channel");
    }
    this.#viewers.add(id, peer, channel);
  }

  /** The customer's client is this one now, or none. */
  setCustomer(customer: Peer | undefined): void {
    this.#session.screenFault = undefined;
    // What the client before it said last is of no interest any more.
    if (this.#settling) this.#settling.last = undefined;
    this.#viewers.setCustomer(customer);
  }

  /**
   * The customer's client can show its screen again, or no longer, with the reason. Of several words
   * within a second the first and the last count.
   */
  stateChanged(fault: ScreenFault | undefined, reason: string): void {
    if (this.#settling) {
      this.#settling.last = () => this.#setFault(fault, reason);
      return;
    }
    const settling: Settling = { last: undefined };
    this.#settling = settling;
    this.#session.site.clock.after(settleMs, () => {
      this.#settling = undefined;
      settling.last?.();
    });
    this.#setFault(fault, reason);
  }

  #setFault(fault: ScreenFault | undefined, reason: string): void {
    const session = this.#session;
    if (fault === session.screenFault || session.state === "ended") return;
    const wasAvailable = session.screenFault === undefined;
    session.screenFault = fault;
    if (fault === undefined) {
      session.narrow({ event: "screen.available", by: "customer", detail: { reason } });
      return this.#viewers.restart();
    }
    const event = {
      event: "screen.unavailable",
      by: "customer",
      detail: { fault, reason },
    } as const;
    session.narrow(event, (record) =>
      fault === "display-gone" ? { consents: this.#consentsOfNewDisplay(record.consents) } : {},
    );
    const code = fault === "display-gone" ? "screen-gone" : "screen-unavailable";
    if (wasAvailable) this.#warn(code, reason);
  }

  /**
   * A display that comes back may show something else, to somebody else: what was allowed once for
   * the session may still be seen, and everything more is to be asked for again.
   */
  #consentsOfNewDisplay(consents: SessionRecord["consents"]): SessionRecord["consents"] {
    const session = this.#session;
    const mayGoOn = session.participants.every(
      (id) => session.consentRule("view", id) !== "always",
    );
    const again = mayGoOn ? (["control"] as const) : (["control", "view"] as const);
    const asked = again.filter((permission) => consents[permission] === "granted");
    return { ...consents, ...Object.fromEntries(asked.map((each) => [each, "not-asked"])) };
  }

  /** Ends whatever is no longer allowed. */
  enforce(): void {
    for (const viewer of [...this.#viewers.all]) {
      const code = this.#session.refusal("view", viewer.id);
      if (code) this.#viewers.dismiss(viewer, code, "watching is no longer allowed");
    }
    const { participants } = this.#session;
    const isAllowed = participants.some((id) => this.#session.refusal("view", id) === undefined);
    if (!isAllowed) this.#viewers.closeUnwatched();
    if (this.#session.state === "ended") this.#closeRecorder(true);
  }

  /** Starts the recording anew at the wish of a representative. Call within a `turn`. */
  async startRecording(id: RepresentativeId): Promise<void> {
    await this.#session.check("record", id);
    if (this.#recorder) return;
    this.#wasStopped = false;
    const isWhole = await this.#record(id);
    // A recording begins with a whole picture.
    if (!isWhole) this.#viewers.restart();
  }

  /** Stops the recording at the wish of a representative. Call within a `turn`. */
  async stopRecording(id: RepresentativeId): Promise<void> {
    const session = this.#session;
    const account = await session.check("record", id);
    if (!this.#recorder) return;
    await session.commit({ event: "recording.stopped", by: account }, () => ({ recording: "off" }));
    this.#wasStopped = true;
    this.#closeRecorder(false);
  }

  /** Stops using the disk, for the end of the program. */
  async close(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    this.#viewers.setTap(undefined);
    await recorder?.close(false);
  }

  /** Begins the recording where policy allows it and nobody has stopped it. Call within a `turn`. */
  async recordFirst(id: RepresentativeId): Promise<void> {
    if (this.#recorder || this.#wasStopped || this.#session.record.recording === "failed") return;
    if (this.#session.refusal("record", id) === undefined) await this.#record(id);
  }

  /** Answers whether the recording has a whole picture, or needs no other than what will come. */
  async #record(id: RepresentativeId): Promise<boolean> {
    const session = this.#session;
    const { site, record } = session;
    const by = await session.account(id);
    let isWhole: boolean;
    try {
      const recorder = await Recorder.open({
        lsid: session.lsid,
        store: site.recordings,
        clock: site.clock,
        meta: { siteName: site.name, customer: record.customer.name },
        failed: (error) => this.#failed(error),
      });
      this.#recorder = recorder;
      isWhole = this.#viewers.setTap(recorder);
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      this.#failed(error);
      return true;
    }
    const holder = record.participants.find((each) => each.id === record.controller)?.name ?? "";
    const detail = { controller: holder };
    try {
      await session.commit({ event: "recording.started", by, detail }, () => ({
        recording: "on",
        hasRecording: true,
      }));
    } catch (error) {
      this.#closeRecorder(false);
      throw error;
    }
    return isWhole;
  }

  #failed(error: HandrailError): void {
    const session = this.#session;
    this.#recorder = undefined;
    this.#viewers.setTap(undefined);
    session.log.error("recording.failed", { code: error.code, error });
    if (session.record.recording === "failed" || session.state === "ended") return;
    const detail = { code: error.code };
    session.narrow({ event: "recording.failed", by: "appliance", detail }, () => ({
      recording: "failed",
    }));
    this.#warn(error.code, "The recording has stopped. The session goes on without it.");
  }

  #closeRecorder(isFinal: boolean): void {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    this.#viewers.setTap(undefined);
    // The recorder tells of its failures itself.
    void recorder?.close(isFinal);
  }

  #warn(code: string, text: string): void {
    const session = this.#session;
    session.site.tell(session.participants, "session.warning", { lsid: session.lsid, code, text });
  }

  #sourceEnded(code: ErrorCode | undefined, reason: string): void {
    if (code !== "not-permitted" && code !== "customer-refused") return;
    for (const viewer of [...this.#viewers.all]) this.#viewers.dismiss(viewer, code, reason);
  }

  async #left(id: RepresentativeId): Promise<void> {
    const session = this.#session;
    if (session.state === "ended") return;
    const account = await session.site.account(id);
    const isLast = this.#viewers.all.length === 0;
    const mustAskAgain =
      isLast &&
      session.record.consents.view === "granted" &&
      consentRule("view", layersOf(account)) === "always";
    session.narrow({ event: "screen.left", by: account ?? "appliance" }, (record) =>
      mustAskAgain ? { consents: { ...record.consents, view: "not-asked" } } : {},
    );
  }
}
