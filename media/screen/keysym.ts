import type { SpecialKey } from "../pane/contract.ts";

/** The parts of a KeyboardEvent that say which key it is. */
export interface KeyName {
  readonly key: string;
  readonly code: string;
  readonly location: number;
}

/** Whose conventions the keyboard follows. */
export type Platform = "linux" | "windows" | "mac";

/** Keysyms that others refer to. Source: X.Org keysymdef.h, as all numbers in this file. */
export const keysyms = {
  shiftLeft: 0xffe1,
  shiftRight: 0xffe2,
  controlLeft: 0xffe3,
  controlRight: 0xffe4,
  altLeft: 0xffe9,
  altRight: 0xffea,
  superLeft: 0xffeb,
  superRight: 0xffec,
  level3: 0xfe03,
  menu: 0xff67,
  escape: 0xff1b,
  tab: 0xff09,
  delete: 0xffff,
  print: 0xff61,
  f1: 0xffbe,
} as const;

/** `key` of a KeyboardEvent (W3C UI Events KeyboardEvent key Values) to keysym. */
const named: Readonly<Record<string, number>> = {
  Backspace: 0xff08,
  Tab: keysyms.tab,
  Clear: 0xff0b,
  Enter: 0xff0d,
  Pause: 0xff13,
  ScrollLock: 0xff14,
  Escape: keysyms.escape,
  Home: 0xff50,
  ArrowLeft: 0xff51,
  ArrowUp: 0xff52,
  ArrowRight: 0xff53,
  ArrowDown: 0xff54,
  PageUp: 0xff55,
  PageDown: 0xff56,
  End: 0xff57,
  Select: 0xff60,
  PrintScreen: keysyms.print,
  Execute: 0xff62,
  Insert: 0xff63,
  Undo: 0xff65,
  Redo: 0xff66,
  ContextMenu: keysyms.menu,
  Find: 0xff68,
  Cancel: 0xff69,
  Help: 0xff6a,
  Delete: keysyms.delete,
  AltGraph: keysyms.level3,
  Convert: 0xff23,
  NonConvert: 0xff22,
  KanaMode: 0xff2d,
  HangulMode: 0xff31,
  HanjaMode: 0xff34,
  AudioVolumeDown: 0x1008ff11,
  AudioVolumeMute: 0x1008ff12,
  AudioVolumeUp: 0x1008ff13,
  MediaPlayPause: 0x1008ff14,
  MediaStop: 0x1008ff15,
  MediaTrackPrevious: 0x1008ff16,
  MediaTrackNext: 0x1008ff17,
  BrowserHome: 0x1008ff18,
  LaunchMail: 0x1008ff19,
  BrowserSearch: 0x1008ff1b,
  BrowserBack: 0x1008ff26,
  BrowserForward: 0x1008ff27,
  BrowserStop: 0x1008ff28,
  BrowserRefresh: 0x1008ff29,
  BrowserFavorites: 0x1008ff30,
};

/** The same keys on the keypad (`location` 3). */
const keypad: Readonly<Record<string, number>> = {
  Enter: 0xff8d,
  Home: 0xff95,
  ArrowLeft: 0xff96,
  ArrowUp: 0xff97,
  ArrowRight: 0xff98,
  ArrowDown: 0xff99,
  PageUp: 0xff9a,
  PageDown: 0xff9b,
  End: 0xff9c,
  Clear: 0xff9d,
  Insert: 0xff9e,
  Delete: 0xff9f,
  "=": 0xffbd,
  "*": 0xffaa,
  "+": 0xffab,
  "-": 0xffad,
  "/": 0xffaf,
  ".": 0xffae,
  ",": 0xffac,
};

/** Left and right; on a Mac, Option picks characters and Command stands where Alt is elsewhere. */
const modifiers: Readonly<Record<string, { usual: [number, number]; mac: [number, number] }>> = {
  Shift: both(keysyms.shiftLeft, keysyms.shiftRight),
  Control: both(keysyms.controlLeft, keysyms.controlRight),
  Alt: {
    usual: [keysyms.altLeft, keysyms.altRight],
    mac: [keysyms.level3, keysyms.level3],
  },
  Meta: {
    usual: [keysyms.superLeft, keysyms.superRight],
    mac: [keysyms.altLeft, keysyms.superRight],
  },
};

function both(left: number, right: number) {
  return { usual: [left, right], mac: [left, right] } satisfies (typeof modifiers)[string];
}

/** Keys whose state stays with the representative's keyboard: what they type shows it already. */
const kept = new Set(["CapsLock", "NumLock", "Fn", "FnLock", "Hyper", "Symbol", "SymbolLock"]);

/**
 * The X11 keysym of a key event. Undefined for keys that are not sent: locks, dead keys and keys
 * that take part in composing text, whose result arrives as text.
 */
export function keysymOf({ key, code, location }: KeyName, platform: Platform): number | undefined {
  if (kept.has(key)) return undefined;
  // X11 calls Alt with Shift Meta; the key is where it was.
  const modifier = own(modifiers, key === "Meta" && code.startsWith("Alt") ? "Alt" : key);
  if (modifier) return modifier[platform === "mac" ? "mac" : "usual"][location === 2 ? 1 : 0];
  const onKeypad = location === 3 || code.startsWith("Numpad");
  if (onKeypad && /^[0-9]$/.test(key)) return 0xffb0 + Number(key);
  const keypadKey = onKeypad ? own(keypad, key) : undefined;
  if (keypadKey !== undefined) return keypadKey;
  const functionKey = /^F([1-9]|[12][0-9]|3[0-5])$/.exec(key)?.[1];
  if (functionKey) return keysyms.f1 + Number(functionKey) - 1;
  return own(named, key) ?? keysymOfText(key);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The keysym of one character; undefined for none, several, or a control character. */
export function keysymOfText(text: string): number | undefined {
  const point = text.codePointAt(0);
  if (point === undefined || text.length > String.fromCodePoint(point).length) return undefined;
  if (isControl(point)) return undefined;
  if (point <= 0xff) return point;
  return legacy().get(point) ?? 0x1000000 + point;
}

function isControl(point: number): boolean {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

/**
 * The letter that a key bears on a US keyboard. With Control, Alt or Super held, programs look for
 * Latin letters, also where the keyboard types Cyrillic or Greek.
 */
export function latinOf({ key, code }: KeyName): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const isLatin = (key.codePointAt(0) ?? 0) < 0x250;
  return letter && !isLatin && [...key].length === 1 ? letter.toLowerCase() : key;
}

/** Special keys as the keysyms to press in order and release in reverse. */
export const specialKeySequences: Readonly<Record<SpecialKey, readonly number[]>> = {
  "ctrl-alt-delete": [keysyms.controlLeft, keysyms.altLeft, keysyms.delete],
  "alt-tab": [keysyms.altLeft, keysyms.tab],
  "alt-f4": [keysyms.altLeft, keysyms.f1 + 3],
  super: [keysyms.superLeft],
  menu: [keysyms.menu],
  escape: [keysyms.escape],
  "ctrl-escape": [keysyms.controlLeft, keysyms.escape],
  "print-screen": [keysyms.print],
  "ctrl-alt-t": [keysyms.controlLeft, keysyms.altLeft, 0x74],
  "ctrl-alt-f1": [keysyms.controlLeft, keysyms.altLeft, keysyms.f1],
  "ctrl-alt-f7": [keysyms.controlLeft, keysyms.altLeft, keysyms.f1 + 6],
};

/** Characters with a keysym older than Unicode, which keymaps still use for them. */
const singles: readonly (readonly [from: number, characters: string])[] = [
  [0x13bc, "ŒœŸ"],
  [0x20ac, "€"],
  [0x7d2, "Σ"],
  [0x7f2, "σς"],
  [0x8fb, "←↑→↓"],
  [0xaa9, "—–"],
  [0xaae, "…"],
  [0xac3, "⅛⅜⅝⅞"],
  [0xac9, "™"],
  [0xad0, "‘’“”"],
  [0xaf1, "†‡"],
  [0xafd, "‚„"],
  [0xef7, "₩"],
];

/** Old keysyms that follow an 8-bit character set: base, set, and which characters count. */
const sets: readonly (readonly [base: number, label: string, counts: RegExp])[] = [
  [0x100, "iso-8859-2", /[^\0-\xff]/],
  [0x200, "iso-8859-3", /[^\0-\xff]/],
  [0x300, "iso-8859-4", /[^\0-\xff]/],
  [0x600, "koi8-u", /\p{Script=Cyrillic}/u],
  [0x700, "iso-8859-7", /[Α-ΡΤ-Ωα-ρτ-ω]/],
];

let table: Map<number, number> | undefined;

function legacy(): Map<number, number> {
  table ??= makeLegacy();
  return table;
}

function makeLegacy(): Map<number, number> {
  const made = new Map<number, number>();
  const add = (character: string, keysym: number) => {
    const point = character.codePointAt(0) ?? 0;
    if (!made.has(point)) made.set(point, keysym);
  };
  for (const [from, characters] of singles) {
    [...characters].forEach((character, i) => add(character, from + i));
  }
  for (const [base, label, counts] of sets) {
    const decoder = new TextDecoder(label);
    for (let byte = 0xa1; byte <= 0xff; byte++) {
      const character = decoder.decode(Uint8Array.of(byte));
      if (counts.test(character) && character !== "\ufffd") add(character, base + byte);
    }
  }
  return made;
}
