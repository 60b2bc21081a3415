/**
 * What the terminal of a customer's computer may say to the terminal here. Colours, movements of the
 * cursor and modes pass; what reaches beyond the picture is taken out: the clipboard (OSC 52), titles,
 * links, notifications, and marks that VS Code and others trust as their own shell's (OSC 7, 8, 9,
 * 133, 633, 777, 1337), strings of devices (DCS, APC, PM, SOS) and operations on the window.
 * Sources: ECMA-48; xterm control sequences; VS Code, "Terminal shell integration".
 */

/** Operating system commands that only concern colours; everything else is left out. */
const harmlessCommands = new Set(["4", "10", "11", "12", "104", "110", "111", "112"]);
/** Longest sequence that passes; a longer one is none. */
const maxSequence = 512;

const escape = "\u001b";
const bell = "\u0007";
/** Where plain text ends: ESC, or an 8-bit control as terminals still understand them. */
const special = new RegExp("[\\u001b\\u0080-\\u009f]", "g");
/** 7-bit forms of the 8-bit controls that introduce something. */
const introducers: Readonly<Record<string, string>> = {
  "\u0090": "P",
  "\u0098": "X",
  "\u009b": "[",
  "\u009d": "]",
  "\u009e": "^",
  "\u009f": "_",
};

type State = "plain" | "escape" | "intermediate" | "control" | "command" | "string";

/** Takes out of a stream what must not reach the viewer's terminal, wherever it is cut. */
export class OutputFilter {
  #state: State = "plain";
  /** The sequence so far; no longer kept once it is longer than what passes. */
  #held = "";
  /** Within a string: the last character was ESC, which may begin its end. */
  #maybeEnd = false;

  /** What of this text may be shown. */
  push(text: string): string {
    let shown = "";
    for (let at = 0; at < text.length;) {
      if (this.#state !== "plain") {
        shown += this.#next(text.charAt(at));
        at++;
        continue;
      }
      special.lastIndex = at;
      const found = special.exec(text)?.index ?? text.length;
      shown += text.slice(at, found);
      if (found < text.length) this.#introduce(text.charAt(found));
      at = found + 1;
    }
    return shown;
  }

  /** Forgets what has begun: something is missing in the stream. */
  reset(): void {
    this.#state = "plain";
    this.#held = "";
    this.#maybeEnd = false;
  }

  #introduce(character: string): void {
    this.reset();
    if (character === escape) {
      this.#state = "escape";
      this.#held = escape;
      return;
    }
    const kind = introducers[character];
    // The others move the cursor at most; nothing of today sends them.
    if (kind !== undefined) this.#begin(kind);
  }

  #begin(kind: string): void {
    this.#held = escape + kind;
    if (kind === "[") this.#state = "control";
    else this.#state = kind === "]" ? "command" : "string";
  }

  /** One more character of a sequence; what is to be shown now. */
  #next(character: string): string {
    const isString = this.#state === "command" || this.#state === "string";
    return isString ? this.#within(character) : this.#sequence(character);
  }

  /** Within an escape or control sequence, as a terminal's parser goes through it. */
  #sequence(character: string): string {
    if (this.#isBrokenOff(character)) return "";
    // Line ends and the like act at once and do not end it: they count as if they stood before.
    if (character < " ") return character;
    if (character === "\u007f") return "";
    if (character > "\u007f") {
      this.reset();
      return character;
    }
    if (this.#state === "escape" && "[]PX^_".includes(character)) {
      this.#begin(character);
      return "";
    }
    const isFinal = this.#state === "control" ? character >= "@" : character > "/";
    if (isFinal) return this.#finished(character);
    if (this.#state === "escape") this.#state = "intermediate";
    this.#keep(character);
    return "";
  }

  #finished(character: string): string {
    // Operations on the window make the terminal type its title, or change its size.
    const isOfWindow = this.#state === "control" && character === "t";
    const isWhole = this.#held.length <= maxSequence;
    const sequence = this.#held + character;
    this.reset();
    return isWhole && !isOfWindow ? sequence : "";
  }

  /** Within a command or string: dropped until it ends, unless it is short and harmless. */
  #within(character: string): string {
    if (this.#maybeEnd) {
      this.#maybeEnd = false;
      if (character === "\\") return this.#ended();
      this.#introduce(escape);
      return this.#next(character);
    }
    if (character === escape) {
      this.#maybeEnd = true;
      return "";
    }
    if (character === "\u009c" || (character === bell && this.#state === "command")) {
      return this.#ended();
    }
    if (!this.#isBrokenOff(character)) this.#keep(character);
    return "";
  }

  #ended(): string {
    const [, number, body] = /^\u001b\](\d+)(.*)$/s.exec(this.#held) ?? [];
    const isWhole = this.#held.length <= maxSequence;
    const isHarmless = isWhole && number !== undefined && harmlessCommands.has(number);
    this.reset();
    return isHarmless ? `${escape}]${number}${body ?? ""}${bell}` : "";
  }

  /** CAN and SUB end any sequence; ESC and the 8-bit controls begin another. */
  #isBrokenOff(character: string): boolean {
    const isIntroducer = character === escape || (character >= "\u0080" && character <= "\u009f");
    if (isIntroducer) this.#introduce(character);
    else if (character === "\u0018" || character === "\u001a") this.reset();
    else return false;
    return true;
  }

  #keep(character: string): void {
    // One more than passes is kept, so that it is known to be too long.
    if (this.#held.length <= maxSequence) this.#held += character;
  }
}
