/**
 * Presses keys so that a keysym arrives as itself: the modifiers that choose a key's level (Shift,
 * AltGr, Caps lock) are put right around the press and put back after it; Control, Alt and Super are
 * left as they are, because they make a shortcut of it.
 */
import { inputExtensions } from "../x11/extensions.ts";
import type { Connection } from "../x11/connection.ts";
import {
  type KeyChoice,
  KeyboardMap,
  type KeyboardState,
  LOCK_BIT,
  SHIFT_BIT,
} from "./keyboard-map.ts";
import { isFunction, isModifier, keysyms } from "./keysym.ts";

const CORE_KEYBOARD = 0x0100;
const KEYMAP_BYTES = 32;
/** XKeyboardState and XKeyboardControl. Source: Xlib.h, 64-bit. */
const CONTROL_BYTES = 64;
const AUTO_REPEATS = 28;
const CHANGE_BYTES = 32;
const CHANGE = { key: 24, mode: 28 };
const KEY_AND_REPEAT_MASK = (1 << 6) | (1 << 7);

export class Keyboard {
  readonly #connection: Connection;
  readonly #input = inputExtensions();
  readonly #map: KeyboardMap;
  /** Keycodes by the keysym they were pressed for. */
  readonly #down = new Map<number, number>();
  /** Keycodes whose repeating was switched off by us while they are down. */
  readonly #silenced = new Set<number>();
  readonly #warn: (message: string) => void;

  constructor(connection: Connection, warn: (message: string) => void) {
    this.#connection = connection;
    this.#warn = warn;
    this.#map = new KeyboardMap(connection);
  }

  /** To be called with each event of the connection. */
  onEvent(type: number, event: Buffer): void {
    this.#map.onEvent(type, event);
  }

  press(keysym: number): void {
    const state = this.#map.state();
    const choice = this.#choose(keysym, state) ?? this.#lend(keysym, state);
    if (!choice) {
      this.#warn(`no key can be made to type keysym 0x${keysym.toString(16)}`);
      return;
    }
    const { keycode, level } = choice;
    const aim = { level, mayKeep: isFunction(keysym) };
    this.#withLevel(aim, state, () => this.#pressHeld(keysym, keycode));
  }

  release(keysym: number): void {
    const pressed = this.#down.has(keysym) ? keysym : this.#pressedAs(keysym);
    const keycode = pressed === undefined ? undefined : this.#down.get(pressed);
    if (pressed === undefined || keycode === undefined) return;
    this.#down.delete(pressed);
    this.#releaseCode(keycode);
  }

  releaseAll(): void {
    for (const keysym of [...this.#down.keys()].reverse()) this.release(keysym);
  }

  /** How many keysyms that the layout lacks can be typed in one go. */
  capacity(): number {
    return this.#map.capacity(this.#map.state());
  }

  /** Those of the keysyms that no key gives now. */
  missing(wanted: readonly number[]): number[] {
    const state = this.#map.state();
    return [...new Set(wanted)].filter((keysym) => !this.#choose(keysym, state));
  }

  /** Lets spare keys give these keysyms. */
  prepare(missing: readonly number[]): void {
    this.#map.lend(missing, this.#map.state(), new Set(this.#down.values()));
  }

  /** Types keysyms one after the other, with none of the modifiers we hold. */
  tap(sequence: readonly number[]): void {
    const held = [...this.#down].filter(([keysym]) => isModifier(keysym));
    for (const [, keycode] of held) this.#send(keycode, false);
    const state = this.#map.state();
    for (const keysym of sequence) {
      const choice = this.#choose(keysym, state);
      if (!choice) continue;
      this.#withLevel({ level: choice.level, mayKeep: false }, state, () => {
        this.#send(choice.keycode, true);
        this.#send(choice.keycode, false);
      });
    }
    for (const [, keycode] of held) this.#send(keycode, true);
  }

  /** Gives the spare keys back. */
  restore(): void {
    this.#map.restore();
  }

  #choose(keysym: number, state: KeyboardState): KeyChoice | undefined {
    const choices = this.#map.choices(keysym, state);
    const level = state.modifiers & this.#levelBits;
    return (
      (isFunction(keysym) ? undefined : choices.find((one) => one.level === level)) ?? choices[0]
    );
  }

  #lend(keysym: number, state: KeyboardState): KeyChoice | undefined {
    // A spare key with a modifier's keysym would not be a modifier.
    if (isModifier(keysym)) return undefined;
    this.#map.lend([keysym], state, new Set(this.#down.values()));
    return this.#choose(keysym, this.#map.state());
  }

  /** The keysym for which a key is down that also gives this one, as `A` for `a`. */
  #pressedAs(keysym: number): number | undefined {
    const codes = this.#map.choices(keysym, this.#map.state()).map(({ keycode }) => keycode);
    return [...this.#down].find(([, keycode]) => codes.includes(keycode))?.[0];
  }

  #pressHeld(keysym: number, keycode: number): void {
    const before = [...this.#down].find(([, code]) => code === keycode);
    if (before) {
      this.#down.delete(before[0]);
      this.#send(keycode, false);
    } else this.#silence(keycode);
    this.#down.set(keysym, keycode);
    this.#send(keycode, true);
  }

  #releaseCode(keycode: number): void {
    this.#send(keycode, false);
    if (this.#silenced.delete(keycode)) this.#setRepeat(keycode, true);
    this.#connection.flush();
  }

  /** Stops the server from repeating a key that we hold; its own keyboard repeats it here. */
  #silence(keycode: number): void {
    const control = Buffer.alloc(CONTROL_BYTES);
    this.#input.keyboardControl(this.#connection.display, control);
    this.#connection.settle();
    const bits = control[AUTO_REPEATS + (keycode >> 3)] ?? 0;
    if (!(bits & (1 << (keycode & 7)))) return;
    this.#silenced.add(keycode);
    this.#setRepeat(keycode, false);
  }

  #setRepeat(keycode: number, isOn: boolean): void {
    const change = Buffer.alloc(CHANGE_BYTES);
    change.writeInt32LE(keycode, CHANGE.key);
    change.writeInt32LE(isOn ? 1 : 0, CHANGE.mode);
    this.#input.changeControl(this.#connection.display, KEY_AND_REPEAT_MASK, change);
  }

  get #levelBits(): number {
    return SHIFT_BIT | this.#map.level3Bit;
  }

  /** Runs with the level's modifiers in effect; `mayKeep`: more of them than needed do no harm. */
  #withLevel(
    aim: { level: number; mayKeep: boolean },
    state: KeyboardState,
    run: () => void,
  ): void {
    const { display } = this.#connection;
    const locks = aim.mayKeep ? 0 : state.locked & (this.#levelBits | LOCK_BIT);
    if (locks) this.#input.xkbLockModifiers(display, CORE_KEYBOARD, locks, 0);
    const touched = [SHIFT_BIT, this.#map.level3Bit].flatMap((bit) =>
      this.#setModifier(bit, aim, state),
    );
    run();
    for (const { keycode, wasDown } of touched.reverse()) this.#send(keycode, wasDown);
    if (locks) this.#input.xkbLockModifiers(display, CORE_KEYBOARD, locks, locks);
    this.#connection.flush();
  }

  /** Presses or releases what makes one modifier right; answers the keys it touched. */
  #setModifier(
    bit: number,
    aim: { level: number; mayKeep: boolean },
    state: KeyboardState,
  ): { keycode: number; wasDown: boolean }[] {
    const isHeld = (state.modifiers & ~state.locked & bit) !== 0;
    const isNeeded = (aim.level & bit) !== 0;
    if (isHeld === isNeeded || (isHeld && aim.mayKeep)) return [];
    const keys = this.#modifierKeys(bit, state);
    const touched = isNeeded ? keys.slice(0, 1) : keys.filter((keycode) => this.#isDown(keycode));
    for (const keycode of touched) this.#send(keycode, isNeeded);
    return touched.map((keycode) => ({ keycode, wasDown: !isNeeded }));
  }

  #modifierKeys(bit: number, state: KeyboardState): number[] {
    const wanted =
      bit === SHIFT_BIT
        ? [keysyms.shiftLeft, keysyms.shiftRight]
        : [keysyms.level3Shift, keysyms.modeSwitch];
    const choices = wanted.flatMap((keysym) => this.#map.choices(keysym, state));
    return [...new Set(choices.map(({ keycode }) => keycode))];
  }

  #isDown(keycode: number): boolean {
    const keys = Buffer.alloc(KEYMAP_BYTES);
    this.#input.queryKeymap(this.#connection.display, keys);
    this.#connection.settle();
    return ((keys[keycode >> 3] ?? 0) & (1 << (keycode & 7))) !== 0;
  }

  #send(keycode: number, isPress: boolean): void {
    this.#input.testKey(this.#connection.display, keycode, isPress ? 1 : 0, 0);
  }
}
