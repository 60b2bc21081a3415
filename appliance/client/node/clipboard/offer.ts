/**
 * Gives a copy to the programs of this computer that paste it. Source: ICCCM 2.0, sections 2.2, 2.6
 * and 2.7.2 (INCR). Whoever asks and then does not take what it asked for is forgotten.
 */
import type { ClipboardCopy } from "@handrail/protocol";
import type { AtomName, SelectionDisplay, SelectionEvent } from "./selection-display.ts";

type Request = SelectionEvent & { on: "request" };

/** What goes into a property at once, bytes: below the smallest limit of a request, 256 KB. */
const chunkBytes = 192 * 1024;
/** A large copy is given to so many programs at a time. */
const maxDeliveries = 16;
const stepMs = 10_000;

const textTargets: readonly AtomName[] = [
  ...(["UTF8_STRING", "text/plain;charset=utf-8", "text/plain"] as const),
  "STRING",
];
const imageTargets: readonly AtomName[] = ["image/png"];

/** One copy, as long as it is on the clipboard. */
export class Offer implements Disposable {
  readonly #display: SelectionDisplay;
  readonly #copy: ClipboardCopy;
  readonly #time: number;
  readonly #deliveries = new Map<string, Delivery>();
  readonly #byAtom: ReadonlyMap<number, AtomName>;

  /** `time`: since when the selection is owned, as the server counts. */
  constructor(display: SelectionDisplay, copy: ClipboardCopy, time: number) {
    this.#display = display;
    this.#copy = copy;
    this.#time = time;
    const names = copy.format === "text" ? textTargets : imageTargets;
    this.#byAtom = new Map(names.map((name) => [display.atom(name), name]));
  }

  /** Answers a program that wants it. */
  give(request: Request): void {
    const { target, requestor } = request;
    // Programs from before the ICCCM leave the property open.
    const property = request.property === 0 ? target : request.property;
    const place = { window: requestor, property };
    const name = this.#byAtom.get(target);
    if (target === this.#display.atom("TARGETS")) this.#putNumbers(place, "ATOM", this.#targets());
    else if (target === this.#display.atom("TIMESTAMP")) {
      this.#putNumbers(place, "INTEGER", [this.#time]);
    } else if (name) {
      if (!this.#deliver(place, target, this.#bytesFor(name))) {
        return this.#display.answer(request, 0);
      }
    } else return this.#display.answer(request, 0);
    this.#display.answer(request, property);
  }

  /** A property was deleted: whoever takes a large copy wants the next part of it. */
  taken(window: number, property: number): void {
    this.#deliveries.get(keyOf(window, property))?.next();
  }

  [Symbol.dispose](): void {
    for (const delivery of [...this.#deliveries.values()]) delivery.stop();
  }

  #targets(): number[] {
    const own = [this.#display.atom("TARGETS"), this.#display.atom("TIMESTAMP")];
    return [...own, ...this.#byAtom.keys()];
  }

  /** `STRING` is Latin-1; the others are the bytes as they are. */
  #bytesFor(name: AtomName): Uint8Array {
    const { bytes } = this.#copy;
    return name === "STRING" ? Buffer.from(new TextDecoder().decode(bytes), "latin1") : bytes;
  }

  #putNumbers(
    place: { window: number; property: number },
    type: AtomName,
    numbers: readonly number[],
  ): void {
    const longs = BigUint64Array.from(numbers, (each) => BigInt(each));
    const bytes = new Uint8Array(longs.buffer);
    this.#display.putProperty(place, { type: this.#display.atom(type), format: 32, bytes });
  }

  #deliver(place: { window: number; property: number }, type: number, bytes: Uint8Array): boolean {
    if (bytes.length <= chunkBytes) {
      this.#display.putProperty(place, { type, format: 8, bytes });
      return true;
    }
    const key = keyOf(place.window, place.property);
    this.#deliveries.get(key)?.stop();
    if (this.#deliveries.size >= maxDeliveries) return false;
    this.#display.watchProperties(place.window);
    const delivery = new Delivery({ display: this.#display, place, type, bytes }, () => {
      this.#deliveries.delete(key);
      this.#display.watchProperties(place.window, false);
    });
    this.#deliveries.set(key, delivery);
    this.#putNumbers(place, "INCR", [bytes.length]);
    return true;
  }
}

/** A large copy on its way to one program, part by part. */
class Delivery {
  readonly #display: SelectionDisplay;
  readonly #place: { window: number; property: number };
  readonly #type: number;
  readonly #bytes: Uint8Array;
  readonly #done: () => void;
  #at = 0;
  #timer: NodeJS.Timeout;

  constructor(
    what: {
      display: SelectionDisplay;
      place: { window: number; property: number };
      type: number;
      bytes: Uint8Array;
    },
    done: () => void,
  ) {
    this.#display = what.display;
    this.#place = what.place;
    this.#type = what.type;
    this.#bytes = what.bytes;
    this.#done = done;
    this.#timer = setTimeout(() => this.stop(), stepMs);
  }

  /** Gives the next part; the last one is empty. */
  next(): void {
    clearTimeout(this.#timer);
    const bytes = this.#bytes.subarray(this.#at, this.#at + chunkBytes);
    this.#at += bytes.length;
    this.#display.putProperty(this.#place, { type: this.#type, format: 8, bytes });
    if (bytes.length === 0) this.#done();
    else this.#timer = setTimeout(() => this.stop(), stepMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#done();
  }
}

function keyOf(window: number, property: number): string {
  return `${window}/${property}`;
}
