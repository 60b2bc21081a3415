import { createHash } from "node:crypto";
import {
  type Channel,
  HandrailError,
  maxSnapshotBytes,
  readSystem,
  type RepresentativeId,
  type SystemReading,
  systemSnapshot,
  toHandrailError,
  type ToolUse,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { ConsentDesk } from "./consent.ts";
import { openOwnChannel } from "./own-channel.ts";
import type { Session } from "./session.ts";

/** What is taken later is none of the start of the session, ms after it was accepted. */
const startsWithinMs = 10 * 60_000;
/** So long the first picture is waited for, ms after the session was accepted. */
const pictureWithinMs = 20_000;
/** How long reading everything may take while the customer is connected, ms. */
const readWithinMs = 5 * 60_000;
/** Most attempts in one run of the appliance: the customer's line may break each. */
const maxAttempts = 3;

/** What a snapshot rests on. */
export interface StartSnapshotOptions {
  readonly session: Session;
  readonly consent: ConsentDesk;
  /** Whether somebody has had a picture of the customer's screen. */
  readonly hasPicture: () => boolean;
}

/**
 * The snapshot of the customer's computer that is kept of a session's start, where policy allows it
 * to whoever has accepted the session and the customer agrees. It is read over a channel of the
 * appliance's own, after the first picture and behind everything else that the customer's line
 * carries, and is written down whatever comes of it.
 */
export class StartSnapshot {
  readonly #session: Session;
  readonly #consent: ConsentDesk;
  readonly #hasPicture: () => boolean;
  /** For whom policy has ruled it out. */
  #passedOver: RepresentativeId | undefined;
  #attempts = 0;
  #work: Promise<void> | undefined;
  #reading: { readonly by: Account; readonly stop: AbortController } | undefined;
  #isClosed = false;

  constructor({ session, consent, hasPicture }: StartSnapshotOptions) {
    this.#session = session;
    this.#consent = consent;
    this.#hasPicture = hasPicture;
    this.#work = this.#clearAway();
  }

  /** What is being read now, as the customer is told. */
  get uses(): ToolUse[] {
    return this.#reading ? [{ tool: "snapshot", by: this.#reading.by.displayName }] : [];
  }

  /** Called about once a second: begins when it is due. */
  beat(): void {
    const id = this.#work || this.#isClosed ? undefined : this.#dueFor();
    if (id === undefined) return;
    this.#work = this.#attempt(id).finally(() => (this.#work = undefined));
  }

  /** Ends a reading that is not allowed any more. */
  enforce(): void {
    if (!this.#reading) return;
    const code = this.#session.refusal("snapshot", this.#reading.by.id);
    if (code) this.#reading.stop.abort(new HandrailError(code, "no longer allowed"));
  }

  /** Stops, for the end of the program: the next run begins anew. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#reading?.stop.abort(new HandrailError("cancelled", "the appliance is stopping"));
    if (this.#reading) await this.#work;
  }

  /** What a run of the appliance has written that was killed before it wrote down that it had. */
  #clearAway(): Promise<void> | undefined {
    const { lsid, log, record, site } = this.#session;
    if (record.acceptedAt === undefined || record.snapshot === "taken") return undefined;
    return site.recordings.snapshots
      .remove(lsid)
      .catch((error: unknown) => log.error("snapshot.not-removed", { error }))
      .finally(() => (this.#work = undefined));
  }

  /** For whom it is to be taken now, if for anybody. */
  #dueFor(): RepresentativeId | undefined {
    const { record, state, site, customer, asked } = this.#session;
    if (state !== "active" || record.snapshot !== "none" || record.acceptedAt === undefined) return;
    // Who is thinking about another question is not asked a second one.
    if (!customer?.link.isUp || asked.size > 0) return;
    const sinceMs = site.clock.now() - record.acceptedAt;
    if (sinceMs > startsWithinMs || (sinceMs < pictureWithinMs && !this.#hasPicture())) return;
    const first = record.participants.find((each) => !each.observer);
    return first?.id === this.#passedOver ? undefined : first?.id;
  }

  async #attempt(id: RepresentativeId): Promise<void> {
    try {
      const by = await this.#session.account(id);
      if (this.#session.decide("snapshot", id).outcome === "deny") {
        this.#passedOver = id;
        return;
      }
      this.#attempts++;
      if ((await this.#consent.request(id, "snapshot")).granted) await this.#take(by);
      else this.#over("customer-refused");
    } catch (error) {
      this.#failed(error);
    }
  }

  async #take(by: Account): Promise<void> {
    const { customer, lsid, site } = this.#session;
    if (!customer) throw new HandrailError("customer-away", "the customer is not connected");
    const stop = new AbortController();
    const about = { kind: "snapshot", lsid, by: by.displayName } as const;
    const channel = openOwnChannel(customer.link, site.clock, about);
    this.#reading = { by, stop };
    const deadline = this.#deadline(stop);
    try {
      this.#session.publish();
      await this.#keep(by, await this.#read(channel, stop.signal));
      // In good order: the client tells the customer that it is kept.
      channel.close();
    } catch (error) {
      channel.reset(toHandrailError(error).code);
      throw error;
    } finally {
      deadline[Symbol.dispose]();
      this.#reading = undefined;
      this.#session.publish();
    }
  }

  #read(channel: Channel, signal: AbortSignal): Promise<readonly SystemReading[]> {
    return readSystem(channel, { begins: () => undefined, signal, maxBytes: maxSnapshotBytes });
  }

  /** Writes it, and then down that it is there; what was taken back meanwhile is not kept. */
  async #keep(by: Account, readings: readonly SystemReading[]): Promise<void> {
    const session = this.#session;
    const { lsid, record, site } = session;
    const { name: customer, computer } = record.customer;
    const takenAt = site.clock.now();
    const bytes = systemSnapshot.encode({ lsid, customer, computer, takenAt, readings });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const categories = readings.filter(({ answer }) => answer.answer === "report").length;
    const detail = { categories, sizeBytes: bytes.length, sha256 };
    const { snapshots } = site.recordings;
    await snapshots.write(lsid, bytes);
    try {
      await session.turn(() =>
        session.commit({ event: "snapshot.taken", by, detail }, () => {
          session.mustStill("snapshot", by.id);
          return { snapshot: "taken" };
        }),
      );
    } catch (error) {
      await snapshots.remove(lsid);
      throw error;
    }
  }

  /** Nobody waits for a client that does not go on, but a line that is interrupted comes back. */
  #deadline(stop: AbortController): Disposable {
    const { site } = this.#session;
    let timer: Disposable;
    const arm = (): void => {
      timer = site.clock.after(readWithinMs, () => {
        if (!this.#session.customer?.link.isUp) return arm();
        stop.abort(new HandrailError("too-slow", "the computer does not tell"));
      });
    };
    arm();
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  #failed(error: unknown): void {
    const session = this.#session;
    const { code } = toHandrailError(error);
    session.log.warn("snapshot.failed", { code, error });
    if (this.#isClosed || session.state === "ended") return;
    const mayComeBack = ["unavailable", "customer-away", "link-replaced", "not-permitted"];
    if (mayComeBack.includes(code) && this.#attempts < maxAttempts) return;
    this.#over(code);
  }

  #over(code: string): void {
    const isRefused = code === "customer-refused";
    if (this.#session.state === "ended") return;
    if (isRefused) {
      const happening = { event: "snapshot.refused", by: "customer" } as const;
      return this.#session.narrow(happening, () => ({ snapshot: "refused" }));
    }
    const happening = { event: "snapshot.failed", by: "appliance", detail: { code } } as const;
    this.#session.narrow(happening, () => ({ snapshot: "failed" }));
  }
}
