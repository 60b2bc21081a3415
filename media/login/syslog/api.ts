import type { Ask } from "../request.ts";
import type { LineFault, Trust } from "../line/trust.ts";

/** How rows travel. */
export const transports = ["udp", "tcp", "tls"] as const;
/** One of these ways. */
export type Transport = (typeof transports)[number];

/** What a syslog server files messages under. */
export const facilities = [
  ...(["user", "daemon", "auth", "authpriv", "audit"] as const),
  ...(["local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"] as const),
] as const;
/** One of these. */
export type Facility = (typeof facilities)[number];

/** Where the audit log is sent to; `trust` with TLS alone. */
export interface SyslogTarget {
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  readonly facility: Facility;
  readonly trust?: Trust;
}

/** How it stands. `since` in Unix ms; `fingerprint`: of a certificate that is not trusted, hex. */
export interface Syslog {
  readonly target?: SyslogTarget;
  readonly state:
    | { readonly is: "off" }
    | { readonly is: "connected" | "connecting"; readonly behind: number }
    | {
        readonly is: "waiting";
        readonly behind: number;
        readonly since: number;
        readonly fault: LineFault;
        readonly fingerprint?: string;
      };
}

/** What came of a test message. */
export type TestOutcome =
  | { readonly ok: true; readonly isRead: boolean }
  | { readonly ok: false; readonly fault: LineFault; readonly fingerprint?: string };

/** The requests about syslog. Every method throws ApiError. */
export class SyslogApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(signal: AbortSignal): Promise<Syslog> {
    return this.#ask("syslog", { signal });
  }
  /** Without a target nothing is sent any more. */
  change(target?: SyslogTarget): Promise<object> {
    return this.#ask("syslog", { method: "PATCH", body: target ? { target } : {} });
  }
  test(target: SyslogTarget): Promise<TestOutcome> {
    return this.#ask("syslog/test", { method: "POST", body: { target } });
  }
}
