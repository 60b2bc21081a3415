import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "../line/line-error.ts";
import type { Line } from "./line.ts";
import type { SyslogTarget } from "./target.ts";

/** How long a closed port has to say so, ms. */
const objectionWithinMs = 300;

/** Messages one to a datagram (RFC 5426): whether they arrive nobody says. @throws LineError */
export async function openDatagramLine(target: SyslogTarget, clock: Clock): Promise<Line> {
  const { address, family } = await lookup(target.host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(target.port, address, () => {
      socket.off("error", reject);
      resolve();
    });
  });
  return new DatagramLine(socket, clock);
}

class DatagramLine implements Line {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #fault: LineError | undefined;
  #isClosed = false;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    // What the network says of a datagram comes later: a closed port, no way there.
    socket.on("error", (error) => {
      this.#fault = toLineError(error);
      this[Symbol.dispose]();
    });
  }

  get fault(): LineError | undefined {
    return this.#fault ?? (this.#isClosed ? new LineError("lost") : undefined);
  }

  send(message: Buffer): Promise<void> {
    const { fault } = this;
    if (fault) return Promise.reject(fault);
    return new Promise((resolve, reject) => {
      this.#socket.send(message, (error) => {
        if (error) reject(toLineError(error));
        else resolve();
      });
    });
  }

  /** True when nothing has spoken against it. @throws LineError */
  async close(): Promise<boolean> {
    await new Promise<void>((resolve) => void this.#clock.after(objectionWithinMs, resolve));
    const { fault } = this;
    this[Symbol.dispose]();
    if (fault) throw fault;
    return true;
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }
}
