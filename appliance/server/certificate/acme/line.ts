import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { getCACertificates } from "node:tls";
import type { AcmeFault } from "@handrail/protocol/upkeep";

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
  readonly #agent: Agent;
  readonly #signal: AbortSignal;

  /** `authority`: PEM; "" for those that Node and this machine know. */
  constructor(authority: string, signal: AbortSignal) {
    const known = () => [...getCACertificates("default"), ...getCACertificates("system")];
    this.#agent = new Agent({ ca: authority === "" ? known() : authority, keepAlive: true });
    this.#signal = signal;
  }

  /** @throws AcmeError for what keeps it from an answer; what the signal's abort says */
  async ask({ url, method = "GET", headers, body }: Question): Promise<LineAnswer> {
    const { host, protocol } = new URL(url);
    if (protocol !== "https:") throw new AcmeError({ reason: "no-directory", about: url });
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answerMs)]);
    try {
      const options = { agent: this.#agent, method, signal, ...(headers ? { headers } : {}) };
      const asked = request(url, options);
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        asked.once("response", resolve).once("error", reject).end(body);
      });
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: await read(answer) };
    } catch (cause) {
      this.#signal.throwIfAborted();
      throw new AcmeError(lineFault(cause, host), { cause });
    }
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
  const detail = error instanceof Error ? error.message || code : String(error);
  if (untimely.includes(code)) return { reason: "clock", about, detail };
  return { reason: untrusted.test(code) ? "untrusted" : "unreachable", about, detail };
}
