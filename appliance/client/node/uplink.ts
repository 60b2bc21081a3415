/**
 * Sockets to the appliance: TCP or a proxy's tunnel, TLS whose certificate is checked before a
 * single byte of ours goes through it, then WebSocket. When to open one is the core's affair.
 */
import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { createHash } from "node:crypto";
import { linkPath, linkSubprotocol, maxFrameBytes } from "@handrail/protocol";
import { WebSocket, type RawData } from "ws";
import type { Dial, Wire, WireEvents } from "../core/wire.ts";
import { type Endpoint, openSocket, proxyFor } from "./proxy.ts";

/** The appliance to reach, and how to know it. See `Join`. */
export interface Site {
  readonly site: string;
  readonly fingerprint: string;
  readonly publicKeyPin?: string | undefined;
}

const handshakeWithinMs = 15_000;
/** The welcome may be larger than a frame. */
const longestMessageBytes = 4 * maxFrameBytes;

class UntrustedError extends Error {}

/** A way to open sockets to this appliance and no other. */
export function dialTo(site: Site, env: NodeJS.ProcessEnv): Dial {
  return (events, connectWithinMs) => new Uplink({ site, env, connectWithinMs }, events);
}

class Uplink implements Wire {
  readonly #events: WireEvents;
  #tls: TLSSocket | undefined;
  #socket: WebSocket | undefined;
  #isClosed = false;

  constructor(
    way: { site: Site; env: NodeJS.ProcessEnv; connectWithinMs: number },
    events: WireEvents,
  ) {
    this.#events = events;
    this.#open(way.site, way.env, way.connectWithinMs).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#tls?.destroy();
      this.#closed(undefined, reason, error instanceof UntrustedError);
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
    this.#socket?.terminate();
    this.#tls?.destroy();
  }

  async #open(site: Site, env: NodeJS.ProcessEnv, withinMs: number): Promise<void> {
    const url = new URL(site.site);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const target = { host, port: Number(url.port || 443) };
    const tls = await openTls(target, env, withinMs);
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
      handshakeTimeout: handshakeWithinMs,
      // Masks guard plaintext proxies against scripts in browsers (RFC 6455 section 10.3): neither
      // is here, and no mask is no work.
      generateMask: (mask) => mask.fill(0),
    });
    let reason = "";
    socket.on("open", () => this.#events.opened());
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("error", (error) => (reason = error.message));
    socket.on("close", (code) => this.#closed(code, reason || `closed with ${code}`, false));
    this.#socket = socket;
  }

  #receive(data: RawData, isBinary: boolean): void {
    // One message is one buffer unless asked for otherwise.
    if (!Buffer.isBuffer(data)) return;
    if (isBinary) this.#events.bytes(data);
    else this.#events.text(data.toString("utf8"));
  }

  #closed(closeCode: number | undefined, reason: string, isUntrusted: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.closed({ closeCode, reason, isUntrusted });
  }
}

/** TLS to the target; whose it is has not been checked yet. @throws Error after `withinMs` */
async function openTls(
  target: Endpoint,
  env: NodeJS.ProcessEnv,
  withinMs: number,
): Promise<TLSSocket> {
  const opened = openSocket(target, proxyFor(target, env));
  const raw = await within(opened, withinMs, () => {
    void opened.then(
      (late) => late.destroy(),
      () => undefined,
    );
  });
  const tls = connectTls({
    socket: raw,
    // An appliance makes its own certificate: it is known by it, not by who signed it.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
    ...(isIP(target.host) ? {} : { servername: target.host }),
  });
  const secured = new Promise<void>((resolve, reject) => {
    tls.once("secureConnect", resolve);
    tls.once("error", reject);
    tls.once("close", () => reject(new Error("closed during the TLS handshake")));
  });
  await within(secured, handshakeWithinMs, () => tls.destroy());
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

async function within<T>(work: Promise<T>, limitMs: number, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new Error(`not reached within ${limitMs} ms`));
    }, limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
