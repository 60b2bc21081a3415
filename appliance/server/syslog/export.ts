import type { UnixMs } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import type { Line } from "./line.ts";
import { type LineError, type LineFault, toLineError } from "../line/line-error.ts";
import { auditMessage } from "./message.ts";
import { openLine } from "./open-line.ts";
import { rowsAfter } from "./rows.ts";
import { readCursor, readTarget, type SyslogTarget, targetText, writeCursor } from "./target.ts";

/** What the export rests on. */
export interface ExportOptions {
  readonly store: Store;
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  /** The name of the site, as a URL has it. */
  readonly host: string;
}

/** How it stands. `behind`: rows that were not sent yet. */
export type SyslogState =
  | { readonly is: "off" }
  | { readonly is: "connected" | "connecting"; readonly behind: number }
  | {
      readonly is: "waiting";
      readonly behind: number;
      readonly since: UnixMs;
      readonly fault: LineFault;
      /** SHA-256 in hex of a certificate that is not trusted. */
      readonly fingerprint?: string;
    };

interface Out {
  readonly target: SyslogTarget;
  readonly key: string;
  readonly line: Line;
  readonly openedMs: number;
}

const lookEveryMs = 500;
const batchRows = 100;
/** How long a line must have stood behind a row for the row to count as arrived. */
const settleMs = { udp: 1_000, tcp: 10_000, tls: 10_000 } as const;
/** How long it must have stood to make good for breaks before. */
const forgiveMs = 10_000;
const leaveWithinMs = 3_000;
const firstRetryMs = 1_000;
const longestRetryMs = 60_000;

/**
 * Sends each row of the audit log, in order, to a syslog server. Syslog has no answers: a row counts
 * as arrived when its line stood for 10 s after it or was closed in good order. What was sent
 * later than that is sent again after a break, so that rows may come twice but none is left out.
 */
export class SyslogExport implements AsyncDisposable {
  readonly #options: ExportOptions;
  readonly #stopping = new AbortController();
  #out: Out | undefined;
  /** The newest row that was sent over the present line. */
  #sentSeq = 0;
  #unsettled: { readonly seq: number; readonly atMs: number }[] = [];
  #trouble: { since: UnixMs; error: LineError; retryMs: number; key: string } | undefined;
  #timer: Disposable | undefined;
  #working: Promise<void> | undefined;

  constructor(options: ExportOptions) {
    this.#options = options;
    this.#arm(0);
  }

  get state(): SyslogState {
    const { audit, values } = this.#options;
    const target = readTarget(values);
    if (!target) return { is: "off" };
    const sent = this.#out ? this.#sentSeq : readCursor(values);
    const behind = Math.max(0, audit.status().rows - sent);
    if (this.#out && !this.#out.line.fault) return { is: "connected", behind };
    if (this.#trouble?.key !== JSON.stringify(target)) return { is: "connecting", behind };
    const { since, error } = this.#trouble;
    const { fault, fingerprint } = error;
    return { is: "waiting", behind, since, fault, ...(fingerprint ? { fingerprint } : {}) };
  }

  /** Looks at once whether there is something to do, as after a change. */
  wake(): void {
    if (!this.#working) this.#arm(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#timer?.[Symbol.dispose]();
    // A server that takes nothing does not hold up the end.
    const cut = () => this.#out?.line[Symbol.dispose]();
    const late = this.#options.clock.after(leaveWithinMs, cut);
    await this.#working;
    late[Symbol.dispose]();
    const isRead = this.#out && (await this.#leave(this.#out));
    if (isRead) await this.#keep(this.#sentSeq);
  }

  #arm(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#stopping.signal.aborted) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#working = this.#step()
        .catch((error: unknown) => this.#failed(error))
        .then((nextMs) => {
          this.#working = undefined;
          this.#arm(nextMs);
        });
    });
  }

  /** One look at what is to be done. Gives the time until the next, ms. */
  async #step(): Promise<number> {
    const { clock, values } = this.#options;
    const target = readTarget(values);
    const key = JSON.stringify(target);
    if (this.#out && this.#out.key !== key) await this.#leave(this.#out);
    if (!target) return lookEveryMs;
    if (this.#trouble && this.#trouble.key !== key) this.#trouble = undefined;
    this.#out ??= await this.#open(target, key);
    const rows = await this.#send(this.#out);
    this.#forgive(this.#out);
    const settledMs = clock.monotonicMs() - settleMs[target.transport];
    const settled = this.#unsettled.findLast(({ atMs }) => atMs <= settledMs);
    if (settled) await this.#keep(settled.seq);
    return rows < batchRows ? lookEveryMs : 0;
  }

  async #open(target: SyslogTarget, key: string): Promise<Out> {
    const { clock, values } = this.#options;
    const line = await openLine(target, clock, this.#stopping.signal);
    this.#sentSeq = readCursor(values);
    this.#unsettled = [];
    return { target, key, line, openedMs: clock.monotonicMs() };
  }

  /** Sends what there is, at most a batch; gives how many rows. @throws LineError */
  async #send({ line, target }: Out): Promise<number> {
    const { clock, host, store } = this.#options;
    const rows = rowsAfter(store, this.#sentSeq, batchRows);
    const sender = { host, facility: target.facility };
    for (const row of rows) {
      await line.send(auditMessage(row, sender));
      this.#sentSeq = row.seq;
    }
    if (line.fault) throw line.fault;
    if (rows.length > 0) {
      this.#unsettled.push({ seq: this.#sentSeq, atMs: clock.monotonicMs() });
    }
    return rows.length;
  }

  /**
   * Sends the rest and ends the line; true when all was read. Where the rows are to go elsewhere,
   * the former server learns of that, too, and who did it.
   */
  async #leave(out: Out): Promise<boolean> {
    const { audit, clock, log } = this.#options;
    const late = clock.after(leaveWithinMs, () => out.line[Symbol.dispose]());
    try {
      audit.flush();
      await this.#send(out);
      return await out.line.close();
    } catch (error) {
      log.warn("syslog.left-early", { error });
      return false;
    } finally {
      late[Symbol.dispose]();
      out.line[Symbol.dispose]();
      this.#out = undefined;
    }
  }

  /** A line that has stood for a while has made good for the breaks before it. */
  #forgive({ openedMs }: Out): void {
    if (!this.#trouble || this.#options.clock.monotonicMs() - openedMs < forgiveMs) return;
    this.#options.log.info("syslog.restored");
    this.#trouble = undefined;
  }

  #failed(cause: unknown): number {
    this.#out?.line[Symbol.dispose]();
    this.#out = undefined;
    if (this.#stopping.signal.aborted) return lookEveryMs;
    const { clock, log, values } = this.#options;
    const target = readTarget(values);
    const error = toLineError(cause);
    const retryMs = this.#trouble
      ? Math.min(this.#trouble.retryMs * 2, longestRetryMs)
      : firstRetryMs;
    if (!this.#trouble) {
      log.warn("syslog.interrupted", { target: targetText(target), fault: error.fault, error });
    }
    const since = this.#trouble?.since ?? clock.now();
    this.#trouble = { since, error, retryMs, key: JSON.stringify(target) };
    return retryMs;
  }

  /** Writes down what has arrived. Where that cannot be written, it is sent again one day. */
  async #keep(seq: number): Promise<void> {
    const { audit, log, values } = this.#options;
    const writing = audit.write(() => {
      // Who has switched it off in the meantime wants no position.
      if (readTarget(values)) writeCursor(values, seq);
    });
    audit.flush();
    try {
      await writing;
      this.#unsettled = this.#unsettled.filter((each) => each.seq > seq);
    } catch (error) {
      log.warn("syslog.position-not-kept", { error });
    }
  }
}
