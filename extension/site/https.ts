import { createHash, type X509Certificate } from "node:crypto";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type ErrorCode, HandrailError, isErrorCode } from "@handrail/protocol";
import type { SiteAddress } from "./address.ts";
import type { PeerCertificate } from "./trust.ts";

/** Refuses a peer by throwing or rejecting; called before anything is sent to it. */
export type Guard = (certificate: PeerCertificate) => void | Promise<void>;

/** What is asked of a site. */
export interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Form fields, sent as application/x-www-form-urlencoded. */
  readonly form?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Chain verification is replaced, not switched off: Node still computes whether an authority
 * vouches for the peer, and the guard decides on that and on the pin before anything is sent.
 */
export const guardedTls: RequestOptions = { rejectUnauthorized: false, agent: false };

const maxJsonBytes = 1024 * 1024;

/**
 * Lets a request go on once its TLS peer has been judged; `proceed` sends it. Goes through VS
 * Code's own proxy support, because the request is an ordinary one of `node:https`.
 */
export function afterGuard(request: ClientRequest, guard: Guard, proceed: () => void): void {
  request.once("socket", (socket: Socket) => {
    if (!(socket instanceof TLSSocket)) {
      request.destroy(new HandrailError("internal", "the connection is not encrypted"));
      return;
    }
    const judge = async () => {
      await guard(certificateOf(socket));
      proceed();
    };
    const check = () =>
      void judge().catch((error: unknown) =>
        request.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    if (socket.connecting || !socket.getPeerX509Certificate()) socket.once("secureConnect", check);
    else check();
  });
}

function certificateOf(socket: TLSSocket): PeerCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) throw new HandrailError("unavailable", "the site shows no certificate");
  return {
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    publicKey: publicKeyOf(certificate),
    isVouchedFor: socket.authorized,
  };
}

/** SHA-256 of a certificate's public key (SPKI), base64. */
export function publicKeyOf({ publicKey }: X509Certificate): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

/**
 * Asks a site and resolves when the head of its answer is there.
 * @throws HandrailError `unavailable` when it cannot be reached, `cancelled`, or the guard's error.
 */
export function ask(site: SiteAddress, guard: Guard, wanted: Ask): Promise<IncomingMessage> {
  const body = wanted.form ? new URLSearchParams(wanted.form).toString() : undefined;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(`${site.origin}${wanted.path}`, {
      ...guardedTls,
      method: wanted.method,
      headers: {
        ...wanted.headers,
        ...(body === undefined
          ? {}
          : {
              "content-type": "application/x-www-form-urlencoded",
              "content-length": String(Buffer.byteLength(body)),
            }),
      },
      signal: wanted.signal,
    });
    request.once("response", resolve);
    request.once("error", (error) => reject(toRefusal(error, wanted.signal)));
    afterGuard(request, guard, () => request.end(body));
  });
}

function toRefusal(error: Error, signal: AbortSignal): Error {
  if (error instanceof HandrailError) return error;
  if (signal.aborted) return new HandrailError("cancelled", "cancelled", { cause: error });
  return new HandrailError("unavailable", `reach the site: ${error.message}`, { cause: error });
}

/** An answer that was read as JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Asks for JSON; a body that is no JSON object reads as an empty one. At most 1 MB. */
export async function askJson(site: SiteAddress, guard: Guard, wanted: Ask): Promise<JsonAnswer> {
  const { status, bytes } = await askBytes(site, guard, { ...wanted, maxBytes: maxJsonBytes });
  return { status, json: toObject(bytes.toString()) };
}

/** Asks, and reads the whole body. @throws HandrailError `frame-too-large`, as `ask` */
export async function askBytes(
  site: SiteAddress,
  guard: Guard,
  wanted: Ask & { readonly maxBytes: number },
): Promise<{ status: number; bytes: Buffer }> {
  const response = await ask(site, guard, wanted);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response) {
    const bytes: Buffer = Buffer.from(chunk as Uint8Array);
    sizeBytes += bytes.length;
    if (sizeBytes > wanted.maxBytes) throw new HandrailError("frame-too-large", "answer too large");
    chunks.push(bytes);
  }
  return { status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) };
}

/** The refusal that an HTTP answer of the appliance stands for. */
export function refusalOf(answer: JsonAnswer): HandrailError {
  const { code, message } = answer.json;
  const text = typeof message === "string" ? message : `status ${answer.status}`;
  if (typeof code === "string" && isErrorCode(code)) return new HandrailError(code, text);
  return new HandrailError(codeOfStatus(answer.status), text);
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  400: "bad-request",
  401: "not-authenticated",
  403: "not-permitted",
  404: "not-found",
  409: "conflict",
  410: "session-ended",
  429: "too-many-attempts",
  503: "unavailable",
};

function codeOfStatus(status: number): ErrorCode {
  return codesByStatus[status] ?? "internal";
}

function toObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
