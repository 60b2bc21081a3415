import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A host and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const longestAnswerBytes = 16 * 1024;

/** The HTTP proxy that the environment names for this host, as curl understands it. */
export function proxyFor(target: Endpoint, env: NodeJS.ProcessEnv): URL | undefined {
  const named = (name: string) => env[name] ?? env[name.toUpperCase()];
  const except = (named("no_proxy") ?? "").split(",").map((each) => each.trim().toLowerCase());
  const host = target.host.toLowerCase();
  const isExcepted = except.some((each) => {
    const suffix = each.replace(/^\*?\./, "");
    return each === "*" || (suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`)));
  });
  const proxy = named("https_proxy") ?? named("all_proxy");
  if (!proxy || isExcepted) return undefined;
  const url = URL.parse(proxy.includes("://") ? proxy : `http://${proxy}`);
  return url?.protocol === "http:" ? url : undefined;
}

/** Connects to the target, by way of the proxy where there is one. @throws Error */
export async function openSocket(target: Endpoint, proxy: URL | undefined): Promise<Socket> {
  const near = proxy ? { host: proxy.hostname, port: Number(proxy.port || 80) } : target;
  const socket = connect({ ...near, noDelay: true });
  try {
    await once(socket, "connect");
    if (proxy) await openTunnel(socket, target, proxy);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** CONNECT, RFC 9110 section 9.3.6. */
async function openTunnel(socket: Socket, { host, port }: Endpoint, proxy: URL): Promise<void> {
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const secret = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization = proxy.username
    ? `Proxy-Authorization: Basic ${Buffer.from(secret).toString("base64")}\r\n`
    : "";
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const answer = await readHead(socket);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  if (status?.startsWith("2") !== true)
    throw new Error(`the proxy answered ${status ?? "nothing"}`);
}

/** Reads up to the empty line; what follows it stays in the socket. */
async function readHead(socket: Socket): Promise<string> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      if (socket.readableEnded || socket.destroyed) throw new Error("the proxy hung up");
      await Promise.race([once(socket, "readable"), once(socket, "end")]);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end !== -1) {
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      return head.subarray(0, end).toString("latin1");
    }
    if (head.length > longestAnswerBytes) throw new Error("the proxy talks too much");
  }
}
