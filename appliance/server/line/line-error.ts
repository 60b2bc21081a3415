/** What can be wrong with the way to another server. */
export const lineFaults = [
  "unknown-name",
  "refused",
  "unreachable",
  "timeout",
  "untrusted",
  "other-certificate",
  "no-tls",
  "lost",
  /** The machine's proxy does not answer, or does not let it through. */
  "proxy",
] as const;
/** One of these. */
export type LineFault = (typeof lineFaults)[number];

/** Why nothing can be sent. `fingerprint`: SHA-256 in hex of a certificate that is not trusted. */
export class LineError extends Error {
  override readonly name = "LineError";
  readonly fault: LineFault;
  readonly fingerprint: string | undefined;

  constructor(fault: LineFault, options: { cause?: unknown; fingerprint?: string } = {}) {
    super(`line: ${fault}`, { cause: options.cause });
    this.fault = fault;
    this.fingerprint = options.fingerprint;
  }
}

const faultOfCode: Readonly<Record<string, LineFault>> = {
  ENOTFOUND: "unknown-name",
  EAI_AGAIN: "unknown-name",
  ECONNREFUSED: "refused",
  ENETUNREACH: "unreachable",
  EHOSTUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
  ETIMEDOUT: "timeout",
  EPROTO: "no-tls",
};

/** What the system said, as one of these. */
export function toLineError(error: unknown): LineError {
  if (error instanceof LineError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const isTls = code.startsWith("ERR_SSL_");
  return new LineError(isTls ? "no-tls" : (faultOfCode[code] ?? "lost"), { cause: error });
}

/** What is wrong with the way to the server and what helps, for the operator. */
export const lineFaultTexts: Readonly<Record<LineFault, string>> = {
  "unknown-name": "Nobody knows the server's name: look at its spelling and the DNS.",
  refused: "The server refuses the connection: look at its port and whether it runs.",
  unreachable: "There is no way to the server: look at the network.",
  timeout: "The server does not answer: look at its address and at firewalls.",
  untrusted: "The server's certificate is not trusted: name its authority or its fingerprint.",
  "other-certificate": "The server shows another certificate than the pinned one.",
  "no-tls": "The server does not speak TLS there.",
  lost: "The server has cut the connection.",
  proxy: "The machine's proxy does not lead there: look at its address and at what it allows.",
};
