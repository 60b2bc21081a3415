import type { Author } from "../certificate/desk.ts";
import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { LineError, type LineFault, toLineError } from "../line/line-error.ts";
import { testMessage } from "./message.ts";
import { openLine } from "./open-line.ts";
import {
  readCursor,
  readTarget,
  type SyslogTarget,
  targetText,
  writeCursor,
  writeTarget,
} from "./target.ts";

/** What came of a test message. `isRead`: the server has closed the line behind it in good order. */
export type TestOutcome =
  | { readonly ok: true; readonly isRead: boolean }
  | { readonly ok: false; readonly fault: LineFault; readonly fingerprint?: string };

/** What the desk rests on. */
export interface DeskOptions {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The name of the site, as a URL has it. */
  readonly host: string;
}

/** Everything that is done about where the audit log is sent. */
export class SyslogDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get target(): SyslogTarget | undefined {
    return readTarget(this.#options.values);
  }

  /** Rows that are not known to have arrived. */
  get unsettledRows(): number {
    const { audit, values } = this.#options;
    return this.target ? Math.max(0, audit.status().rows - readCursor(values)) : 0;
  }

  /**
   * Sends the audit log there from now on, or with undefined nowhere. The row that says so is the
   * first that a new target gets; where there was another target, what it lacks goes to the new one.
   */
  async change(target: SyslogTarget | undefined, by: Author): Promise<void> {
    const { audit, values } = this.#options;
    const before = this.target;
    const detail = { targetBefore: targetText(before), target: targetText(target) };
    const writing = audit.append(
      { event: "syslog.changed", who: by.name, whoId: by.id, detail },
      {
        also() {
          writeTarget(values, target);
          if (!before) writeCursor(values, audit.status().rows - 1);
        },
      },
    );
    audit.flush();
    await writing;
  }

  /** Sends one message there, and says what came of it. */
  async test(target: SyslogTarget, by: Author): Promise<TestOutcome> {
    const outcome = await this.#try(target, by.name);
    const detail = {
      target: targetText(target),
      syslogOutcome: outcome.ok ? "sent" : outcome.fault,
    };
    const writing = this.#options.audit.append({
      event: "syslog.tested",
      who: by.name,
      whoId: by.id,
      detail,
    });
    this.#options.audit.flush();
    await writing;
    return outcome;
  }

  async #try(target: SyslogTarget, by: string): Promise<TestOutcome> {
    const { clock, host } = this.#options;
    try {
      using line = await openLine(target, clock, new AbortController().signal);
      await line.send(testMessage(clock.now(), by, { host, facility: target.facility }));
      const isRead = await line.close();
      return { ok: true, isRead: isRead && target.transport !== "udp" };
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      const { fault, fingerprint } = toLineError(error);
      return { ok: false, fault, ...(fingerprint ? { fingerprint } : {}) };
    }
  }
}
