import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Issued } from "./authority.ts";

/** A message of RFC 5424, taken apart. `data`: parameters of structured data, by element. */
export interface SyslogMessage {
  readonly priority: number;
  readonly at: string;
  readonly host: string;
  readonly event: string;
  readonly data: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly text: string;
}

const escaped = '(?:[^"\\\\\\]]|\\\\["\\\\\\]])*';
const parameter = `[!#-<>-\\\\^-~]{1,32}="${escaped}"`;
const element = `\\[[!#-<>-\\\\^-~]{1,32}(?: ${parameter})*\\]`;
// Control characters are what must not be there.
const grammar = new RegExp(
  `^<(\\d{1,3})>1 (\\S{20,32}) ([!-~]{1,255}) handrail (\\d+) ([!-~]{1,32}) (-|(?:${element})+)(?: ([^\\p{Cc}]*))?$`,
  "u",
);

/** Takes a message apart. @throws Error when it is not one of RFC 5424 */
export function parseSyslog(message: Buffer): SyslogMessage {
  const match = grammar.exec(message.toString("utf8"));
  if (!match) throw new Error(`no message of RFC 5424: ${JSON.stringify(message.toString())}`);
  const [, priority, at = "", host = "", , event = "", data = "", text = ""] = match;
  return { priority: Number(priority), at, host, event, data: elementsOf(data), text };
}

function elementsOf(data: string): SyslogMessage["data"] {
  const elements = [...data.matchAll(new RegExp(element, "g"))].map(([whole]) => {
    const name = /^\[([^ \]]+)/.exec(whole)?.[1] ?? "";
    const parameters = [...whole.matchAll(new RegExp(`([^ ]+)="(${escaped})"`, "g"))];
    const values = parameters.map(([, key = "", value = ""]) => [
      key,
      value.replace(/\\(["\\\]])/g, "$1"),
    ]);
    return [name, Object.fromEntries(values) as Record<string, string>] as const;
  });
  return Object.fromEntries(elements);
}

/** What kind of server is wanted. */
export interface SyslogServerOptions {
  /** A free one when absent. */
  readonly port?: number;
  readonly tls?: Issued & { readonly chain: string };
  /** Takes connections and reads nothing: what is sent stays in the system's buffers. */
  readonly isDeaf?: boolean;
}

/** A syslog server over TCP (counted, RFC 6587) or TLS (RFC 5425), that can be killed. */
export class SyslogServer implements AsyncDisposable {
  readonly messages: SyslogMessage[] = [];
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async start(options: SyslogServerOptions = {}) {
    const { port = 0, tls, isDeaf = false } = options;
    const server = tls
      ? createTlsServer({ cert: tls.certificate + tls.chain, key: tls.key })
      : createServer();
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return new SyslogServer(server, isDeaf ? "never" : tls ? "secureConnection" : "connection");
  }

  private constructor(server: Server, event: string) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on(event, (socket: Socket) => this.#read(socket));
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  /** The numbers of the rows that have come, in the order in which they came first. */
  get rows(): number[] {
    return [...new Set(this.messages.flatMap(rowOf))];
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Dies as a killed program does: all connections are reset. */
  async kill(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.kill();
  }

  #read(socket: Socket): void {
    let waiting = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (piece: Buffer): void => {
      waiting = Buffer.concat([waiting, piece]);
      for (;;) {
        const space = waiting.indexOf(" ");
        if (!/^\d{0,5}( |$)/.test(waiting.toString("latin1", 0, 6))) return void socket.destroy();
        const end = space + 1 + Number(waiting.toString("latin1", 0, Math.max(space, 0)));
        if (space < 1 || waiting.length < end) return;
        this.messages.push(parseSyslog(waiting.subarray(space + 1, end)));
        waiting = waiting.subarray(end);
      }
    });
  }
}

/** Collects messages that come as datagrams (RFC 5426). */
export async function listenForDatagrams() {
  const socket = createSocket("udp4");
  const messages: SyslogMessage[] = [];
  socket.on("message", (message) => void messages.push(parseSyslog(message)));
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { messages, port: socket.address().port, [Symbol.dispose]: () => void socket.close() };
}

function rowOf({ data }: SyslogMessage): number[] {
  const seq = data["audit@32473"]?.seq;
  return seq === undefined ? [] : [Number(seq)];
}
