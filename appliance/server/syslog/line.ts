import type { LineError } from "../line/line-error.ts";

/** A way to a syslog server. Disposing cuts it. */
export interface Line extends Disposable {
  /** Why nothing can be sent any more; undefined while all is well. */
  readonly fault: LineError | undefined;
  /** Resolves once the system has taken the message. @throws LineError */
  send(message: Buffer): Promise<void>;
  /**
   * Ends the line in good order. True when the other side has then closed it without a fault: it
   * has read all there was to read.
   * @throws LineError
   */
  close(): Promise<boolean>;
}
