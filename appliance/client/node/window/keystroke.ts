import { memoryAt, type Pointer } from "../native.ts";

/** Offsets of `state` and `keyval` in GdkEventKey. Source: gdkevents.h, 64-bit. */
const STATE = 24;
const KEYVAL = 28;
const ALT = 1 << 3;

/** Keysyms of what works the window's buttons. Source: keysymdef.h */
const TAB = 0xff09;
const TAB_BACK = 0xfe20;
const RETURN = 0xff0d;
const ENTER = 0xff8d;
const SPACE = 0x20;
const ESCAPE = 0xff1b;
const LEVEL_SHIFT = 0xfe03;
const FIRST_MODIFIER = 0xffe1;
const LAST_MODIFIER = 0xffee;

/** A press of a key, as GDK tells of it. */
export class Keystroke {
  readonly #keyval: number;
  readonly #isWithAlt: boolean;

  constructor(event: Pointer) {
    const fields = new DataView(memoryAt(event, KEYVAL + 4));
    this.#keyval = fields.getUint32(KEYVAL, true);
    this.#isWithAlt = (fields.getUint32(STATE, true) & ALT) !== 0;
  }

  get isEscape(): boolean {
    return this.#keyval === ESCAPE;
  }

  /** Whether it is part of writing. What presses a button is, where `isInEntry`. */
  isWriting(isInEntry: boolean): boolean {
    const key = this.#keyval;
    if (this.#isWithAlt || key === ESCAPE || key === TAB || key === TAB_BACK) return false;
    if (key === LEVEL_SHIFT || (key >= FIRST_MODIFIER && key <= LAST_MODIFIER)) return false;
    return isInEntry || (key !== SPACE && key !== RETURN && key !== ENTER);
  }
}
