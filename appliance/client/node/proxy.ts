import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Obstacle } from "../core/wire.ts";

/** A host and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** The proxy is in the way. */
export class ProxyError extends Error {
  readonly obstacle: Obstacle;

  constructor(obstacle: Obstacle, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ProxyError";
    this.obstacle = obstacle;
  }
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

/**
 * Connects to the target, by way of the proxy where there is one. Aborting gives up.
 * @throws ProxyError when it is the proxy that does not let it through, else Error
 */
export async function openSocket(
  target: Endpoint,
  proxy: URL | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  const near = proxy ? { host: hostOf(proxy), port: Number(proxy.port || 80) } : target;
  const socket = connect({ ...near, noDelay: true });
  try {
    await once(socket, "connect", { signal });
    if (proxy) await openTunnel(socket, { target, proxy, signal });
    return socket;
  } catch (cause) {
    socket.destroy();
    if (!proxy || cause instanceof ProxyError) throw cause;
    throw new ProxyError("proxy-silent", "the proxy does not answer", { cause });
  }
}

/** As a socket takes it: an IPv6 address has no brackets there. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "");
}

/** CONNECT, RFC 9110 section 9.3.6. */
async function openTunnel(
  socket: Socket,
  way: { target: Endpoint; proxy: URL; signal: AbortSignal },
): Promise<void> {
  const { target, proxy, signal } = way;
  const { host, port } = target;
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const secret = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization = proxy.username
    ? `Proxy-Authorization: Basic ${Buffer.from(secret).toString("base64")}\r\n`
    : "";
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const answer = await readHead(socket, signal);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  if (status?.startsWith("2")) return;
  const reason = `the proxy answered ${status ?? "with no status"}`;
  throw new ProxyError(obstacleOf(status), reason);
}

/** Reads up to the empty line; what follows it stays in the socket. */
async function readHead(socket: Socket, signal: AbortSignal): Promise<string> {
  let head = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      if (socket.readableEnded || socket.destroyed) throw hungUp();
      const heard = (event: string) => once(socket, event, { signal });
      await Promise.race([heard("readable"), heard("end"), heard("close")]);
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end !== -1) {
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      return head.subarray(0, end).toString("latin1");
    }
    if (head.length > longestAnswerBytes)
      throw new ProxyError("proxy-refuses", "the proxy talks too much");
  }
}

function hungUp(): ProxyError {
  return new ProxyError("proxy-refuses", "the proxy hung up");
}

function obstacleOf(status: string | undefined): Obstacle {
  if (status === "407") return "proxy-credentials";
  // The proxy lets it through, and does not reach the site itself.
  return status?.startsWith("5") ? "proxy-cannot-reach" : "proxy-refuses";
}
