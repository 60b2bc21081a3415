import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

interface Way {
  readonly near: Socket;
  readonly far: Socket;
}

/**
 * A TCP proxy whose line can fall silent: nothing is delivered and nothing ends, in either
 * direction, as when a cable is pulled somewhere in between. When it speaks again, connections from
 * before stay dead, as behind a router that has forgotten them; those that were begun in the silence
 * go on, as they do once a system has repeated its packets.
 */
export class SilentLine implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #ways = new Set<Way>();
  readonly #waiting: Socket[] = [];
  #isSilent = false;

  /** Listens on a free port of 127.0.0.1 and passes everything on to `targetPort` there. */
  static async start(targetPort: number): Promise<SilentLine> {
    const server = createServer({ noDelay: true, pauseOnConnect: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SilentLine(server, targetPort);
  }

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    // A listening TCP server's address is never a path.
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (near) => {
      near.on("error", () => near.destroy());
      if (this.#isSilent) this.#waiting.push(near);
      else this.#join(near);
    });
  }

  silence(): void {
    this.#isSilent = true;
    for (const { near, far } of this.#ways) {
      near.unpipe();
      far.unpipe();
      near.pause();
      far.pause();
    }
  }

  restore(): void {
    this.#isSilent = false;
    for (const near of this.#waiting.splice(0)) this.#join(near);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { near, far } of this.#ways) {
      near.destroy();
      far.destroy();
    }
    for (const near of this.#waiting) near.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket): void {
    const far = connect({ port: this.#targetPort, host: "127.0.0.1", noDelay: true });
    const way = { near, far };
    this.#ways.add(way);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on("error", () => socket.destroy());
      socket.once("close", () => {
        if (!this.#isSilent) other.destroy();
        if (near.destroyed && far.destroyed) this.#ways.delete(way);
      });
    }
    near.pipe(far);
    far.pipe(near);
  }
}
