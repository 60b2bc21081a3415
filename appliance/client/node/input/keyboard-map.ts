/**
 * Which key, with which modifiers, gives a keysym under the keyboard layout of the moment; and
 * spare keys, which are given keysyms that the layout lacks.
 */
import { inputExtensions } from "../x11/extensions.ts";
import type { Connection } from "../x11/connection.ts";
import { canonical, keysyms, UNICODE } from "./keysym.ts";

const MAPPING_NOTIFY = 34;
const FIRST_KEYCODE = 8;
const LAST_KEYCODE = 255;
const CORE_KEYBOARD = 0x0100;
const STATE_BYTES = 18;

/** Modifier bits of the X protocol that do not depend on the layout. */
export const SHIFT_BIT = 1;
export const LOCK_BIT = 2;

/** The keyboard's state: layout group, and the modifiers in effect and locked. */
export interface KeyboardState {
  group: number;
  modifiers: number;
  locked: number;
}

/** One way to type a keysym: `level` holds the bits of Shift and Level3 that must be in effect. */
export interface KeyChoice {
  keycode: number;
  level: number;
}

interface Table {
  choices: Map<number, KeyChoice[]>;
  spares: number[];
}

/** What a spare key types without and with Shift. */
type Loan = readonly [plain: number, shifted: number];

export class KeyboardMap {
  readonly #connection: Connection;
  readonly #input = inputExtensions();
  readonly #stateBytes = Buffer.alloc(STATE_BYTES);
  /** By group and locked modifiers; empty after the layout changed. */
  readonly #tables = new Map<number, Table>();
  /** Spare keys with keysyms given by us; the one used longest ago first. */
  readonly #lent = new Map<number, Loan>();
  #level3Bit: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** To be called with each event of the connection. */
  onEvent(type: number, event: Buffer): void {
    if (type !== MAPPING_NOTIFY) return;
    this.#input.refreshMapping(event);
    this.#tables.clear();
    this.#level3Bit = undefined;
  }

  /** The bit of AltGr's modifier; 0 when the layout has none. */
  get level3Bit(): number {
    this.#level3Bit ??= this.#input.xkbModifiersOf(this.#connection.display, keysyms.level3Shift);
    return this.#level3Bit;
  }

  state(): KeyboardState {
    const bytes = this.#stateBytes;
    this.#input.xkbState(this.#connection.display, CORE_KEYBOARD, bytes);
    this.#connection.drain();
    return {
      group: bytes.readUInt8(0),
      modifiers: bytes.readUInt8(6),
      locked: bytes.readUInt8(9),
    };
  }

  /** Every way to type a keysym, fewest modifiers first; empty when the layout lacks it. */
  choices(keysym: number, state: KeyboardState): readonly KeyChoice[] {
    const choices = this.#table(state).choices.get(canonical(keysym)) ?? [];
    const lent = choices.find(({ keycode }) => this.#lent.has(keycode));
    if (lent) this.#touch(lent.keycode);
    return choices;
  }

  /** How many keysyms can be lent at the same time. */
  capacity(state: KeyboardState): number {
    return this.#table(state).spares.length * 2;
  }

  /**
   * Gives spare keys these keysyms, two to a key, taking back the ones used longest ago. `busy`
   * keycodes are left as they are. Keysyms beyond the capacity are not lent. Window managers rebuild
   * all their shortcuts after each changed key (40 ms in openbox), so few keys are changed.
   */
  lend(wanted: readonly number[], state: KeyboardState, busy: ReadonlySet<number>): void {
    const free = this.#table(state).spares.filter((code) => !busy.has(code));
    const unused = free.filter((code) => !this.#lent.has(code));
    const used = [...this.#lent.keys()].filter((code) => free.includes(code));
    for (const keycode of [...unused, ...used]) {
      const [plain, shifted = plain] = wanted.slice(0, 2);
      if (plain === undefined || shifted === undefined) break;
      this.#assign(keycode, [plain, shifted]);
      wanted = wanted.slice(2);
    }
    this.#sync();
  }

  /** Takes every lent keysym back. */
  restore(): void {
    for (const keycode of [...this.#lent.keys()]) this.#assign(keycode, [0, 0]);
    this.#lent.clear();
    this.#sync();
  }

  #assign(keycode: number, loan: Loan): void {
    this.#input.changeMapping(this.#connection.display, keycode, loan.length, [...loan], 1);
    this.#lent.set(keycode, loan);
    this.#touch(keycode);
  }

  #touch(keycode: number): void {
    const loan = this.#lent.get(keycode);
    if (!loan) return;
    this.#lent.delete(keycode);
    this.#lent.set(keycode, loan);
  }

  #sync(): void {
    this.#connection.x.sync(this.#connection.display, 0);
    this.#connection.drain();
  }

  #table(state: KeyboardState): Table {
    // Caps lock is taken out of the way while a character is typed; Num lock stays as it is.
    const base = (state.group << 13) | (state.locked & ~(SHIFT_BIT | LOCK_BIT | this.level3Bit));
    const known = this.#tables.get(base);
    if (known) return known;
    const table = this.#read(base);
    this.#tables.set(base, table);
    return table;
  }

  #read(base: number): Table {
    const table: Table = { choices: new Map(), spares: [] };
    const abandoned: number[] = [];
    const alternate = this.level3Bit;
    const levels = [...new Set([0, SHIFT_BIT, alternate, SHIFT_BIT | alternate])];
    for (let keycode = FIRST_KEYCODE; keycode <= LAST_KEYCODE; keycode += 1) {
      const found = levels.map((level) => this.#keysym(keycode, base | level));
      if (this.#isSpare(keycode, found)) table.spares.push(keycode);
      else if (found.every((keysym) => keysym >= UNICODE)) abandoned.push(keycode);
      found.forEach((keysym, index) => {
        const level = levels[index] ?? 0;
        if (keysym !== 0) this.#add(table, canonical(keysym), { keycode, level });
      });
    }
    // A client that was killed has left its loans behind, perhaps on every spare key.
    if (table.spares.length === 0) table.spares = abandoned;
    return table;
  }

  #isSpare(keycode: number, found: readonly number[]): boolean {
    const loan = this.#lent.get(keycode);
    if (!loan) return found.every((keysym) => keysym === 0);
    if (found[0] === loan[0] && found[1] === loan[1]) return true;
    // A new layout came over it.
    this.#lent.delete(keycode);
    return false;
  }

  #add(table: Table, keysym: number, choice: KeyChoice): void {
    const choices = table.choices.get(keysym) ?? [];
    choices.push(choice);
    choices.sort((one, other) => weight(one.level) - weight(other.level));
    table.choices.set(keysym, choices);
  }

  #keysym(keycode: number, state: number): number {
    // Xlib asks for the layout again each time, until a lost display's buffer is full: that is fatal.
    if (this.#connection.isLost) return 0;
    const keysym = [0];
    const { display } = this.#connection;
    return this.#input.xkbKeysym(display, keycode, state, [0], keysym) ? (keysym[0] ?? 0) : 0;
  }
}

/** Number of modifiers in a level. */
function weight(level: number): number {
  return level === 0 ? 0 : level & (level - 1) ? 2 : 1;
}
