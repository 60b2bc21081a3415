import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { Agent, request, type RequestOptions } from "node:https";
import { connect, getCACertificates } from "node:tls";
import type { AcmeFault } from "@handrail/protocol/upkeep";
import { bareHost } from "../../line/host-name.ts";
import { LineError, lineFaultTexts } from "../../line/line-error.ts";
import { type LineWay, openTunnel } from "../../line/open-socket.ts";
import { proxyFor } from "../../line/proxy.ts";

/** Why a certificate is not got. `retryAfterMs`: how long the directory wants to be left alone. */
export class AcmeError extends Error {
  readonly fault: AcmeFault;
  readonly retryAfterMs: number | undefined;

  constructor(
    fault: AcmeFault,
    about: { retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(fault.reason, { cause: about.cause });
    this.name = "AcmeError";
    this.fault = fault;
    this.retryAfterMs = about.retryAfterMs;
  }
}

/** What a directory is asked. */
export interface Question {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What it answers. */
export interface LineAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const answerMs = 30_000;
/** Longest answer, bytes: a chain of certificates has some ten thousand. */
const maxAnswerBytes = 512 * 1024;

/** How a directory is asked: over TLS, by the authorities that are trusted for it. */
export class Line implements Disposable {
  readonly #ca: string | string[];
  readonly #agent: Agent;
  readonly #way: LineWay;

  /** `authority`: PEM; "" for those that Node and this machine know. */
  constructor(authority: string, way: LineWay) {
    const known = () => [...getCACertificates("default"), ...getCACertificates("system")];
    this.#ca = authority === "" ? known() : authority;
    this.#agent = new Agent({ ca: this.#ca, keepAlive: true });
    this.#way = way;
  }

  /** @throws AcmeError for what keeps it from an answer; what the signal's abort says */
  async ask({ url, method = "GET", headers, body }: Question): Promise<LineAnswer> {
    const { host, hostname, port, protocol } = new URL(url);
    if (protocol !== "https:") throw new AcmeError({ reason: "no-directory", about: url });
    const signal = AbortSignal.any([this.#way.signal, AbortSignal.timeout(answerMs)]);
    try {
      const by = await this.#by({ host: bareHost(hostname), port: Number(port || 443) }, signal);
      const options = { ...by, method, signal, ...(headers ? { headers } : {}) };
      const asked = request(url, options);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        asked.once("response", resolve).once("error", reject).end(body);
      });
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await read(answer) };
    } catch (cause) {
      this.#way.signal.throwIfAborted();
      throw new AcmeError(lineFault(cause, host), { cause });
    }
  }

  /** By what a question goes: connections that are kept, or one of its own through the proxy. */
  async #by(end: { host: string; port: number }, signal: AbortSignal): Promise<RequestOptions> {
    const proxy = await proxyFor(end.host, this.#way.proxyFile);
    if (!proxy) return { agent: this.#agent };
    const socket = await openTunnel(proxy, end, { ...this.#way, signal });
    const name = isIP(end.host) === 0 ? { servername: end.host } : { host: end.host };
    const options = { socket, ca: this.#ca, ...name };
    return { createConnection: () => connect(options) };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

async function read(answer: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of answer) {
    sizeBytes += piece.length;
    if (sizeBytes > maxAnswerBytes) throw new Error("the answer is too long");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

/** OpenSSL's words for a certificate whose time is not now. */
const untimely = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];
const untrusted = /^(CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|ERR_TLS_CERT_)/;

function lineFault(error: unknown, about: string): AcmeFault {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof LineError) {
    return { reason: "unreachable", about, detail: lineFaultTexts[error.fault] };
  }
  const detail = error instanceof Error ? error.message || code : String(error);
  if (untimely.includes(code)) return { reason: "clock", about, detail };
  return { reason: untrusted.test(code) ? "untrusted" : "unreachable", about, detail };
}
