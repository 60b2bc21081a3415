import type { ClipboardHost } from "./host.ts";

/**
 * Lends one clipboard to the tools of both directions: opened by the first that uses it, gone when
 * the last one has given it back, and with it whatever was placed there.
 */
export class SharedClipboard {
  readonly #open: () => ClipboardHost;
  #host: ClipboardHost | undefined;
  #uses = 0;

  constructor(open: () => ClipboardHost) {
    this.#open = open;
  }

  /** A view of the clipboard, to be disposed of. */
  take(): ClipboardHost {
    const host = (this.#host ??= this.#open());
    this.#uses++;
    const use = new DisposableStack();
    use.defer(() => this.#giveBack());
    return {
      read: () => host.read(),
      place: (copy) => host.place(copy),
      onChange: (listener) => use.use(host.onChange(listener)),
      [Symbol.dispose]: () => use.dispose(),
    };
  }

  #giveBack(): void {
    if (--this.#uses > 0) return;
    this.#host?.[Symbol.dispose]();
    this.#host = undefined;
  }
}
