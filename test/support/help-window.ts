import type { Desktop } from "./desktop.ts";
import { poll } from "./poll.ts";

/** What the title of the help window begins with, in English. */
export const helpWindowTitle = "Remote support –";

/** The customer's help window, used as a person uses it: with mouse and keyboard. */
export class CustomerWindow {
  readonly #desktop: Desktop;
  readonly #title: string;

  /** Waits until the client shows it. */
  static async shown(desktop: Desktop, title = helpWindowTitle): Promise<CustomerWindow> {
    await desktop.window(title);
    return new CustomerWindow(desktop, title);
  }

  private constructor(desktop: Desktop, title: string) {
    this.#desktop = desktop;
    this.#title = title;
  }

  /**
   * Presses Allow until it has the effect: the window takes no answer in the first second of a
   * question. Resolves to when the answer that counted was pressed, on `performance.now()`'s clock.
   */
  allow(effect: string, happened: () => boolean | Promise<boolean>): Promise<number> {
    return this.press("alt+a", effect, happened);
  }

  /** Presses keys until they have the effect; resolves to when they last were, as `allow` does. */
  async press(
    keys: string,
    effect: string,
    happened: () => boolean | Promise<boolean>,
  ): Promise<number> {
    let pressedAt = performance.now();
    await poll(effect, async () => {
      await this.focus();
      pressedAt = performance.now();
      await this.#desktop.xdotool("key", keys);
      const endsAt = pressedAt + 1_500;
      while (performance.now() < endsAt) {
        if (await happened()) return true;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return false;
    });
    return pressedAt;
  }

  /** Writes a line in the chat. */
  async writeChat(text: string): Promise<void> {
    await this.focus();
    await this.#desktop.xdotool("type", "--delay", "5", text);
    await this.#desktop.xdotool("key", "Return");
  }

  /** Waits until the client has taken itself away. */
  async gone(): Promise<void> {
    await poll("the help window is gone", async () => !(await this.isShown()));
  }

  /** Reads the last words, closes them, and waits until the client has taken itself away. */
  async dismiss(): Promise<void> {
    // The window takes nothing in the first half second of the last words; in a session that has not
    // ended yet, Return in the empty box for a message does nothing.
    await poll("the last words are closed", async () => {
      if (!(await this.isShown())) return true;
      const search = ["search", "--onlyvisible", "--name", this.#title];
      // It may go between one look and the next; the key goes to whatever has the keyboard then.
      await this.#desktop.xdotool(...search, "windowactivate").catch(() => "");
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (await this.isShown()) await this.#desktop.xdotool("key", "Return");
      await new Promise((resolve) => setTimeout(resolve, 100));
      return !(await this.isShown());
    });
  }

  async isShown(): Promise<boolean> {
    const search = ["search", "--onlyvisible", "--name", this.#title];
    return (await this.#desktop.xdotool(...search).catch(() => "")) !== "";
  }

  async focus(): Promise<void> {
    const id = await this.#desktop.window(this.#title);
    await this.#desktop.xdotool("windowactivate", "--sync", id);
  }
}
