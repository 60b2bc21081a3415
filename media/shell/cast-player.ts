import "@xterm/xterm/css/xterm.css";
import { type ITheme, Terminal } from "@xterm/xterm";
import { type Cast, type CastEvent, type CastHit, searchCast } from "./cast.ts";

/** Speeds that a player offers. */
export const castSpeeds = [0.5, 1, 2, 4, 8] as const;

const tickMs = 40;
/** The longest pause that is played when pauses are skipped, ms. */
const idleMs = 1_000;
const scrollback = 5_000;

/** How playing stands. */
export interface CastState {
  readonly positionMs: number;
  readonly durationMs: number;
  readonly isPlaying: boolean;
  readonly isAtEnd: boolean;
}

/** What a player is made with. */
export interface CastPlayerOptions {
  readonly cast: Cast;
  /** Where the terminal is shown. */
  readonly parent: HTMLElement;
  /** Of the page's content security policy: xterm.js makes style sheets of its own. */
  readonly nonce: string;
  readonly theme: ITheme;
  readonly fontFamily: string;
  readonly onState: (state: CastState) => void;
}

/**
 * Plays a recorded shell in a terminal: nothing that is in it can reach beyond the picture, and the
 * terminal's answers to it go nowhere.
 */
export class CastPlayer {
  readonly #cast: Cast;
  readonly #terminal: Terminal;
  readonly #onState: (state: CastState) => void;
  #positionMs = 0;
  #next = 0;
  #speed = 1;
  #skipsIdle = true;
  #timer: ReturnType<typeof setInterval> | undefined;
  #tickedAt = 0;

  constructor(options: CastPlayerOptions) {
    const { cast, parent } = options;
    this.#cast = cast;
    this.#onState = options.onState;
    this.#terminal = new Terminal({
      cols: cast.columns,
      rows: cast.rows,
      scrollback,
      disableStdin: true,
      screenReaderMode: true,
      theme: options.theme,
      fontFamily: options.fontFamily,
      fontSize: 13,
      // The shell chose its colours for another background than the reader's.
      minimumContrastRatio: 4.5,
      linkHandler: { activate: () => undefined },
    });
    withNonce(options.nonce, () => this.#terminal.open(parent));
    this.seek(0);
  }

  get state(): CastState {
    const { durationMs } = this.#cast;
    return {
      positionMs: this.#positionMs,
      durationMs,
      isPlaying: this.#timer !== undefined,
      isAtEnd: this.#next >= this.#cast.events.length,
    };
  }

  play(): void {
    if (this.#timer !== undefined) return;
    if (this.state.isAtEnd) this.#rewind();
    this.#tickedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), tickMs);
    this.#tell();
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#tell();
  }

  toggle(): void {
    if (this.#timer === undefined) this.play();
    else this.pause();
  }

  /** Shows the terminal as it was at that moment. */
  seek(toMs: number): void {
    const target = Math.min(Math.max(0, toMs), this.#cast.durationMs);
    if (target < this.#positionMs) this.#rewind();
    this.#showUntil(target);
    this.#tell();
  }

  seekBy(ms: number): void {
    this.seek(this.#positionMs + ms);
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
  }

  setSkipsIdle(skips: boolean): void {
    this.#skipsIdle = skips;
  }

  setTheme(theme: ITheme): void {
    this.#terminal.options.theme = theme;
  }

  search(wanted: string): CastHit[] {
    return searchCast(this.#cast, wanted);
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#terminal.dispose();
  }

  #tick(): void {
    const nowMs = performance.now();
    let to = this.#positionMs + (nowMs - this.#tickedAt) * this.#speed;
    this.#tickedAt = nowMs;
    const next = this.#cast.events[this.#next];
    if (next && this.#skipsIdle) to = Math.max(to, next.at - idleMs);
    this.#showUntil(Math.min(to, this.#cast.durationMs));
    if (this.state.isAtEnd) this.pause();
    else this.#tell();
  }

  #rewind(): void {
    const { columns, rows } = this.#cast;
    // RIS, and in its place: what was written before may not have been taken yet.
    this.#terminal.write("\u001bc", () => this.#terminal.resize(columns, rows));
    this.#positionMs = 0;
    this.#next = 0;
  }

  #showUntil(toMs: number): void {
    const { events } = this.#cast;
    let output = "";
    for (; this.#next < events.length; this.#next++) {
      const event = events[this.#next];
      if (!event || event.at > toMs) break;
      if (event.kind === "output") output += event.text;
      else {
        this.#terminal.write(output);
        output = "";
        this.#show(event);
      }
    }
    this.#terminal.write(output);
    this.#positionMs = toMs;
  }

  #show(event: CastEvent): void {
    if (event.kind !== "size") return;
    const { columns, rows } = event;
    // In its place among the output, which the terminal takes later.
    this.#terminal.write("", () => this.#terminal.resize(columns, rows));
  }

  #tell(): void {
    this.#onState(this.state);
  }
}

/** Does what makes style sheets, each of which then carries the nonce that lets it in. */
function withNonce(nonce: string, work: () => void): void {
  const createElement = document.createElement.bind(document);
  const own = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const made = createElement(name, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  };
  // For this moment only: not all that xterm.js makes comes from the document that it is given.
  Object.defineProperty(document, "createElement", { value: own, configurable: true });
  try {
    work();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}
