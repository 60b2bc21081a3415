import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/** An HTTP proxy that knows CONNECT (RFC 9110 section 9.3.6) and nothing else. */
export class ConnectProxy implements AsyncDisposable {
  readonly port: number;
  /** Where connections were asked for, as "127.0.0.1:443", oldest first. */
  readonly asked: string[] = [];
  /** `name:password` that it wants; nobody is asked for any when absent. */
  credentials: string | undefined;
  /** Answers everyone with this status and lets nobody through; undefined: lets through. */
  refuseWith: number | undefined;
  /** Hosts that nobody else knows, and where they are. */
  readonly knows = new Map<string, string>();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<ConnectProxy> {
    const server = createServer((_request, response) => response.writeHead(405).end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ConnectProxy(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    // A listening TCP server's address is never a path.
    this.port = (server.address() as AddressInfo).port;
    server.on("connect", (request, near: Socket, head) => {
      this.#own(near);
      this.asked.push(request.url ?? "");
      const status = this.#statusFor(request.headers["proxy-authorization"]);
      if (status !== 200) near.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      else this.#tunnel(near, request.url ?? "", head);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #statusFor(authorization: string | undefined): number {
    if (this.refuseWith !== undefined) return this.refuseWith;
    if (this.credentials === undefined) return 200;
    const wanted = `Basic ${Buffer.from(this.credentials).toString("base64")}`;
    return authorization === wanted ? 200 : 407;
  }

  #tunnel(near: Socket, authority: string, head: Buffer): void {
    const { hostname, port } = new URL(`https://${authority}`);
    const far = connect({
      host: this.knows.get(hostname) ?? hostname,
      port: Number(port || 443),
      noDelay: true,
    });
    this.#own(far);
    far.once("connect", () => {
      near.write("HTTP/1.1 200 Connection established\r\n\r\n");
      far.write(head);
      near.pipe(far).pipe(near);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.once("close", () => other.destroy());
    }
  }

  #own(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
