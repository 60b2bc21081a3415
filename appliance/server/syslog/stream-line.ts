import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "../line/line-error.ts";
import { openSocket } from "../line/open-socket.ts";
import type { Line } from "./line.ts";
import type { SyslogTarget } from "./target.ts";

type StreamTarget = Exclude<SyslogTarget, { transport: "udp" }>;

const sendWithinMs = 30_000;
const closeWithinMs = 2_000;

/** Messages over TCP or TLS, counted (RFC 6587 section 3.4.1). @throws LineError */
export async function openStreamLine(
  target: StreamTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<Line> {
  const { host, port } = target;
  const trust = target.transport === "tls" ? target.trust : undefined;
  return new StreamLine(await openSocket({ host, port, trust }, { clock, signal }), clock);
}

/** Messages one behind the other, each with its length before it. */
class StreamLine implements Line {
  readonly #socket: Socket;
  readonly #clock: Clock;
  #hasEnded = false;
  #error: unknown;

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    socket.on("error", (error) => (this.#error = error));
    socket.on("end", () => (this.#hasEnded = true));
    // A syslog server says nothing; what it says all the same must not keep its end from being seen.
    socket.resume();
  }

  get fault(): LineError | undefined {
    if (this.#socket.writable && !this.#hasEnded) return undefined;
    return new LineError("lost", { cause: this.#error });
  }

  send(message: Buffer): Promise<void> {
    const { fault } = this;
    if (fault) return Promise.reject(fault);
    const frame = Buffer.concat([Buffer.from(`${message.length} `), message]);
    return new Promise((resolve, reject) => {
      const late = this.#clock.after(sendWithinMs, () => {
        reject(new LineError("timeout"));
        this.#socket.destroy();
      });
      this.#socket.write(frame, (error) => {
        late[Symbol.dispose]();
        if (error) reject(toLineError(error));
        else resolve();
      });
    });
  }

  close(): Promise<boolean> {
    const socket = this.#socket;
    if (this.fault) return Promise.resolve(false);
    return new Promise((resolve) => {
      const late = this.#clock.after(closeWithinMs, () => {
        resolve(false);
        socket.destroy();
      });
      socket.once("close", (hadError) => {
        late[Symbol.dispose]();
        resolve(this.#hasEnded && !hadError);
      });
      socket.end();
    });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
