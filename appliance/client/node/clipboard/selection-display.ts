/**
 * A connection to an X server for nothing but the clipboard: atoms by name, properties as bytes, and
 * events as what they say. Sizes and offsets are those of Xlib on 64 bits.
 */
import { memoryAt } from "../native.ts";
import { Connection } from "../x11/connection.ts";
import { type SelectionCalls, selectionCalls } from "../x11/selections.ts";

/** Atoms that are named in this room. */
export const atomNames = [
  ...(["CLIPBOARD", "TARGETS", "TIMESTAMP", "INCR", "UTF8_STRING", "STRING", "ATOM"] as const),
  ...(["INTEGER", "image/png", "text/plain;charset=utf-8", "text/plain"] as const),
  ...(["x-kde-passwordManagerHint", "HANDRAIL_COPY", "HANDRAIL_TIME"] as const),
] as const;
/** The name of one of them. */
export type AtomName = (typeof atomNames)[number];

const types = { property: 28, clear: 29, request: 30, notify: 31 } as const;
const propertyChangeMask = 1 << 22;
/** Owner set, its window destroyed, its client gone. */
const everyOwnerMask = 7;
const anyType = 0;
const success = 0;
const eventBytes = 192;

/** What happened, with windows, atoms and times (ms of the server) as numbers. */
export type SelectionEvent =
  | { on: "property"; window: number; property: number; time: number; isDeleted: boolean }
  | { on: "clear"; window: number }
  | {
      on: "request";
      requestor: number;
      selection: number;
      target: number;
      property: number;
      time: number;
    }
  | { on: "notify"; requestor: number; target: number; property: number }
  | { on: "owner"; owner: number };

/** A property that was read. */
export interface PropertyValue {
  readonly type: number;
  readonly format: number;
  readonly bytes: Uint8Array;
  /** What was not read, bytes: the property was not deleted then. */
  readonly leftBytes: number;
}

/** Reads with `on`; what a listener throws ends the program. */
export class SelectionDisplay implements Disposable {
  readonly calls: SelectionCalls = selectionCalls();
  readonly #connection: Connection;
  readonly #atoms: Readonly<Record<AtomName, number>>;
  readonly #listeners = new Set<(event: SelectionEvent) => void>();
  readonly #fixesEvent: number;

  /** Throws when there is no such display, or MissingLibraryError. */
  constructor(display: string | undefined) {
    // Windows of others go while they are being answered; their refusals are the usual case.
    this.#connection = new Connection({ display, warn: () => undefined });
    const atoms = atomNames.map((name) => [name, this.#intern(name)] as const);
    // Each name has its atom above.
    this.#atoms = Object.fromEntries(atoms) as Record<AtomName, number>;
    const fixesEvent = [0];
    const hasFixes = this.calls.fixesQuery(this.#connection.display, fixesEvent, [0]) !== 0;
    this.#fixesEvent = hasFixes ? (fixesEvent[0] ?? -1) : -1;
    this.#connection.onEvent(
      (type, event) => this.#heard(type, event),
      () => undefined,
    );
  }

  atom(name: AtomName): number {
    return this.#atoms[name];
  }

  on(listener: (event: SelectionEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  onLost(listener: () => void): void {
    this.#connection.onLost(listener);
  }

  /** An unseen window that tells of changes of its properties. */
  openWindow(): number {
    const { display, root } = this.#connection;
    const window = this.calls.createWindow(display, root, -10, -10, 1, 1, 0, 0, 0);
    this.watchProperties(window);
    return window;
  }

  closeWindow(window: number): void {
    if (this.#connection.isLost) return;
    this.calls.destroyWindow(this.#connection.display, window);
    this.#connection.flush();
  }

  /** Tells of changes of the properties of a window, which may be another program's. */
  watchProperties(window: number, isOn = true): void {
    if (this.#connection.isLost) return;
    const { display, x } = this.#connection;
    x.selectInput(display, window, isOn ? propertyChangeMask : 0);
  }

  /** Tells whenever the selection gets another owner, or loses it. */
  watchOwner(window: number, selection: number): void {
    this.calls.fixesSelect(this.#connection.display, window, selection, everyOwnerMask);
    this.#connection.flush();
  }

  owner(selection: number): number {
    if (this.#connection.isLost) return 0;
    const owner = this.calls.getOwner(this.#connection.display, selection);
    this.#connection.settle();
    return owner;
  }

  setOwner(selection: number, window: number, time: number): void {
    if (this.#connection.isLost) return;
    this.calls.setOwner(this.#connection.display, selection, window, time);
    this.#connection.flush();
  }

  /** Asks the selection's owner for a target, to be put into a property of the window. */
  convert(wanted: { selection: number; target: number; window: number; property: number }): void {
    if (this.#connection.isLost) return;
    const { selection, target, property, window } = wanted;
    this.calls.convert(this.#connection.display, selection, target, property, window, 0);
    this.#connection.flush();
  }

  /** Reads and deletes a property of at most so many bytes; undefined when it is not there. */
  takeProperty(window: number, property: number, maxBytes: number): PropertyValue | undefined {
    if (this.#connection.isLost) return undefined;
    const { display, x } = this.#connection;
    const [type, format, items, left, value] = [[0], [0], [0], [0], [0n]];
    const words = Math.ceil(maxBytes / 4);
    const outcome = this.#connection.attempt(() =>
      this.calls.getProperty(
        ...[display, window, property, 0, words, 1, anyType],
        ...[type, format, items, left, value],
      ),
    );
    this.#connection.settle();
    const address = value[0];
    if (outcome !== success || !type[0] || !address) return undefined;
    try {
      // Xlib gives each item of 32 bits as a long.
      const itemBytes = format[0] === 32 ? 8 : (format[0] ?? 8) / 8;
      const size = (items[0] ?? 0) * itemBytes;
      const bytes = size > 0 ? new Uint8Array(memoryAt(address, size)).slice() : new Uint8Array(0);
      return { type: type[0], format: format[0] ?? 8, bytes, leftBytes: left[0] ?? 0 };
    } finally {
      x.free(address);
    }
  }

  /** `format`: 8 for bytes; 32 for numbers, each of which takes eight bytes here. */
  putProperty(
    place: { window: number; property: number },
    value: { type: number; format: 8 | 32; bytes: Uint8Array },
  ): void {
    if (this.#connection.isLost) return;
    const { display } = this.#connection;
    const items = value.format === 8 ? value.bytes.length : value.bytes.length / 8;
    const { type, format, bytes } = value;
    this.calls.changeProperty(display, place.window, place.property, type, format, 0, bytes, items);
    this.#connection.flush();
  }

  /** Answers a request; property 0 refuses it. */
  answer(request: SelectionEvent & { on: "request" }, property: number): void {
    if (this.#connection.isLost) return;
    const event = Buffer.alloc(eventBytes);
    event.writeInt32LE(types.notify, 0);
    const { requestor, selection, target, time } = request;
    [requestor, selection, target, property, time].forEach((value, place) =>
      event.writeBigUInt64LE(BigInt(value), 32 + 8 * place),
    );
    this.calls.sendEvent(this.#connection.display, requestor, 0, 0, event);
    this.#connection.flush();
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#connection[Symbol.dispose]();
  }

  #intern(name: string): number {
    return this.calls.internAtom(this.#connection.display, name, 0);
  }

  #heard(type: number, event: Buffer): void {
    const read = readEvent(type, event, this.#fixesEvent);
    if (read) for (const listener of [...this.#listeners]) listener(read);
  }
}

function readEvent(type: number, event: Buffer, fixesEvent: number): SelectionEvent | undefined {
  const long = (at: number): number => Number(event.readBigUInt64LE(at));
  switch (type) {
    case types.property:
      return {
        ...{ on: "property", window: long(32), property: long(40), time: long(48) },
        isDeleted: event.readInt32LE(56) === 1,
      };
    case types.clear:
      return { on: "clear", window: long(32) };
    case types.request:
      return {
        ...{ on: "request", requestor: long(40), selection: long(48), target: long(56) },
        ...{ property: long(64), time: long(72) },
      };
    case types.notify:
      return { on: "notify", requestor: long(32), target: long(48), property: long(56) };
    case fixesEvent:
      return { on: "owner", owner: long(48) };
    default:
      return undefined;
  }
}
