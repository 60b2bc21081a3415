import { type FileError, HandrailError, maxFileRequests } from "@handrail/protocol";
import type { Lane } from "../../core/files/lane.ts";
import type { Rounds, Work } from "../../core/files/rounds.ts";
import { refusalOf } from "./fault.ts";
import { goOn, newErrand } from "./footing.ts";

/** Says that a request failed, in the words of the channel. */
export type FailureEncoder = (failed: {
  type: "failed";
  id: number;
  error: FileError;
  detail: string;
}) => Uint8Array;

/** The requests of one channel that are being worked on. */
export class Requests implements Disposable {
  readonly #lane: Lane;
  readonly #rounds: Rounds;
  readonly #encode: FailureEncoder;
  readonly #open = new Map<number, Disposable>();

  constructor(lane: Lane, rounds: Rounds, encode: FailureEncoder) {
    this.#lane = lane;
    this.#rounds = rounds;
    this.#encode = encode;
  }

  /** Whether a request of this number is being worked on. */
  has(id: number): boolean {
    return this.#open.has(id);
  }

  /** Works on a request; what it throws is its answer. @throws HandrailError `conflict` */
  begin(id: number, work: Work): void {
    this.keep(id, this.#rounds.begin(this.#lane, this.#answered(id, work)));
  }

  /** Keeps what goes on until it is cancelled. @throws HandrailError `conflict` */
  keep(id: number, kept: Disposable): void {
    if (this.#open.has(id) || this.#open.size >= maxFileRequests) {
      kept[Symbol.dispose]();
      throw new HandrailError("conflict", "too many requests at once, or one twice");
    }
    this.#open.set(id, kept);
  }

  /** Says that it cannot be done. */
  fail(id: number, fault: unknown): void {
    const { error, detail } = refusalOf(fault);
    this.#lane.send(this.#encode({ type: "failed", id, error, detail }));
  }

  cancel(id: number): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#open.keys()]) this.cancel(id);
  }

  *#answered(id: number, work: Work): Work {
    const errand = newErrand(this.#lane.number, id);
    try {
      for (;;) {
        goOn(errand);
        const { done, value } = work.next();
        if (done) break;
        yield value;
      }
    } catch (fault) {
      this.fail(id, fault);
    } finally {
      goOn(errand);
      work.return();
    }
    this.#open.delete(id);
  }
}
