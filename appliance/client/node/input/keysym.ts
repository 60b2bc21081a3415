/** Keysyms: their numbers and kinds. Source: X11/keysymdef.h; X11 protocol, appendix A. */
import { keysymOfCodePoint } from "../x11/extensions.ts";

/** Keysyms from here on are code points plus this. */
export const UNICODE = 0x01000000;

/** The keysyms that are named in this room. */
export const keysyms = {
  tab: 0xff09,
  return: 0xff0d,
  numLock: 0xff7f,
  shiftLeft: 0xffe1,
  shiftRight: 0xffe2,
  modeSwitch: 0xff7e,
  level3Shift: 0xfe03,
} as const;

/** The one number under which a keysym is looked up: the older one where there are two. */
export function canonical(keysym: number): number {
  if (keysym < UNICODE) return keysym;
  return keysymOfCodePoint()?.(keysym - UNICODE) ?? keysym;
}

/** The keysym that types a character; undefined for control characters other than tab and line ends. */
export function keysymOf(character: string): number | undefined {
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint === 0x0a || codePoint === 0x0d) return keysyms.return;
  if (codePoint === 0x09) return keysyms.tab;
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return undefined;
  return codePoint < 0x100 ? codePoint : canonical(UNICODE + codePoint);
}

/** Shift, Control, Alt, Super, the level shifts and the locks. */
export function isModifier(keysym: number): boolean {
  return (
    (keysym >= 0xffe1 && keysym <= 0xffee) ||
    (keysym >= 0xfe01 && keysym <= 0xfe13) ||
    keysym === keysyms.modeSwitch ||
    keysym === keysyms.numLock
  );
}

/**
 * Keys such as Left, F5 or Tab, which mean the same key whatever the modifiers: Shift+Tab is Tab
 * pressed with Shift, not a Tab without it. The number pad and dead keys are not among them.
 */
export function isFunction(keysym: number): boolean {
  const isKeypad = keysym >= 0xff80 && keysym <= 0xffbd;
  const isDead = keysym >= 0xfe50 && keysym <= 0xfe9f;
  return keysym >= 0xfd00 && keysym <= 0xffff && !isKeypad && !isDead;
}
