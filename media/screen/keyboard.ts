import { type KeyName, keysymOf, keysyms, latinOf, type Platform } from "./keysym.ts";

/** The parts of a KeyboardEvent that count. */
export interface KeyInput extends KeyName, ModifierState {
  readonly type: "keydown" | "keyup";
  readonly repeat: boolean;
  readonly isComposing: boolean;
}

/** Which modifiers an event (also one of the mouse) says are held. */
export interface ModifierState {
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** Chooses characters of the third level, and on Windows also sets ctrlKey and altKey. */
  readonly altGraph: boolean;
}

/** Where keys go. */
export interface KeyboardOutput {
  key(keysym: number, down: boolean): void;
  text(text: string): void;
}

/** What becomes of an event in the page. */
export type Fate =
  /** Sent, or deliberately not sent: the page must not act on it. */
  | "taken"
  /** Left to the input method, whose text is sent when it is done. */
  | "composing"
  /** The chord that gives the keyboard back. */
  | "released";

/** Keys that the chord consists of; it counts when they go up with no other key between. */
const chord = ["Control", "Alt", "Shift"];

const modifierCodes = [
  { flag: "shiftKey", left: "ShiftLeft", right: "ShiftRight", keysym: keysyms.shiftLeft },
  { flag: "ctrlKey", left: "ControlLeft", right: "ControlRight", keysym: keysyms.controlLeft },
  { flag: "altKey", left: "AltLeft", right: "AltRight", keysym: keysyms.altLeft },
  { flag: "metaKey", left: "MetaLeft", right: "MetaRight", keysym: keysyms.superLeft },
] as const;

/**
 * Turns key events into keysyms pressed and released on the other side. Knows which keys it has
 * pressed there, so that each goes up as what it went down as, whatever happened to modifiers in
 * between, and so that nothing stays pressed for ever.
 */
export class Keyboard {
  readonly #output: KeyboardOutput;
  readonly #platform: Platform;
  /** `code` to the keysym that was pressed. */
  readonly #held = new Map<string, number>();
  /** Windows announces AltGr as Control; whether it is one shows with the next event. */
  #heldBack: KeyInput | undefined;
  #isDeadPending = false;
  #chordReady = false;
  readonly #chordHeld = new Set<string>();

  constructor(output: KeyboardOutput, platform: Platform) {
    this.#output = output;
    this.#platform = platform;
  }

  take(input: KeyInput): Fate {
    if (this.#followChord(input)) return "released";
    if (input.isComposing || input.key === "Process") {
      if (input.type === "keyup") this.#release(input.code);
      return "composing";
    }
    return input.type === "keydown" ? this.#down(input) : this.#up(input);
  }

  /** Text from the input method, a dead key, or a virtual keyboard. */
  compose(text: string): void {
    this.#isDeadPending = false;
    if (text !== "") this.#output.text(text);
  }

  /**
   * Brings the modifiers of the other side in line with an event's: they may have been pressed or
   * let go while the keyboard was elsewhere.
   */
  synchronise(state: ModifierState): void {
    this.#letGoHeldBack();
    for (const { flag, left, right, keysym } of modifierCodes) {
      const isHeld = this.#held.has(left) || this.#held.has(right);
      if (isHeld && !state[flag]) this.#release(left, right);
      // Option on a Mac and AltGr elsewhere choose characters, which arrive as themselves.
      const isReal = !state.altGraph && !(flag === "altKey" && this.#platform === "mac");
      const mine = flag === "metaKey" && this.#platform === "mac" ? keysyms.altLeft : keysym;
      if (!isHeld && state[flag] && isReal) this.#press(left, mine);
    }
  }

  /** Forgets everything; the caller tells the other side to release all. */
  reset(): void {
    this.#held.clear();
    this.#chordHeld.clear();
    this.#heldBack = undefined;
    this.#isDeadPending = false;
    this.#chordReady = false;
  }

  #down(input: KeyInput): Fate {
    if (this.#platform === "windows" && input.code === "ControlLeft" && !input.repeat) {
      this.#letGoHeldBack();
      this.#heldBack = input;
      return "taken";
    }
    if (input.key === "AltGraph" && this.#heldBack) this.#heldBack = undefined;
    this.#letGoHeldBack();
    if (input.key === "Dead") {
      this.#isDeadPending = true;
      return "composing";
    }
    if (!isModifier(input.key)) this.#synchroniseBefore(input);
    if (this.#isDeadPending && !isModifier(input.key)) {
      this.#isDeadPending = false;
      // The browser makes ê of ^ and e, and ^x of ^ and x: only it knows.
      if ([...input.key].length === 1) return "composing";
    }
    const keysym = this.#keysymOf(input);
    if (keysym !== undefined) this.#pressKey(input, keysym);
    return "taken";
  }

  #up(input: KeyInput): Fate {
    if (this.#heldBack?.code === input.code) this.#letGoHeldBack();
    this.#release(input.code);
    return "taken";
  }

  #pressKey(input: KeyInput, keysym: number): void {
    this.#press(input.code, keysym);
    // While Command is held, a Mac tells nothing of other keys going up.
    const isSilent = this.#platform === "mac" && input.metaKey && !isModifier(input.key);
    if (isSilent) this.#release(input.code);
  }

  #keysymOf(input: KeyInput): number | undefined {
    const isShortcut = (input.ctrlKey || input.altKey || input.metaKey) && !input.altGraph;
    const key = isShortcut ? latinOf(input) : input.key;
    return keysymOf({ key, code: input.code, location: input.location }, this.#platform);
  }

  /** As `synchronise`, but a key event of a character chosen by AltGr proves nothing of Control. */
  #synchroniseBefore(input: KeyInput): void {
    if (!input.altGraph) this.synchronise(input);
  }

  #letGoHeldBack(): void {
    const input = this.#heldBack;
    this.#heldBack = undefined;
    if (input) this.#press(input.code, keysyms.controlLeft);
  }

  #press(code: string, keysym: number): void {
    const before = this.#held.get(code);
    if (before !== undefined && before !== keysym) this.#output.key(before, false);
    this.#held.set(code, keysym);
    this.#output.key(keysym, true);
  }

  #release(...codes: string[]): void {
    for (const code of codes) {
      const keysym = this.#held.get(code);
      this.#held.delete(code);
      if (keysym !== undefined) this.#output.key(keysym, false);
    }
  }

  #followChord({ type, code }: KeyInput): boolean {
    // By place, because Alt with Shift is called Meta on some systems.
    const part = chord.find((name) => code.startsWith(name));
    if (!part) {
      this.#chordReady = false;
      return false;
    }
    if (type === "keydown") {
      this.#chordHeld.add(part);
      this.#chordReady = this.#chordHeld.size === chord.length;
      return false;
    }
    const isComplete = this.#chordReady;
    this.#chordReady = false;
    this.#chordHeld.delete(part);
    return isComplete;
  }
}

function isModifier(key: string): boolean {
  return ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock"].includes(key);
}
