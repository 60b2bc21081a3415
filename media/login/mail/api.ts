import type { MailSettings, MailState, MailTrouble } from "@handrail/protocol/upkeep";
import type { Ask } from "../request.ts";
import type { LineFault, Trust } from "../line/trust.ts";

/** How mail is sent, as it is written: without `password` the one that is kept goes on. */
export interface MailRequest extends MailSettings<Trust> {
  readonly password?: string;
}

/** How mail is sent, and how that stands. */
export interface Mail {
  /** Absent where no mail is sent. */
  readonly mail?: MailSettings<Trust>;
  /** Whether one is kept, which never comes here. */
  readonly hasPassword: boolean;
  readonly state: MailState<LineFault>;
}

/** Why a letter did not go. */
export type Trouble = MailTrouble<LineFault>;

/** What came of a test mail. */
export type MailOutcome = { readonly ok: true } | ({ readonly ok: false } & Trouble);

/** The requests about mail. Every method throws ApiError. */
export class MailApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** How it stands now; letters come and go by themselves. */
  read(signal: AbortSignal): Promise<Mail> {
    return this.#ask("mail", { signal });
  }
  /** Without settings no mail is sent any more. */
  change(mail?: MailRequest): Promise<object> {
    return this.#ask("mail", { method: "PATCH", body: mail ? { mail } : {} });
  }
  /** Sends one mail that way, and changes nothing. */
  test(mail: MailRequest, to: string): Promise<MailOutcome> {
    return this.#ask("mail/test", { method: "POST", body: { mail, to } });
  }
}
