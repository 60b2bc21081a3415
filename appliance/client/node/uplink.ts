/**
 * Sockets to the appliance: TCP or a proxy's tunnel, TLS whose certificate is checked before
 * anything goes through it but the question who follows whom, then WebSocket. When to open one is
 * the core's affair.
 */
import { createHash, timingSafeEqual, type X509Certificate } from "node:crypto";
import { once } from "node:events";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { linkPath, linkSubprotocol, maxFrameBytes } from "@handrail/protocol";
import { WebSocket, type RawData } from "ws";
import type { Dial, Wire, WireEnd, WireEvents } from "../core/wire.ts";
import { type Endpoint, hostOf, openSocket, ProxyError, proxyFor } from "./proxy.ts";
import { isLedOver, pinOf } from "./hand-over.ts";
import { race } from "./race.ts";

/** The appliance to reach, and how to know it. See `Join`. */
export interface Site {
  readonly site: string;
  readonly fingerprint: string;
  readonly publicKeyPin?: string | undefined;
}

/**
 * Reaching the appliance and TLS: a new attempt each second beside the earlier ones, for lines that
 * were silent, and long enough for lines that are slow.
 */
const reaching = { everyMs: 1000, withinMs: 12_000 };
const upgradeWithinMs = 6000;
/** The welcome may be larger than a frame. */
const longestMessageBytes = 4 * maxFrameBytes;

class UntrustedError extends Error {}

/** A way to open sockets to this appliance and no other. */
export function dialTo(site: Site, env: NodeJS.ProcessEnv): Dial {
  const keys = new Set(site.publicKeyPin === undefined ? [] : [site.publicKeyPin]);
  return (events) => new Uplink({ site, keys, env }, events);
}

/** Where to go, and whom to trust there: `keys` grows with those that the site hands over to. */
interface Way {
  readonly site: Site;
  /** SHA-256 of public keys (SPKI), base64. */
  readonly keys: Set<string>;
  readonly env: NodeJS.ProcessEnv;
}

class Uplink implements Wire {
  readonly #events: WireEvents;
  readonly #abort = new AbortController();
  #tls: TLSSocket | undefined;
  #socket: WebSocket | undefined;
  #isClosed = false;

  constructor(way: Way, events: WireEvents) {
    this.#events = events;
    this.#open(way).catch((error: unknown) => {
      this.#tls?.destroy();
      this.#closed({
        closeCode: undefined,
        reason: error instanceof Error ? error.message : String(error),
        isUntrusted: error instanceof UntrustedError,
        obstacle: error instanceof ProxyError ? error.obstacle : undefined,
      });
    });
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  sendText(text: string): void {
    this.#socket?.send(text);
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket?.send(bytes, () => this.#events.drained());
  }

  close(closeCode = 1000): void {
    if (this.#socket) this.#socket.close(closeCode);
    else this.drop();
  }

  drop(): void {
    this.#isClosed = true;
    this.#abort.abort();
    this.#socket?.terminate();
    this.#tls?.destroy();
  }

  async #open(way: Way): Promise<void> {
    const { site, keys } = way;
    const url = new URL(site.site);
    const tls = await this.#reach(url, way);
    // Node gives it away once.
    const shown = tls.getPeerX509Certificate();
    if (shown && isKnown(shown, way)) return this.#upgrade(url, tls);
    const known = { fingerprint: site.fingerprint, publicKeyPin: site.publicKeyPin };
    const isLed = shown && (await isLedOver({ tls, site: url }, known, pinOf(shown)));
    tls.destroy();
    if (!isLed) throw new UntrustedError("the server has another certificate than expected");
    keys.add(pinOf(shown));
    // The question has used the connection up.
    const next = await this.#reach(url, way);
    const shownNext = next.getPeerX509Certificate();
    if (!shownNext || !isKnown(shownNext, way))
      throw new Error("the server changed its certificate once more");
    this.#upgrade(url, next);
  }

  /** @throws Error also when nobody wants it any more */
  async #reach(url: URL, { env }: Way): Promise<TLSSocket> {
    const target = { host: hostOf(url), port: Number(url.port || 443) };
    const proxy = proxyFor(target, env);
    const limits = { ...reaching, signal: this.#abort.signal };
    const tls = await race((signal) => openTls(target, proxy, signal), limits);
    this.#tls = tls;
    if (!this.#isClosed) return tls;
    tls.destroy();
    throw new Error("given up");
  }

  #upgrade(url: URL, tls: TLSSocket): void {
    const socket = new WebSocket(`wss://${url.host}${linkPath}`, linkSubprotocol, {
      createConnection: () => tls,
      perMessageDeflate: false,
      maxPayload: longestMessageBytes,
      handshakeTimeout: upgradeWithinMs,
      // Masks guard plaintext proxies against scripts in browsers (RFC 6455 section 10.3): neither
      // is here, and no mask is no work.
      generateMask: (mask) => mask.fill(0),
    });
    let reason = "";
    socket.on("open", () => this.#events.opened());
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("error", (error) => (reason = error.message));
    socket.on("close", (closeCode) =>
      this.#closed({
        closeCode,
        reason: reason || `closed with ${closeCode}`,
        isUntrusted: false,
      }),
    );
    this.#socket = socket;
  }

  #receive(data: RawData, isBinary: boolean): void {
    // One message is one buffer unless asked for otherwise.
    if (!Buffer.isBuffer(data)) return;
    if (isBinary) this.#events.bytes(data);
    else this.#events.text(data.toString("utf8"));
  }

  #closed(end: WireEnd): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.closed(end);
  }
}

/** TLS to the target; whose it is has not been checked yet. @throws Error, also when aborted */
async function openTls(
  target: Endpoint,
  proxy: URL | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const tls = connectTls({
    socket: await openSocket(target, proxy, signal),
    // An appliance makes its own certificate: it is known by it, not by who signed it.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
    ...(isIP(target.host) ? {} : { servername: target.host }),
  });
  try {
    await Promise.race([
      once(tls, "secureConnect", { signal }),
      once(tls, "close", { signal }).then(() => {
        throw new Error("closed during the TLS handshake");
      }),
    ]);
  } catch (error) {
    tls.on("error", () => undefined).destroy();
    throw error;
  }
  tls.setNoDelay(true);
  return tls;
}

/** Whether the certificate or its public key is one that is expected. */
function isKnown(certificate: X509Certificate, { site, keys }: Way): boolean {
  if (isSame(sha256(certificate.raw), Buffer.from(site.fingerprint, "hex"))) return true;
  return keys.has(pinOf(certificate));
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
