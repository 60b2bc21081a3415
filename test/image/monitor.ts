import { connect, type Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";

/** QEMU's monitor (QMP): JSON lines over a socket; events are passed over. */
export class Monitor implements Disposable {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string, undefined>;

  private constructor(socket: Socket, reader: Interface) {
    this.#socket = socket;
    this.#lines = reader[Symbol.asyncIterator]();
  }

  /** Connects; the socket must be there. */
  static async connect(file: string): Promise<Monitor> {
    const socket = connect(file);
    // QEMU ends with the machine, and its end of the socket with it.
    socket.on("error", () => undefined);
    const monitor = new Monitor(socket, createInterface({ input: socket }));
    await monitor.#next();
    await monitor.execute("qmp_capabilities");
    return monitor;
  }

  /** Has QEMU do something, and waits until it has. @throws Error with QEMU's reason */
  async execute(command: string, args: object = {}): Promise<unknown> {
    this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const answer = await this.#next();
      if ("error" in answer) throw new Error(`${command}: ${JSON.stringify(answer.error)}`);
      if ("return" in answer) return answer.return;
    }
  }

  async #next(): Promise<object & { return?: unknown; error?: unknown }> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("QEMU has ended");
    return JSON.parse(value) as object;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
