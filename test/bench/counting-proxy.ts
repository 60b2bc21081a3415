import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP proxy that only counts: what crosses it, in bytes per direction. */
export class CountingProxy implements AsyncDisposable {
  readonly port: number;
  /** From those who connect towards the target. */
  upBytes = 0;
  /** From the target back. */
  downBytes = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(targetPort: number): Promise<CountingProxy> {
    const server = createServer({ noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CountingProxy(server, targetPort);
  }

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    // A listening TCP server's address is never a path.
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (near) => {
      const far = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
      near.on("data", (bytes) => (this.upBytes += bytes.length));
      far.on("data", (bytes) => (this.downBytes += bytes.length));
      near.pipe(far).pipe(near);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.once("close", () => this.#sockets.delete(socket));
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
