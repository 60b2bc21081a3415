/**
 * Pointer and keyboard of an X server, worked through XTEST as if by real devices. Calls made while
 * a text is being typed wait for it, so that everything takes effect in order.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { InputSink, PointerButton } from "../../core/host.ts";
import { Connection, type ConnectionOptions } from "../x11/connection.ts";
import { inputExtensions } from "../x11/extensions.ts";
import { Keyboard } from "./keyboard.ts";
import { keysymOf } from "./keysym.ts";

const MAPPING_NOTIFY = 34;
const WHEEL = { up: 4, down: 5, left: 6, right: 7 };
/** More notches than this in one call are a mistake, not a wish. */
const MAX_NOTCHES = 50;
/** Programs fetch the keyboard map when they get round to it; a spare key must last until then. */
const REMAP_MS = 60;
/** So many characters are typed between two looks at the event loop. */
const BURST = 50;
const BURST_PAUSE_MS = 5;

class X11Input implements InputSink {
  readonly #connection: Connection;
  readonly #input = inputExtensions();
  readonly #keyboard: Keyboard;
  readonly #buttons = new Map<PointerButton, number>();
  readonly #waiting: { run: () => void; drop: () => void }[] = [];
  readonly #rest = { x: 0, y: 0 };
  #buttonMap = Buffer.alloc(0);
  #typing: AbortController | undefined;

  constructor(connection: Connection, warn: (message: string) => void) {
    this.#connection = connection;
    const { display } = connection;
    if (!this.#input.testQuery(display, [0], [0], [0], [0])) {
      throw new Error("The X server has no XTEST extension; it is needed for mouse and keyboard.");
    }
    // A program that grabs the server, as menus and lock screens do, must not shut us out.
    this.#input.testGrabControl(display, 1);
    this.#keyboard = new Keyboard(connection, warn);
    connection.onEvent(
      (type, event) => this.#onEvent(type, event),
      () => undefined,
    );
    this.#readButtons();
  }

  pointerMove(x: number, y: number): void {
    this.#inOrder(() => {
      const { display, screen } = this.#connection;
      this.#input.testMotion(display, screen, Math.round(x), Math.round(y), 0);
    });
  }

  pointerButton(button: PointerButton, down: boolean): void {
    this.#inOrder(() => {
      const physical = down ? this.#physical(button) : this.#buttons.get(button);
      if (physical === undefined) return;
      if (down) this.#buttons.set(button, physical);
      else this.#buttons.delete(button);
      this.#input.testButton(this.#connection.display, physical, down ? 1 : 0, 0);
    });
  }

  wheel(dx: number, dy: number): void {
    this.#inOrder(() => {
      this.#rest.x += dx;
      this.#rest.y += dy;
      const [x, y] = [Math.trunc(this.#rest.x), Math.trunc(this.#rest.y)];
      this.#rest.x -= x;
      this.#rest.y -= y;
      this.#turn(x < 0 ? WHEEL.left : WHEEL.right, Math.abs(x));
      this.#turn(y < 0 ? WHEEL.up : WHEEL.down, Math.abs(y));
    });
  }

  key(keysym: number, down: boolean): void {
    this.#inOrder(() => {
      if (down) this.#keyboard.press(keysym);
      else this.#keyboard.release(keysym);
    });
  }

  text(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const run = (): void => void this.#typeAlone(text).then(resolve, reject);
      this.#inOrder(run, resolve);
    });
  }

  releaseAll(): void {
    this.#typing?.abort();
    this.#typing = undefined;
    for (const { drop } of this.#waiting.splice(0)) drop();
    // A display that has just gone is not asked for anything any more.
    this.#connection.drain();
    if (this.#connection.isLost) return;
    for (const physical of this.#buttons.values()) {
      this.#input.testButton(this.#connection.display, physical, 0, 0);
    }
    this.#buttons.clear();
    this.#keyboard.releaseAll();
    this.#connection.flush();
  }

  [Symbol.dispose](): void {
    this.releaseAll();
    if (!this.#connection.isLost) this.#keyboard.restore();
    this.#connection[Symbol.dispose]();
  }

  #onEvent(type: number, event: Buffer): void {
    this.#keyboard.onEvent(type, event);
    if (type === MAPPING_NOTIFY) this.#readButtons();
  }

  /** Runs now, or after the text being typed; `drop` is called instead when that never comes. */
  #inOrder(run: () => void, drop: () => void = () => undefined): void {
    if (this.#connection.isLost) drop();
    else if (this.#typing) this.#waiting.push({ run, drop });
    else {
      run();
      this.#connection.flush();
    }
  }

  async #typeAlone(text: string): Promise<void> {
    const typing = new AbortController();
    this.#typing = typing;
    try {
      await this.#type(text, typing.signal);
    } finally {
      // After `releaseAll` somebody else may be typing already.
      if (this.#typing === typing) this.#endTyping();
    }
  }

  /** Makes the calls that waited, up to the next text among them. */
  #endTyping(): void {
    this.#typing = undefined;
    while (!this.#typing) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#inOrder(next.run, next.drop);
    }
  }

  async #type(text: string, signal: AbortSignal): Promise<void> {
    const characters = [...text.replaceAll("\r\n", "\n")];
    const sequence = characters.map(keysymOf).filter((keysym) => keysym !== undefined);
    let from = 0;
    while (from < sequence.length && !signal.aborted && !this.#connection.isLost) {
      const burst = sequence.slice(from, from + BURST);
      const missing = this.#keyboard.missing(burst);
      const possible = missing.slice(0, Math.max(1, this.#keyboard.capacity()));
      const firstTooMany = missing[possible.length];
      const end = firstTooMany === undefined ? burst.length : burst.indexOf(firstTooMany);
      await this.#typeBurst(burst.slice(0, end), possible, signal);
      from += end;
    }
  }

  async #typeBurst(burst: number[], missing: number[], signal: AbortSignal): Promise<void> {
    if (missing.length > 0) {
      await sleep(REMAP_MS);
      if (signal.aborted || this.#connection.isLost) return;
      this.#keyboard.prepare(missing);
    }
    await sleep(missing.length > 0 ? REMAP_MS : BURST_PAUSE_MS);
    if (signal.aborted || this.#connection.isLost) return;
    this.#keyboard.tap(burst);
    this.#connection.flush();
  }

  #turn(button: number, notches: number): void {
    for (let notch = 0; notch < Math.min(notches, MAX_NOTCHES); notch += 1) {
      this.#input.testButton(this.#connection.display, button, 1, 0);
      this.#input.testButton(this.#connection.display, button, 0, 0);
    }
  }

  /** A left-handed customer has the buttons swapped; the representative's left is still left. */
  #physical(button: PointerButton): number {
    const index = this.#buttonMap.indexOf(button);
    return index < 0 ? button : index + 1;
  }

  #readButtons(): void {
    const map = Buffer.alloc(32);
    const count = this.#input.pointerMapping(this.#connection.display, map, map.length);
    this.#connection.settle();
    this.#buttonMap = map.subarray(0, count);
  }
}

/**
 * Opens pointer and keyboard of an X server; `display` defaults to the environment's. `warn` also
 * hears of keysyms that cannot be typed. Throws MissingLibraryError, or Error when the display or
 * its XTEST extension is missing.
 */
export function openX11Input(options: ConnectionOptions = {}): InputSink {
  const connection = new Connection(options);
  const warn = options.warn ?? ((message: string) => process.emitWarning(message, "XWarning"));
  try {
    return new X11Input(connection, warn);
  } catch (cause) {
    connection[Symbol.dispose]();
    throw cause;
  }
}
