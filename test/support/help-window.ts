import type { Desktop } from "./desktop.ts";
import { poll } from "./poll.ts";

const title = "Handrail —";

/** The customer's help window, used as a person uses it: with mouse and keyboard. */
export class CustomerWindow {
  readonly #desktop: Desktop;

  /** Waits until the client shows it. */
  static async shown(desktop: Desktop): Promise<CustomerWindow> {
    await desktop.window(title);
    return new CustomerWindow(desktop);
  }

  private constructor(desktop: Desktop) {
    this.#desktop = desktop;
  }

  /**
   * Presses Allow until it has the effect: the window takes no answer in the first half second of a
   * question. Resolves to when the answer that counted was pressed, on `performance.now()`'s clock.
   */
  async allow(effect: string, happened: () => boolean | Promise<boolean>): Promise<number> {
    let pressedAt = performance.now();
    await poll(effect, async () => {
      await this.focus();
      pressedAt = performance.now();
      await this.#desktop.xdotool("key", "alt+a");
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
    await poll("the help window is gone", async () => {
      const search = ["search", "--onlyvisible", "--name", title];
      return (await this.#desktop.xdotool(...search).catch(() => "")) === "";
    });
  }

  async focus(): Promise<void> {
    await this.#desktop.xdotool("windowactivate", "--sync", await this.#desktop.window(title));
  }
}
