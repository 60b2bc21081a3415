import { Keyboard, type KeyboardOutput } from "./keyboard.ts";
import type { Platform } from "./keysym.ts";
import { modifiersOf } from "./pointer.ts";

/** What the grab tells its owner. */
export interface GrabListener extends KeyboardOutput {
  /** Whether a grab may begin now: input must be going somewhere. */
  mayGrab(): boolean;
  grabbed(isGrabbed: boolean): void;
  /** Every key and button must go up on the other side. */
  releaseAll(): void;
}

/**
 * The page's keyboard. It is given to the remote computer by a click on the screen or by Enter while
 * the screen has the focus, and taken back by Ctrl+Alt+Shift or by the focus going elsewhere; until
 * then Tab and every shortcut do what they always do, so that nobody is trapped. While it is given,
 * events stop below `window`, where an editor around the page would act on them.
 *
 * The focus sits in a text box that cannot be seen: only there do browsers compose dead keys, input
 * methods and virtual keyboards into text.
 */
export class KeyboardGrab {
  readonly #box: HTMLTextAreaElement;
  readonly #listener: GrabListener;
  readonly #keyboard: Keyboard;
  readonly #abort = new AbortController();
  #isGrabbed = false;

  constructor(box: HTMLTextAreaElement, listener: GrabListener, platform: Platform) {
    this.#box = box;
    this.#listener = listener;
    this.#keyboard = new Keyboard(listener, platform);
    box.readOnly = true;
    const { signal } = this.#abort;
    box.addEventListener("keydown", (event) => this.#key(event), { signal });
    box.addEventListener("keyup", (event) => this.#key(event), { signal });
    box.addEventListener("blur", () => this.release(), { signal });
    box.addEventListener("compositionend", () => this.#takeText(), { signal });
    box.addEventListener(
      "input",
      (event) => {
        const isComposing = event instanceof InputEvent && event.isComposing;
        if (!isComposing) this.#takeText();
      },
      { signal },
    );
  }

  get isGrabbed(): boolean {
    return this.#isGrabbed;
  }

  /** The modifiers, for events of the mouse. */
  get keyboard(): Keyboard {
    return this.#keyboard;
  }

  grab(): void {
    if (this.#isGrabbed || !this.#listener.mayGrab()) return;
    this.#box.focus({ preventScroll: true });
    this.#isGrabbed = true;
    this.#box.readOnly = false;
    this.#box.value = "";
    this.#listener.grabbed(true);
  }

  /** Gives the keyboard back; the focus stays where it is. */
  release(): void {
    if (!this.#isGrabbed) return;
    this.#isGrabbed = false;
    this.#box.readOnly = true;
    this.#keyboard.reset();
    this.#listener.releaseAll();
    this.#listener.grabbed(false);
  }

  dispose(): void {
    this.release();
    this.#abort.abort();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#isGrabbed) return this.#keyBefore(event);
    event.stopPropagation();
    const { key, code, location, repeat, isComposing } = event;
    const type = event.type === "keyup" ? "keyup" : "keydown";
    const input = { type, key, code, location, repeat, isComposing } as const;
    const fate = this.#keyboard.take({ ...input, ...modifiersOf(event) });
    if (fate !== "composing") event.preventDefault();
    if (fate === "released") this.release();
  }

  /** Enter takes the keyboard; the same key's way up then belongs to nobody. */
  #keyBefore(event: KeyboardEvent): void {
    if (event.type !== "keydown" || event.key !== "Enter" || !this.#listener.mayGrab()) return;
    event.preventDefault();
    event.stopPropagation();
    this.grab();
  }

  #takeText(): void {
    const text = this.#box.value;
    this.#box.value = "";
    if (this.#isGrabbed) this.#keyboard.compose(text);
  }
}
