import type { ErrorCode } from "@handrail/protocol";

/** Small facts of what was done, for the audit log. */
export type Facts = Record<string, string | number | boolean>;

/** One channel of a console, as whatever works the disk sees it. */
export interface Lane {
  /** Which it is; from 1 on. */
  readonly number: number;
  /** So much waits to be sent that nothing should be added. */
  readonly isFull: boolean;
  /** Sends a message, of which a copy is made. */
  send(message: Uint8Array): void;
  /** Sends messages that lie in `memory`, which nobody touches any more. */
  sendPieces(pieces: readonly Uint8Array[], memory: ArrayBuffer): void;
  /** So many bytes of what the console sent are dealt with. */
  consume(bytes: number): void;
  /** Has something written to the audit log. */
  report(event: string, facts: Facts): void;
  /** Ends the channel. */
  reset(code: ErrorCode, reason: string): void;
}
