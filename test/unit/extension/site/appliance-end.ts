import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import {
  applianceToConsole,
  consoleSide,
  Dialogue,
  encodeFrame,
  type Handlers,
  type Hello,
  helloShape,
  Mux,
  type OpenRequest,
} from "@handrail/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import { loadIdentity } from "../../../../appliance/server/certificate/identity.ts";

type ConsoleHandlers = Handlers<typeof consoleSide>;

/** The smallest appliance that a console can link to: real TLS, real frames, no rules. */
export class ApplianceEnd implements AsyncDisposable {
  readonly server: Server;
  readonly fingerprint: string;
  /** Everything that consoles said first. */
  readonly hellos: Hello[] = [];
  readonly opened: OpenRequest[] = [];
  /** Bytes of cleartext that were received, of HTTP and all that follows. */
  receivedBytes = 0;
  /** Refuse the next hello with this code. */
  refuseNext: string | undefined;
  /** Whether links go on after their socket is lost, as after a dropped line. */
  resumes = true;
  readonly answered = new Map<string, unknown>();
  readonly #folder: string;
  #mux: Mux | undefined;
  #socket: WebSocket | undefined;
  #dialogue: Dialogue<typeof applianceToConsole, typeof consoleSide> | undefined;

  static async start(): Promise<ApplianceEnd> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-end-"));
    const identity = await loadIdentity(folder, "127.0.0.1");
    const server = createServer({ key: identity.privateKey, cert: identity.certificate });
    const end = new ApplianceEnd(server, identity.fingerprint, folder);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return end;
  }

  private constructor(server: Server, fingerprint: string, folder: string) {
    this.server = server;
    this.fingerprint = fingerprint;
    this.#folder = folder;
    server.on("secureConnection", (socket: TLSSocket) => {
      socket.on("data", (chunk: Buffer) => (this.receivedBytes += chunk.length));
    });
    server.on("request", (_request, response) => response.end('{"name":"Test"}'));
    new WebSocketServer({ server, path: "/link" }).on("connection", (socket: WebSocket) => {
      socket.once("message", (data: Buffer) => this.#greet(socket, data.toString()));
    });
  }

  get origin(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Cuts the line, as a lost network does. */
  cut(): void {
    this.#socket?.terminate();
  }

  tell: Dialogue<typeof applianceToConsole, typeof consoleSide>["tell"] = (name, notice) => {
    this.#dialogue?.tell(name, notice);
    this.#pump();
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket?.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #greet(socket: WebSocket, text: string): void {
    const hello = helloShape.parse(JSON.parse(text));
    this.hellos.push(hello);
    if (this.refuseNext) {
      socket.send(JSON.stringify({ answer: "refused", code: this.refuseNext, message: "no" }));
      this.refuseNext = undefined;
      return socket.close(4401);
    }
    const resumed = this.resumes && hello.resume !== undefined && this.#mux !== undefined;
    if (!resumed) this.#begin();
    this.#socket = socket;
    socket.send(JSON.stringify(this.#welcome(resumed)));
    if (resumed) this.#mux?.resume(hello.resume?.received ?? 0);
    socket.on("message", (data: Buffer) => {
      this.#mux?.receive(new Uint8Array(data));
      this.#pump();
    });
    this.#pump();
  }

  #welcome(resumed: boolean) {
    return {
      answer: "welcome",
      version: 1,
      siteName: "Test",
      resumeToken: "token",
      resumed,
      received: resumed ? this.#mux?.memory.received : 0,
      spreadMs: 0,
      representative: { id: "1".repeat(32), name: "Ann" },
    };
  }

  #begin(): void {
    const mux: Mux = new Mux({
      side: "accepting",
      now: () => Math.round(performance.now()),
      wake: () => undefined,
      control: (text) => dialogue.receive(text),
      opened: (request) => this.opened.push(request),
    });
    const dialogue = new Dialogue({
      mine: applianceToConsole,
      theirs: consoleSide,
      handlers: this.#handlers(),
      listeners: { "chat.typing": () => undefined, "pointer.at": () => undefined },
      say: (text) => {
        mux.say(text);
        this.#pump();
      },
      failed: () => undefined,
    });
    this.#mux = mux;
    this.#dialogue = dialogue;
  }

  // Every call is answered with what the test has put there, or not at all; the dialogue at the
  // other end checks its shape.
  #handlers(): ConsoleHandlers {
    const answer = (name: string) => () =>
      this.answered.has(name) ? this.answered.get(name) : new Promise(() => undefined);
    const names = Object.keys(consoleSide.calls);
    const table: unknown = Object.fromEntries(names.map((name) => [name, answer(name)]));
    return table as ConsoleHandlers;
  }

  #pump(): void {
    if (this.#socket?.readyState !== 1) return;
    for (let frame = this.#mux?.pull(); frame; frame = this.#mux?.pull()) {
      this.#socket.send(encodeFrame(frame));
    }
  }
}
