import { Appliance } from "./appliance.ts";
import { Desktop } from "./desktop.ts";

/** An appliance that is set up, and the desktop of a customer's computer: real ones both. */
export class Scene implements AsyncDisposable {
  readonly appliance: Appliance;
  readonly desktop: Desktop;
  readonly #stack: AsyncDisposableStack;

  static async start(): Promise<Scene> {
    await using stack = new AsyncDisposableStack();
    const [appliance, desktop] = await Promise.all([
      Appliance.start(),
      Desktop.start({ width: 1024, height: 768 }),
    ]);
    stack.use(appliance);
    stack.use(desktop);
    await appliance.setUp();
    return new Scene({ appliance, desktop }, stack.move());
  }

  private constructor(
    parts: { appliance: Appliance; desktop: Desktop },
    stack: AsyncDisposableStack,
  ) {
    this.appliance = parts.appliance;
    this.desktop = parts.desktop;
    this.#stack = stack;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
