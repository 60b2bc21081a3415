/**
 * Mail of the appliance. `settings` says how it is sent, `letter` sends one and `notices` decides what
 * administrators are told of; this watches the health of the appliance and empties the outbox.
 */
import type { HealthReport } from "@handrail/protocol/upkeep";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { toldOf } from "./desk.ts";
import { sendLetter } from "./letter.ts";
import { MailError, type SendTrouble } from "./mail-error.ts";
import { noticesOf, remember } from "./notices.ts";
import { Outbox, type WaitingLetter } from "./outbox.ts";
import { type MailServer, readMail } from "./settings.ts";
import { noticeLetter, type Writer } from "./words.ts";

/** What the post rests on. */
export interface PostOptions extends Pick<Writer, "siteName" | "publicUrl"> {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly health: () => Promise<HealthReport>;
  /** The name of the site, as a URL has it. */
  readonly host: string;
}

const stepEveryMs = 5_000;
/** A start has better things to do, and the clock may not be right yet. */
const firstLookMs = 120_000;
const lookEveryMs = 600_000;
const leaveWithinMs = 3_000;
/** Beyond the longest time to the next try: the clock was set back. */
const tooFarMs = 2 * 3_600_000;

/** Tells administrators by mail what is wrong with the appliance, and that it is good again. */
export class Post implements AsyncDisposable {
  readonly #options: PostOptions;
  readonly #outbox: Outbox;
  readonly #stopping = new AbortController();
  #lookAtMs: number;
  #timer: Disposable | undefined;
  #working: Promise<void> | undefined;

  constructor(options: PostOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.values);
    this.#lookAtMs = options.clock.monotonicMs() + firstLookMs;
    this.#arm(stepEveryMs);
  }

  /** Looks at once whether there is something to tell or to send, as after a change. */
  wake(): void {
    this.#lookAtMs = this.#options.clock.monotonicMs();
    if (!this.#working) this.#arm(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#timer?.[Symbol.dispose]();
    // A row that waits for room on the disk does not hold up the end.
    const { promise: isLate, resolve } = Promise.withResolvers<void>();
    const late = this.#options.clock.after(leaveWithinMs, resolve);
    await Promise.race([this.#working, isLate]);
    late[Symbol.dispose]();
  }

  #arm(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#stopping.signal.aborted) return;
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#working = this.#step()
        .catch((error: unknown) => this.#options.log.error("mail.failed", { error }))
        .finally(() => {
          this.#working = undefined;
          this.#arm(stepEveryMs);
        });
    });
  }

  async #step(): Promise<void> {
    const { clock, values } = this.#options;
    const mail = readMail(values);
    if (!mail || mail.addressees.length === 0) return;
    if (clock.monotonicMs() >= this.#lookAtMs) {
      this.#lookAtMs = clock.monotonicMs() + lookEveryMs;
      await this.#look(mail);
    }
    for (const letter of this.#outbox.waiting) {
      const inMs = letter.nextAt - clock.now();
      if (this.#stopping.signal.aborted) return;
      if (inMs <= 0 || inMs > tooFarMs) await this.#send(letter, mail);
    }
  }

  /** Puts into the outbox what there is to tell. */
  async #look(mail: MailServer): Promise<void> {
    const { audit, clock, health, publicUrl, siteName, values } = this.#options;
    const report = await health();
    const notices = noticesOf(report, values);
    if (notices.length === 0) return;
    const writer = { siteName, publicUrl, language: mail.language };
    const writing = audit.write(() => {
      for (const notice of notices) {
        remember(values, notice, clock.now());
        for (const to of mail.addressees) {
          this.#outbox.put(noticeLetter(notice, report, { ...writer, to }), clock.now());
        }
      }
    });
    audit.flush();
    await writing;
  }

  async #send(letter: WaitingLetter, mail: MailServer): Promise<void> {
    const { clock, host } = this.#options;
    const { signal } = this.#stopping;
    try {
      await sendLetter(letter, mail, { clock, host, signal });
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      // Cut off by the end of the program: nothing is known of the server.
      if (!signal.aborted) await this.#failed(letter, error);
      return;
    }
    await this.#tell("mail.sent", { letter }, () => this.#outbox.sent(letter, clock.now()));
  }

  async #failed(letter: WaitingLetter, { isFinal, trouble }: MailError): Promise<void> {
    const { clock, log } = this.#options;
    const now = clock.now();
    log.warn("mail.waits", { to: letter.to, fault: trouble.fault });
    if (!isFinal && !this.#outbox.isStale(letter, now)) {
      return this.#outbox.postpone(letter, trouble, now);
    }
    await this.#tell("mail.given-up", { letter, trouble }, () =>
      this.#outbox.giveUp(letter, trouble, now),
    );
  }

  /** Where the row cannot be written it waits, and the next letter with it: none is sent twice. */
  async #tell(
    event: "mail.sent" | "mail.given-up",
    { letter, trouble }: { letter: WaitingLetter; trouble?: SendTrouble },
    also: () => void,
  ): Promise<void> {
    const { to, subject } = letter;
    const why = trouble ? toldOf({ ok: false, ...trouble }) : {};
    const entry = { event, who: "appliance", detail: { to, mailSubject: subject, ...why } };
    const { audit } = this.#options;
    const writing = audit.append(entry, { also, mustHappen: true });
    audit.flush();
    await writing;
  }
}
