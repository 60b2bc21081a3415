import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { LineDirection } from "./line-direction.ts";

/** A line between two networks, as "ADSL: 1000 up, 8000 down, 60 ms". */
export interface LineQuality {
  /** From those who connect to the shaper towards the target, kbit/s (1000 bits). */
  upKbitPerSecond: number;
  /** From the target back, kbit/s. */
  downKbitPerSecond: number;
  /** Time there and back of a byte that waits for no other, in ms. */
  rttMs: number;
  /** How much waits in front of each direction before its senders are held; 64 KB when absent. */
  queueBytes?: number;
}

/**
 * A TCP proxy that behaves like a slow line: all its connections share one rate per direction, each
 * byte takes its time, and a full queue holds its senders back, as a modem's does.
 * It loses nothing and keeps the order, since TCP would hide both. What the system's own socket
 * buffers hold in front of it (some MB) is not part of the line.
 */
export class Shaper implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  /** Listens on a free port of 127.0.0.1 and passes everything on to `targetPort` there. */
  static async start(targetPort: number, line: LineQuality): Promise<Shaper> {
    const queueBytes = line.queueBytes ?? 65_536;
    const delayMs = line.rttMs / 2;
    const up = new LineDirection({ kbitPerSecond: line.upKbitPerSecond, delayMs, queueBytes });
    const down = new LineDirection({ kbitPerSecond: line.downKbitPerSecond, delayMs, queueBytes });
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const far = connect({
        port: targetPort,
        host: "127.0.0.1",
        allowHalfOpen: true,
        noDelay: true,
      });
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
      }
      up.join(near, far);
      down.join(far, near);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Shaper(server, sockets);
  }

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    // A listening TCP server's address is never a path.
    this.port = (server.address() as AddressInfo).port;
  }

  /** Breaks all connections at once, as a lost line does; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
