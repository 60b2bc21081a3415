import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import fastifyCookie from "@fastify/cookie";
import fastifyFormbody from "@fastify/formbody";
import fastifyHelmet from "@fastify/helmet";
import fastifyRateLimit from "@fastify/rate-limit";
import { HandrailError, linkPath, type TlsSettings } from "@handrail/protocol";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { networkOf } from "../auth/attempts.ts";
import { Crowd, type Place } from "../auth/crowd.ts";
import type { Challenges } from "../certificate/acme/challenges.ts";
import { tlsContext } from "../certificate/tls-values.ts";
import type { Config, Settings } from "../config.ts";
import type { Log } from "../log.ts";
import { strictPolicy } from "../page/policy.ts";
import { Refusal } from "../refusal.ts";
import type { Identity } from "../certificate/identity.ts";
import { openChallengeDoor } from "./challenge-door.ts";
import { respondWithErrors } from "./respond.ts";

/** Longest body of a request, bytes: everything larger goes over links. */
const maxBodyBytes = 64 * 1024;
const windowMs = 60_000;
/** Limits are told to nobody but in the answer that refuses. */
const noLimitHeaders = {
  "x-ratelimit-limit": false,
  "x-ratelimit-remaining": false,
  "x-ratelimit-reset": false,
};
/** How long a connection may take neither a byte nor give one. Links have their own ways. */
const idleMs = 60_000;
/** How long connections may finish what they do when the appliance stops. */
const graceMs = 2_000;

/** Connections that are no links; browsers open six each, and offices share an address. */
const connections = { perNetwork: 1_000, total: 8_000 } as const;

/** Whoever takes a WebSocket over. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The TLS server, which listens before there is anyone to answer: the answers need the port. */
export interface Front {
  readonly server: Server;
  readonly port: number;
  /** Whoever connects from now on is shown this; connections that are open go on. */
  show(identity: Identity, tls: TlsSettings): void;
  /** From now on, requests and WebSockets at /link are answered. */
  open(listeners: { request: RequestListener; upgrade: UpgradeListener }): void;
}

/** How the front shows itself at first. */
export interface FirstShown {
  readonly identity: Identity;
  readonly tls: TlsSettings;
  readonly ticketKeys: Buffer;
  /** What is shown to a directory that wants to see whose a name is. */
  readonly challenges: Challenges;
}

/** Listens with TLS. @throws Error when the port cannot be had */
export async function listen(
  settings: Pick<Settings, "address" | "port">,
  { identity, tls, ticketKeys, challenges }: FirstShown,
): Promise<Front> {
  let request: RequestListener = (_request, response) => {
    response.writeHead(503, { "retry-after": "1" }).end();
  };
  let upgrade: UpgradeListener = (_request, socket) => socket.destroy();
  const server = createServer({
    ...tlsOptions(identity, tls),
    ticketKeys,
    ALPNProtocols: ["http/1.1"],
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 10_000,
    connectionsCheckingInterval: 2_000,
    maxHeaderSize: 16 * 1024,
  });
  server.setTimeout(idleMs);
  openChallengeDoor(server, challenges);
  const letGo = limitConnections(server);
  server.on("request", (asked, response) => request(asked, response));
  server.on("upgrade", (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (asked.url ?? "").split("?", 1)[0];
    if (path === linkPath) {
      letGo(asked.socket);
      return upgrade(asked, socket, head);
    }
    const answer = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    // Not left to the peer, who may keep its end open for ever.
    socket.end(answer, () => socket.destroy());
  });
  server.listen(settings.port, settings.address);
  await once(server, "listening");
  return {
    server,
    port: portOf(server.address()),
    show: (changed, changedTls) =>
      server.setSecureContext({
        ...tlsOptions(changed, changedTls),
        ticketKeys: server.getTicketKeys(),
      }),
    open(listeners) {
      request = listeners.request;
      upgrade = listeners.upgrade;
    },
  };
}

function tlsOptions({ privateKey, certificate }: Identity, tls: TlsSettings) {
  return { key: privateKey, cert: certificate, ...tlsContext(tls) };
}

/**
 * Bounds the connections of each network and of all. The function given back takes one out of the
 * count: whoever takes the socket over counts it.
 */
function limitConnections(server: Server): (socket: Socket) => void {
  const crowd = new Crowd(connections);
  // TLS hands over another socket than the one that was counted; the peer's end is the same.
  const places = new Map<string, Place>();
  const peerOf = (socket: Socket) => `${socket.remoteAddress ?? ""} ${socket.remotePort ?? 0}`;
  const letGo = (peer: string) => {
    places.get(peer)?.[Symbol.dispose]();
    places.delete(peer);
  };
  server.on("connection", (socket) => {
    if (!(socket instanceof Socket)) return;
    const peer = peerOf(socket);
    const place = crowd.enter(socket.remoteAddress ?? "", () => socket.destroy());
    if (!place) return void socket.destroy();
    places.set(peer, place);
    socket.once("close", () => letGo(peer));
  });
  return (socket) => letGo(peerOf(socket));
}

/** Stops listening, lets requests finish for two seconds, then cuts what remains. */
export async function stopListening(server: Server, wait: (ms: number) => Promise<void>) {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await Promise.race([closed, wait(graceMs)]);
  server.closeAllConnections();
}

/**
 * Fastify with the rules that hold for every route; `addRoutes` adds them. Its `routing` answers
 * what the front hands it.
 */
export async function createApp(
  config: Config,
  log: Log,
  addRoutes: (app: FastifyInstance) => void | Promise<void>,
): Promise<FastifyInstance> {
  const respond = respondWithErrors({ log, siteName: config.siteName });
  const app = fastify({
    bodyLimit: maxBodyBytes,
    // An address that cannot be read comes before every hook: it gets our answer too.
    frameworkErrors: (error, asked, reply) => void respond(error, asked, reply),
  });
  app.setErrorHandler(respond);
  app.setNotFoundHandler((asked, reply) =>
    respond(new HandrailError("not-found", "no such page"), asked, reply),
  );
  await app.register(fastifyRateLimit, {
    max: config.requestsPerAddress,
    timeWindow: windowMs,
    addHeaders: noLimitHeaders,
    addHeadersOnExceeding: noLimitHeaders,
    keyGenerator: (asked) => networkOf(asked.ip),
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal("too-many-attempts", "too many requests", { retryAfterMs: ttl }),
  });
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: strictPolicy },
    // With no-referrer browsers would send no usable Origin with our own forms.
    referrerPolicy: { policy: "same-origin" },
    strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
    xFrameOptions: { action: "deny" },
  });
  // Behind the plugins: what is refused here counts, and has the headers of every answer.
  app.addHook("onRequest", refuseOtherSites);
  await app.register(fastifyCookie);
  await app.register(fastifyFormbody, { bodyLimit: maxBodyBytes });
  await addRoutes(app);
  await app.ready();
  return app;
}

/** Sends visitors of the plain port to HTTPS, but for a directory that looks whose a name is. */
export async function redirectToHttps(
  address: string,
  port: number,
  { publicUrl, challenges }: { publicUrl: string; challenges: Challenges },
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createPlainServer((request, response) => {
    const shown = challenges.plainAnswer(request.url ?? "");
    if (shown !== undefined) {
      const headers = { "content-type": "application/octet-stream", connection: "close" };
      return response.writeHead(200, headers).end(shown);
    }
    const path = /^\/[!-~]*$/.test(request.url ?? "") ? request.url : "/";
    response.writeHead(308, { location: `${publicUrl}${path}`, connection: "close" }).end();
  });
  server.requestTimeout = 10_000;
  server.listen(port, address);
  await once(server, "listening");
  return {
    port: portOf(server.address()),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * A write that a browser was led to by another site is refused, whatever cookies come with it.
 * Programs that are no browsers send neither header. Source: Fetch Metadata; RFC 6454.
 */
async function refuseOtherSites(request: FastifyRequest): Promise<void> {
  if (request.method === "GET" || request.method === "HEAD") return;
  const { origin, host } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isOurs = site === undefined || site === "same-origin" || site === "none";
  const isOurOrigin =
    origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
  if (isOurs && isOurOrigin) return;
  throw new HandrailError("not-permitted", "a write that another site caused");
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === "object" && address !== null) return address.port;
  throw new Error("the server does not listen on a port");
}
