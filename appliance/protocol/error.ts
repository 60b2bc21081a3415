/**
 * The one catalogue of refusals and faults. Nobody else invents a code.
 * `wire`: number in a RESET frame, never reused. `status`: HTTP. `close`: WebSocket close code
 * (RFC 6455 section 7.4; 4000–4999 are ours). `retry`: whether the same attempt can help later.
 * `shownTo`: who may be told this very code; a visitor hears `key-refused` for all key codes.
 */
export const errorCatalogue = {
  "protocol-violation": entry(1, 400, 4400, false, "operator"),
  "frame-too-large": entry(2, 413, 4413, false, "operator"),
  "version-unsupported": entry(3, 426, 4426, false, "everyone"),
  "not-authenticated": entry(4, 401, 4401, false, "everyone"),
  "not-permitted": entry(5, 403, 4403, false, "everyone"),
  "customer-refused": entry(6, 403, 4403, true, "everyone"),
  "not-found": entry(7, 404, 4404, false, "everyone"),
  conflict: entry(8, 409, 4409, true, "everyone"),
  "too-many-attempts": entry(9, 429, 4429, true, "everyone"),
  "bad-request": entry(10, 400, 4400, false, "everyone"),
  internal: entry(11, 500, 4500, true, "everyone"),
  unavailable: entry(12, 503, 4503, true, "everyone"),
  "session-ended": entry(13, 410, 4410, false, "everyone"),
  "key-refused": entry(14, 404, 4404, false, "everyone"),
  "key-unknown": entry(15, 404, 4404, false, "operator"),
  "key-expired": entry(16, 404, 4404, false, "operator"),
  "key-used": entry(17, 404, 4404, false, "operator"),
  "resume-refused": entry(18, 410, 4411, false, "everyone"),
  "link-replaced": entry(19, 409, 4408, false, "everyone"),
  "too-slow": entry(20, 503, 4420, true, "everyone"),
  "disk-full": entry(21, 507, 4507, true, "everyone"),
  cancelled: entry(22, 499, 4499, true, "everyone"),
  "control-held": entry(23, 409, 4409, true, "everyone"),
  "customer-away": entry(24, 409, 4409, true, "everyone"),
  "clipboard-too-large": entry(25, 413, 4413, false, "everyone"),
  "password-wrong": entry(26, 401, 4401, true, "everyone"),
  "account-disabled": entry(27, 403, 4423, false, "everyone"),
  "nobody-there": entry(28, 409, 4409, true, "everyone"),
} as const;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;

/** What the catalogue knows of one code. */
export interface ErrorEntry {
  readonly wire: number;
  readonly status: number;
  readonly close: number;
  readonly retry: boolean;
  readonly shownTo: "everyone" | "operator";
}

function entry(
  wire: number,
  status: number,
  close: number,
  ...[retry, shownTo]: [retry: boolean, shownTo: ErrorEntry["shownTo"]]
): ErrorEntry {
  return { wire, status, close, retry, shownTo };
}

/** A refusal or fault with a code of the catalogue; `message` is for the log, in English. */
export class HandrailError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "HandrailError";
    this.code = code;
  }
}

/** The error as one of ours; a foreign error becomes `internal` and is kept as the cause. */
export function toHandrailError(error: unknown): HandrailError {
  if (error instanceof HandrailError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new HandrailError("internal", message, { cause: error });
}

const codes = Object.keys(errorCatalogue).filter(isErrorCode);
const codeByWire = new Map<number, ErrorCode>(codes.map((c) => [errorCatalogue[c].wire, c]));

/** Whether the text is a code of the catalogue. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCatalogue, text);
}

/** The code of a RESET frame's number; an unknown number (a newer peer) reads as `internal`. */
export function errorCodeOfWire(wire: number): ErrorCode {
  return codeByWire.get(wire) ?? "internal";
}
