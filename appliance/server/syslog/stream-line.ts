import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, TLSSocket } from "node:tls";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "./line-error.ts";
import type { Line } from "./line.ts";
import type { SyslogTarget } from "./target.ts";

type StreamTarget = Exclude<SyslogTarget, { transport: "udp" }>;

const connectWithinMs = 10_000;
const sendWithinMs = 30_000;
const closeWithinMs = 2_000;

/** Messages over TCP or TLS, counted (RFC 6587 section 3.4.1). @throws LineError */
export async function openStreamLine(
  target: StreamTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<Line> {
  return new StreamLine(await connect(target, clock, signal), clock);
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

function connect(target: StreamTarget, clock: Clock, signal: AbortSignal): Promise<Socket> {
  const socket = target.transport === "tls" ? secureSocket(target) : plainSocket(target);
  socket.setKeepAlive(true, 30_000);
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const error = toLineError(cause);
      // Whoever takes the connection and ends it in the handshake has another language.
      const isDeaf = target.transport === "tls" && error.fault === "lost";
      late[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      reject(isDeaf ? new LineError("no-tls", { cause }) : error);
      socket.destroy();
    };
    const stop = () => fail(new LineError("lost"));
    const late = clock.after(connectWithinMs, () => fail(new LineError("timeout")));
    signal.addEventListener("abort", stop);
    const cut = () => fail(new LineError("lost"));
    socket.once("error", fail);
    socket.once("close", cut);
    socket.once(target.transport === "tls" ? "secureConnect" : "connect", () => {
      const distrust = "trust" in target ? distrustOf(socket, target.trust) : undefined;
      if (distrust) return fail(distrust);
      late[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      socket.off("error", fail).off("close", cut);
      resolve(socket);
    });
  });
}

function plainSocket({ host, port }: StreamTarget): Socket {
  return connectTcp({ host, port });
}

function secureSocket(target: Extract<StreamTarget, { transport: "tls" }>): TLSSocket {
  const { host, port, trust } = target;
  return connectTls({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(trust.by === "ca" ? { ca: trust.ca } : {}),
    minVersion: "TLSv1.2",
    // Judged below, before a byte is sent: only so the fingerprint of a strange one is known.
    rejectUnauthorized: false,
  });
}

type Trust = Extract<StreamTarget, { transport: "tls" }>["trust"];

function distrustOf(socket: Socket, trust: Trust): LineError | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const fingerprint = socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
  if (trust.by === "pin") {
    if (trust.pin === fingerprint) return undefined;
    return new LineError("other-certificate", { fingerprint });
  }
  if (socket.authorized) return undefined;
  return new LineError("untrusted", { fingerprint, cause: socket.authorizationError });
}
