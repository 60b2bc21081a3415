import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { errorCatalogue, HandrailError } from "@handrail/protocol";
import type { StreamOffer } from "../../media/pane/contract.ts";
import { bytesOf, type WebSocket, WebSocketServer } from "../web-socket.ts";

/** A pane must take its offer within this time. */
const offeredForMs = 30_000;
/** Input, viewer messages and the token: nothing that a pane sends is larger. */
const maxFromPaneBytes = 64 * 1024;
const wrongTokenClose = errorCatalogue["not-authenticated"].close;

/** What a pane's socket tells. */
export interface LoopbackEvents {
  opened(socket: LoopbackSocket): void;
  message(bytes: Uint8Array): void;
  closed(): void;
}

/** The socket of one pane. */
export interface LoopbackSocket {
  readonly bufferedBytes: number;
  send(bytes: Uint8Array): void;
  close(): void;
}

interface Offer {
  readonly events: LoopbackEvents;
  readonly timer: NodeJS.Timeout;
}

/**
 * A WebSocket server for this computer's webviews only: bound to 127.0.0.1, one token per pane that
 * works once and is not in the address, and pages other than webviews are turned away by Origin.
 */
export class Loopback {
  readonly #offers = new Map<string, Offer>();
  readonly #mayConnect: (origin: string | undefined) => boolean;
  #server: Promise<Server> | undefined;
  #sockets: WebSocketServer | undefined;

  constructor(mayConnect: (origin: string | undefined) => boolean = isWebview) {
    this.#mayConnect = mayConnect;
  }

  /** Makes an offer that one pane may take. */
  async offer(events: LoopbackEvents): Promise<Exclude<StreamOffer["stream"], "messages">> {
    this.#server ??= this.#listen();
    const address = (await this.#server).address();
    if (address === null || typeof address === "string") {
      throw new HandrailError("internal", "the loopback server has no port");
    }
    const token = randomBytes(32).toString("base64url");
    const timer = setTimeout(() => this.#offers.delete(token), offeredForMs);
    this.#offers.set(token, { events, timer });
    return { url: `ws://127.0.0.1:${address.port}/`, token };
  }

  dispose(): void {
    for (const { timer } of this.#offers.values()) clearTimeout(timer);
    this.#offers.clear();
    for (const socket of this.#sockets?.clients ?? []) socket.terminate();
    this.#sockets?.close();
    void this.#server?.then((server) => server.close());
    this.#server = undefined;
  }

  async #listen(): Promise<Server> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    this.#sockets = new WebSocketServer({
      server,
      perMessageDeflate: false,
      maxPayload: maxFromPaneBytes,
      verifyClient: (info: { req: IncomingMessage }) => this.#mayConnect(info.req.headers.origin),
    });
    this.#sockets.on("connection", (socket: WebSocket) => this.#greet(socket));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  #greet(socket: WebSocket): void {
    const timer = setTimeout(() => socket.close(wrongTokenClose), 5_000);
    socket.on("error", () => socket.terminate());
    socket.once("message", (data, isBinary) => {
      clearTimeout(timer);
      const offer = isBinary ? undefined : this.#take(Buffer.from(bytesOf(data)));
      if (offer) serve(socket, offer.events);
      else socket.close(wrongTokenClose);
    });
  }

  #take(said: Buffer): Offer | undefined {
    for (const [token, offer] of this.#offers) {
      const known = Buffer.from(token);
      if (known.length !== said.length || !timingSafeEqual(known, said)) continue;
      clearTimeout(offer.timer);
      this.#offers.delete(token);
      return offer;
    }
    return undefined;
  }
}

/**
 * Webviews of the desktop, of VS Code's own web hosting, and of servers on this machine. A page of
 * the open web has another origin; the token is what proves a pane, this only keeps others away.
 */
export function isWebview(origin: string | undefined): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  if (protocol === "vscode-webview:" || protocol === "vscode-file:") return true;
  if (protocol === "https:" && hostname.endsWith(".vscode-cdn.net")) return true;
  return hostname === "127.0.0.1" || hostname === "localhost";
}

function serve(socket: WebSocket, events: LoopbackEvents): void {
  socket.on("message", (data, isBinary) => {
    if (isBinary) events.message(bytesOf(data));
  });
  socket.on("close", () => events.closed());
  events.opened({
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send: (bytes) => socket.send(bytes),
    close: () => socket.close(1000),
  });
}
