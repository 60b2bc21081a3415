import type { SystemTool } from "./system.ts";
import type { ToolHost, ToolUse } from "./tools.ts";

/**
 * The snapshot of this computer that the appliance keeps with the session: system information,
 * read as ever. A channel that ends in good order has brought all of it to where it is kept, and
 * that is what the customer is told then.
 */
export class SnapshotTool implements ToolHost {
  readonly #system: SystemTool;

  constructor(system: SystemTool) {
    this.#system = system;
  }

  use({ channel, by, report }: ToolUse): void {
    const read: string[] = [];
    const noted = (_event: string, { category }: Readonly<Record<string, unknown>>): void =>
      void read.push(String(category));
    this.#system.use({ channel, by, report: noted });
    const { listener } = channel;
    channel.listener = {
      message: (bytes) => listener.message?.(bytes),
      closed: (code, reason) => {
        listener.closed?.(code, reason);
        if (!code) report("snapshot.kept", { categories: read.join(" ") });
      },
    };
  }

  [Symbol.dispose](): void {
    this.#system[Symbol.dispose]();
  }
}
