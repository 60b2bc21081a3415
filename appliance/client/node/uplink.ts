/**
 * Sockets to the appliance: TCP or a proxy's tunnel, TLS whose certificate is checked before a
 * single byte of ours goes through it, then WebSocket. When to open one is the core's affair.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { linkPath, linkSubprotocol, maxFrameBytes } from "@handrail/protocol";
import { WebSocket, type RawData } from "ws";
import type { Dial, Wire, WireEnd, WireEvents } from "../core/wire.ts";
import { type Endpoint, hostOf, openSocket, ProxyError, proxyFor } from "./proxy.ts";
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
  return (events) => new Uplink({ site, env }, events);
}

class Uplink implements Wire {
  readonly #events: WireEvents;
  readonly #abort = new AbortController();
  #tls: TLSSocket | undefined;
  #socket: WebSocket | undefined;
  #isClosed = false;

  constructor({ site, env }: { site: Site; env: NodeJS.ProcessEnv }, events: WireEvents) {
    this.#events = events;
    this.#open(site, env).catch((error: unknown) => {
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

  async #open(site: Site, env: NodeJS.ProcessEnv): Promise<void> {
    const url = new URL(site.site);
    const target = { host: hostOf(url), port: Number(url.port || 443) };
    const proxy = proxyFor(target, env);
    const limits = { ...reaching, signal: this.#abort.signal };
    const tls = await race((signal) => openTls(target, proxy, signal), limits);
    this.#tls = tls;
    if (this.#isClosed) return void tls.destroy();
    checkIdentity(tls, site);
    this.#upgrade(url, tls);
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

/** @throws UntrustedError unless the certificate or its public key is the one expected */
function checkIdentity(tls: TLSSocket, { fingerprint, publicKeyPin }: Site): void {
  const certificate = tls.getPeerX509Certificate();
  if (!certificate) throw new UntrustedError("the server showed no certificate");
  if (isSame(sha256(certificate.raw), Buffer.from(fingerprint, "hex"))) return;
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  if (publicKeyPin && isSame(sha256(key), Buffer.from(publicKeyPin, "base64"))) return;
  throw new UntrustedError("the server has another certificate than expected");
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
