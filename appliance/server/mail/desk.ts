import type { Author } from "../certificate/desk.ts";
import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditEntry, AuditLog } from "../store/audit.ts";
import type { KeyCourier, KeyLetter } from "../relay/key-post.ts";
import { type Letter, sendLetter } from "./letter.ts";
import { MailError, type SendTrouble } from "./mail-error.ts";
import { forgetNotices } from "./notices.ts";
import { Outbox } from "./outbox.ts";
import {
  addressShape,
  type MailForm,
  mailLine,
  type MailServer,
  readMail,
  withPassword,
  writeMail,
} from "./settings.ts";
import { keyLetter, testLetter, type Writer } from "./words.ts";

/** What came of a test mail. */
export type MailOutcome = { readonly ok: true } | ({ readonly ok: false } & SendTrouble);

/** What the desk rests on. */
export interface MailDeskOptions extends Pick<Writer, "siteName" | "publicUrl"> {
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The name of the site, as a URL has it. */
  readonly host: string;
}

/** Everything that is done about how mail is sent. */
export class MailDesk implements KeyCourier {
  readonly outbox: Outbox;
  readonly #options: MailDeskOptions;

  constructor(options: MailDeskOptions) {
    this.#options = options;
    this.outbox = new Outbox(options.values);
  }

  get mail(): MailServer | undefined {
    return readMail(this.#options.values);
  }

  /**
   * Sends mail that way from now on, or with undefined none; what waits is tried at once.
   * @throws Refusal `bad-request` when the password has to be typed again
   */
  async change(form: MailForm | undefined, by: Author): Promise<void> {
    const { clock, values } = this.#options;
    const before = this.mail;
    const mail = form && withPassword(form, before);
    const isNewPassword = form?.password !== undefined && mail?.password !== before?.password;
    const detail = {
      mailBefore: mailLine(before),
      mail: mailLine(mail),
      ...(isNewPassword ? { newPassword: true } : {}),
    };
    const also = () => {
      writeMail(values, mail);
      const addressees = mail?.addressees ?? [];
      this.outbox.review(addressees, clock.now());
      if (addressees.length === 0) forgetNotices(values);
    };
    await this.#tell({ event: "mail.changed", who: by.name, whoId: by.id, detail }, also);
  }

  /** Sends a test mail, and says what came of it. @throws as `change` */
  async test(form: MailForm, to: string, by: Author): Promise<MailOutcome> {
    return this.testKept(withPassword(form, this.mail), to, by);
  }

  /** The same with what is kept. */
  async testKept(mail: MailServer, to: string, by: Author): Promise<MailOutcome> {
    const letter = testLetter({ ...this.#options, language: mail.language, to });
    const outcome = await this.#try(mail, letter);
    const detail = { mail: mailLine(mail), to, ...toldOf(outcome) };
    await this.#tell({ event: "mail.tested", who: by.name, whoId: by.id, detail });
    return outcome;
  }

  get mailsKeys(): boolean {
    return this.mail?.mailsKeys ?? false;
  }

  address(typed: string): string | undefined {
    return addressShape.safeParse(typed).data;
  }

  /** At once or not at all: a session key is worth nothing in an hour. */
  async send(key: KeyLetter): Promise<MailOutcome> {
    const { mail } = this;
    if (!mail) return { ok: false, fault: "refused-mail" };
    const language = key.language ?? mail.language;
    return this.#try(mail, keyLetter(key, { ...this.#options, language }));
  }

  async #try(mail: MailServer, letter: Letter): Promise<MailOutcome> {
    const { clock, host } = this.#options;
    try {
      await sendLetter(letter, mail, { clock, host, signal: new AbortController().signal });
      return { ok: true };
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      return { ok: false, ...error.trouble };
    }
  }

  async #tell(entry: AuditEntry, also?: () => void): Promise<void> {
    const { audit } = this.#options;
    const writing = audit.append(entry, { also });
    audit.flush();
    await writing;
  }
}

/** What the audit log has of it. */
export function toldOf(outcome: MailOutcome): Readonly<Record<string, string>> {
  if (outcome.ok) return { mailOutcome: "sent" };
  const { answer, fault } = outcome;
  return { mailOutcome: fault, ...(answer === undefined ? {} : { answer }) };
}
