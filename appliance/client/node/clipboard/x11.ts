/**
 * The clipboard of an X server: the selection CLIPBOARD. Read with a bound on time and size, owned
 * while something is placed on it, and watched for what others copy.
 */
import { createHash } from "node:crypto";
import {
  checkCopy,
  type ClipboardCopy,
  type ClipboardFormat,
  type ClipboardRefusal,
  encodeText,
  maxClipboardBytes,
  toHandrailError,
} from "@handrail/protocol";
import type { ClipboardHost, ClipboardReading } from "../../core/clipboard/host.ts";
import { Offer } from "./offer.ts";
import { type ReadingTimes, readTarget } from "./reading.ts";
import { type AtomName, SelectionDisplay, type SelectionEvent } from "./selection-display.ts";

/** A program that was copied from answers within this, or it is not waited for any longer. */
const usualTimes: ReadingTimes = { stepMs: 3000, totalMs: 30_000 };
/** What a program that has much to tell of itself needs for TARGETS, bytes. */
const maxTargetsBytes = 64 * 1024;
const maxHintBytes = 64;
/** For the server's own answer, ms. */
const ownTimeMs = 3000;

/** What is asked for, best first. */
const wanted: readonly (readonly [AtomName, ClipboardFormat])[] = [
  ["UTF8_STRING", "text"],
  ["text/plain;charset=utf-8", "text"],
  ["STRING", "text"],
  ["image/png", "png"],
];

/** How a clipboard is opened. */
export interface X11ClipboardOptions {
  /** For instance ":0"; without it the environment's DISPLAY. */
  readonly display?: string | undefined;
  readonly times?: ReadingTimes | undefined;
  /** The display server is gone. */
  readonly lost?: (() => void) | undefined;
}

class X11Clipboard implements ClipboardHost {
  readonly #display: SelectionDisplay;
  readonly #times: ReadingTimes;
  readonly #selection: number;
  /** Owns the selection, and hears of its owners. */
  readonly #window: number;
  readonly #listeners = new Set<(times: number) => void>();
  #offer: Offer | undefined;

  constructor({ display, times = usualTimes, lost }: X11ClipboardOptions) {
    this.#display = new SelectionDisplay(display);
    this.#times = times;
    this.#selection = this.#display.atom("CLIPBOARD");
    this.#window = this.#display.openWindow();
    this.#display.on((event) => this.#heard(event));
    this.#display.watchOwner(this.#window, this.#selection);
    if (lost) this.#display.onLost(lost);
  }

  async read(): Promise<ClipboardReading> {
    const owner = this.#display.owner(this.#selection);
    if (owner === 0) return { none: "empty" };
    const targets = await this.#targets();
    if (typeof targets === "string") return { none: targets };
    if (await this.#isSecret(targets)) return { none: "secret" };
    const choice = wanted.find(([name]) => targets.includes(this.#display.atom(name)));
    return choice ? this.#readAs(...choice) : { none: "format" };
  }

  async place(copy: ClipboardCopy): Promise<string | undefined> {
    const time = await this.#serverTime();
    if (time === undefined) return undefined;
    this.#offer?.[Symbol.dispose]();
    this.#offer = new Offer(this.#display, copy, time);
    this.#display.setOwner(this.#selection, this.#window, time);
    const isPlaced = this.#display.owner(this.#selection) === this.#window;
    return isPlaced ? digest(copy.bytes) : undefined;
  }

  onChange(listener: (times: number) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#offer?.[Symbol.dispose]();
    this.#listeners.clear();
    this.#display[Symbol.dispose]();
  }

  /** What the owner has. One from before the ICCCM does not say: text is asked for. */
  async #targets(): Promise<readonly number[] | ClipboardRefusal> {
    const answer = await this.#read("TARGETS", maxTargetsBytes);
    if (answer === "refused") return [this.#display.atom("UTF8_STRING")];
    if (typeof answer === "string") return answer;
    if (answer.format !== 32) return "failed";
    const { buffer, byteOffset, byteLength } = answer.bytes;
    const longs = new DataView(buffer, byteOffset, byteLength);
    return Array.from({ length: Math.floor(byteLength / 8) }, (_, place) =>
      Number(longs.getBigUint64(place * 8, true)),
    );
  }

  /** As KDE's clipboard and the password managers agree: `secret` in a target of its own. */
  async #isSecret(targets: readonly number[]): Promise<boolean> {
    const name = "x-kde-passwordManagerHint";
    if (!targets.includes(this.#display.atom(name))) return false;
    const hint = await this.#read(name, maxHintBytes);
    // A hint that cannot be read is taken for what it most likely says.
    return typeof hint === "string" || Buffer.from(hint.bytes).toString("utf8") === "secret";
  }

  async #readAs(name: AtomName, format: ClipboardFormat): Promise<ClipboardReading> {
    const answer = await this.#read(name, maxClipboardBytes[format]);
    if (answer === "refused") return { none: "format" };
    if (typeof answer === "string") return { none: answer };
    if (answer.format !== 8) return { none: "failed" };
    const bytes = format === "text" ? textBytes(answer.bytes, name) : answer.bytes;
    if (bytes.length === 0) return { none: "empty" };
    try {
      checkCopy({ format, bytes });
      return { copy: { format, bytes }, sha256: digest(bytes) };
    } catch (error) {
      const isLarge = toHandrailError(error).code === "clipboard-too-large";
      return { none: isLarge ? "too-large" : "format" };
    }
  }

  #read(name: AtomName, maxBytes: number) {
    return readTarget(this.#display, this.#display.atom(name), { maxBytes, times: this.#times });
  }

  /** The server's time is to be had by changing a property (ICCCM, 2.1); undefined: no server. */
  #serverTime(): Promise<number | undefined> {
    const display = this.#display;
    const property = display.atom("HANDRAIL_TIME");
    return new Promise((resolve) => {
      const done = (time: number | undefined): void => {
        clearTimeout(timer);
        subscription[Symbol.dispose]();
        resolve(time);
      };
      const timer = setTimeout(() => done(undefined), ownTimeMs);
      const subscription = display.on((event) => {
        const isIt = event.on === "property" && event.property === property;
        if (isIt && event.window === this.#window) done(event.time);
      });
      const bytes = new Uint8Array(0);
      display.putProperty(
        { window: this.#window, property },
        { type: display.atom("INTEGER"), format: 8, bytes },
      );
    });
  }

  #heard(event: SelectionEvent): void {
    switch (event.on) {
      case "request":
        if (this.#offer && event.selection === this.#selection) return this.#offer.give(event);
        return this.#display.answer(event, 0);
      case "property":
        if (event.isDeleted) this.#offer?.taken(event.window, event.property);
        return;
      case "clear":
        this.#offer?.[Symbol.dispose]();
        this.#offer = undefined;
        return;
      case "owner":
        if (event.owner === this.#window || event.owner === 0) return;
        for (const listener of [...this.#listeners]) listener(1);
        return;
      case "notify":
        return;
    }
  }
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** As well-formed UTF-8; the end of a C string is no part of the text. */
function textBytes(bytes: Uint8Array, name: AtomName): Uint8Array {
  const text =
    name === "STRING"
      ? Buffer.from(bytes).toString("latin1")
      : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return encodeText(text.replace(/\0+$/, ""));
}

/** Opens the clipboard of an X server. Throws MissingLibraryError, or when there is no display. */
export function openX11Clipboard(options: X11ClipboardOptions = {}): ClipboardHost {
  return new X11Clipboard(options);
}
