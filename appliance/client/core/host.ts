/**
 * What the customer client needs from the computer it runs on: a screen to show, a pointer and a
 * keyboard to work, and a window through which the customer stays in charge. The core is written
 * against these contracts alone; each platform fulfils them beside its own system calls. Nothing
 * here knows Node, a page, or the wire.
 */

/** A rectangle in pixels of the root window; left and top inclusive, `width`, `height` > 0. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One monitor. `id` keeps its value while the monitor stays connected. */
export interface Display {
  id: number;
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  primary: boolean;
}

/**
 * The pointer's picture.
 * Shape: `rgba` holds width * height * 4 bytes, rows from the top, straight (not premultiplied)
 * alpha, so that it goes into an ImageData as it is. `serial` is equal for equal pictures as long
 * as the screen source lives.
 */
export interface CursorShape {
  serial: number;
  width: number;
  height: number;
  hotX: number;
  hotY: number;
  rgba: Uint8Array;
}

/**
 * The picture of a computer's whole desktop, kept up to date only where it is asked for.
 *
 * The order of use is: `onChange` fires, `takeDamage()`, `grab()` of those rectangles (or of a part
 * of them; what is left out must be remembered by the caller), read `pixels`. Damage is taken before
 * the grab, so a change between the two is reported again and never lost. The first `takeDamage()`,
 * and the first after every resize, answers the whole screen.
 */
export interface ScreenSource extends Disposable {
  /** Size in pixels; changes only right before `onResize` listeners are called. */
  readonly width: number;
  readonly height: number;
  /**
   * The whole screen, one number 0x00RRGGBB per pixel (BGRX bytes in little-endian order), rows
   * from the top, `width` pixels each. Another array after a resize. Where the platform can, the
   * array lies in a SharedArrayBuffer, so that a worker reads it without a copy.
   */
  readonly pixels: Uint32Array;
  /** The connected monitors, at least one, the primary one first. */
  displays(): Display[];
  /** Takes and clears what changed since the last call; clipped to the screen, may be empty. */
  takeDamage(): Rect[];
  /** Brings `pixels` up to date inside the rectangles and leaves the rest of it untouched. */
  grab(rects: readonly Rect[]): void;
  /** The pointer's picture, or undefined while it is the one of the last call. */
  cursor(): CursorShape | undefined;
  /** Where the pointer is, in root-window pixels. */
  pointer(): { x: number; y: number };
  /**
   * Something is waiting: damage, another cursor, a moved pointer. Fires once per kind until that
   * kind is taken by `takeDamage()`, `cursor()` or `pointer()`; the first time soon after opening.
   */
  onChange(listener: () => void): void;
  /** Monitors or size changed; `width`, `height` and `pixels` are the new ones. */
  onResize(listener: () => void): void;
  /** The display server is gone: nothing will come any more, calls are harmless. Fires once. */
  onLost(listener: (reason: string) => void): void;
}

/** Pointer buttons as X11 numbers them: left, middle, right, back, forward. */
export type PointerButton = 1 | 2 | 3 | 8 | 9;

/**
 * The customer's pointer and keyboard, worked by the representative. Calls take effect in the order
 * they are made, also while a `text()` is still being typed.
 */
export interface InputSink extends Disposable {
  /** Root-window pixels; clamped to the screen by the display server. */
  pointerMove(x: number, y: number): void;
  pointerButton(button: PointerButton, down: boolean): void;
  /** Notches, positive = right and down; parts of a notch add up over calls. */
  wheel(dx: number, dy: number): void;
  /**
   * Presses or releases a key by its X11 keysym (also 0x01000000 + code point for Unicode). The
   * keysym arrives as itself whatever the keyboard layout and the modifiers held; Control, Alt and
   * Super stay as they are, so that Control_L, then `c` is Ctrl+C. A second press without release
   * between is a repeat: the computer itself does not repeat keys pressed here, because on a slow
   * line a late release would turn into a row of characters.
   */
  key(keysym: number, down: boolean): void;
  /** Types the text whatever the layout; a line feed is Return. Resolves when all is typed. */
  text(text: string): Promise<void>;
  /** Releases every key and button still down and drops what is left of a `text()`. */
  releaseAll(): void;
}

/** What the help window shows besides chat; all texts in the customer's language. */
export interface HelpWindowState {
  siteName: string;
  /** Names of the representatives present; empty while waiting for one. */
  representatives: string[];
  /** One line such as "Connected" or "Waiting for a representative". */
  status: string;
  /** Lines such as "Can see your screen"; empty when nothing is allowed. */
  allowed: string[];
  recording: boolean;
  /** Whether the customer may send files. */
  maySendFiles?: boolean;
  /** Whether the customer may write; default: they may. */
  mayWrite?: boolean;
  warning?: string;
}

/**
 * The fixed texts of the help window, in the customer's language. `{site}`, `{name}` and
 * `{seconds}` are replaced; an underscore marks the letter that works with Alt.
 */
export interface HelpWindowTexts {
  /** Window title, the same all the time, for instance "Remote support – {site}". */
  title: string;
  /** Above the representatives' names, for instance "Helping you". */
  representatives: string;
  /** Above the list of what is allowed, for instance "Allowed now". */
  allowed: string;
  recording: string;
  /** Accessible name of the conversation. */
  chat: string;
  /** Accessible name of, and hint in, the box for a message. */
  chatEntry: string;
  /** Button, for instance "S_end". */
  send: string;
  /** Shown as the sender of the customer's own messages, for instance "You". */
  you: string;
  /** For instance "{name} is writing…". */
  typing: string;
  /** When a representative calls, for instance "{name} asks you to look here". */
  nudged: string;
  /** Above an address that a representative offers. */
  offered: string;
  /** Button of a file that came, for instance "Sa_ve". */
  saveFile: string;
  /** Button, for instance "_File…", and what it does: title of its dialog, and its name. */
  pickFile: string;
  pickFileTitle: string;
  /** Button of that dialog, for instance "Ca_ncel". */
  pickFileCancel: string;
  /** Button, for instance "_Stop". */
  stop: string;
  /** Button below what is allowed, for instance "_Take back". */
  takeBack: string;
  /** Below a question, for instance "No answer in {seconds} s means no". */
  secondsLeft: string;
  /** The question asked when the customer closes the window. */
  closeTitle: string;
  closeBody: string;
  /** Buttons of that question: end the help, or keep the window. */
  closeStop: string;
  closeKeep: string;
}

/** A yes-or-no question to the customer; a time-out, closing the window and abort mean no. */
export interface HelpQuestion {
  id: string;
  title: string;
  body: string;
  /** Button texts; an underscore marks the letter that works with Alt. */
  allowLabel: string;
  refuseLabel: string;
  /** Counted from when the question is shown: a second question waits for the first. */
  timeoutMs: number;
}

/** What the customer says to a question of the survey. */
export interface HelpAnswer {
  id: string;
  value: string;
}

/** Questions at the very end, in the customer's language; nobody has to answer. */
export interface HelpSurvey {
  title: string;
  questions: readonly { id: string; kind: "scale" | "yes-no" | "text"; text: string }[];
  /** What 1 and 5 mean. */
  worst: string;
  best: string;
  yes: string;
  no: string;
  /** Button text; an underscore marks the letter that works with Alt. */
  send: string;
  /** When the answers are kept, and when they could not be. */
  thanks: string;
  failed: string;
}

/** The last words, when the session is over. */
export interface HelpEnding {
  /** Who ended it. */
  title: string;
  /** What that means: nobody sees or controls the computer. */
  body: string;
  /** What is left to know; empty: nothing. */
  note: string;
  /** Button text; an underscore marks the letter that works with Alt. */
  closeLabel: string;
  survey?: HelpSurvey;
}

/** Asks for a session key in one big box. */
export interface KeyQuestion {
  title: string;
  body: string;
  okLabel: string;
  cancelLabel: string;
}

/** One line of the conversation; `at` in Unix ms. */
export interface HelpChatMessage {
  from: string;
  text: string;
  mine: boolean;
  at: number;
  /** A representative offers the page whose address is the text. */
  isOffer?: boolean;
  /** The line announces a file: number of the line. */
  fileId?: number;
  /** The file can be saved on this computer. */
  canSave?: boolean;
  /** Nobody says it, something was done: there to be read, and no reason to call the customer. */
  isDeed?: boolean;
}

/**
 * The customer's always visible window: who helps, what they may do, chat, and Stop. Whoever owns
 * it holds back injected input while a question is open, so that a representative cannot answer it.
 */
export interface HelpWindow extends Disposable {
  /** Shows this state; equal states change nothing. */
  show(state: HelpWindowState): void;
  /** True only when the customer pressed the allowing button. */
  ask(question: HelpQuestion, signal?: AbortSignal): Promise<boolean>;
  /** The digits typed, as typed; undefined when cancelled. `error` is shown below the box. */
  askKey(question: KeyQuestion, error?: string): Promise<string | undefined>;
  /**
   * Shows last words and the conversation so far, and nothing else to do. Resolves to true when the
   * customer has closed it, or to false when there is no window to show them in.
   */
  end(
    ending: HelpEnding,
    /** Keeps what is answered to the survey; called once. */
    answered?: (answers: readonly HelpAnswer[]) => Promise<void>,
  ): Promise<boolean>;
  addChat(message: HelpChatMessage): void;
  /** Comes forward, since the representative of that name asks the customer to look. */
  nudge(name: string): void;
  /** Says how the file of a line stands; `canSave`: whether it is still there to be saved. */
  setFile(id: number, state: { text: string; canSave: boolean }): void;
  /** Shows who is writing; undefined = nobody. */
  setTyping(name: string | undefined): void;
  /** The customer sent a message; the caller shows it with `addChat`. */
  onChat(listener: (text: string) => void): void;
  /** The customer is writing; at most once a second. */
  onTyping(listener: () => void): void;
  /** The customer wants the file of a line. */
  onSaveFile(listener: (id: number) => void): void;
  /** The customer has chosen a file to be sent. */
  onPickFile(listener: (path: string) => void): void;
  /** What is allowed is to be taken back; the session goes on. */
  onTakeBack(listener: () => void): void;
  /**
   * Stop was pressed, closing was confirmed, or the window could not be kept open on a display that
   * is still there.
   */
  onStop(listener: () => void): void;
  /**
   * The display is gone and the window with it. Open questions were answered with no; new ones are,
   * too. What is to be shown is kept for `reopen`.
   */
  onDisplayLost(listener: () => void): void;
  /** Opens the window again on the same display, as it was; false while that cannot be done. */
  reopen(): Promise<boolean>;
}
