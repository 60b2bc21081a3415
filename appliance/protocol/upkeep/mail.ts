import type { PersonLanguage } from "../session/state.ts";

/** How the way to a mail server is kept from being read: RFC 3207, RFC 8314, or not at all. */
export const mailSecurities = ["starttls", "tls", "none"] as const;
/** One of these. */
export type MailSecurity = (typeof mailSecurities)[number];

/** What can be wrong with a mail, beyond the way to its server. */
export const mailFaults = [
  /** Without TLS, and not inside a private network. */
  "not-private",
  "no-starttls",
  /** What answers is no mail server, or it wants nobody at present. */
  "no-smtp",
  /** The name and password are wrong, or not taken. */
  "authentication",
  /** The server asks for a name and a password, or knows no way to take them. */
  "no-authentication",
  "sender",
  "recipient",
  "too-large",
  "refused-mail",
] as const;
/** One of these. */
export type MailFault = (typeof mailFaults)[number];

/** How mail is sent, as the page has it. The password is never told. */
export interface MailSettings<Trust> {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  readonly trust: Trust;
  /** The name at the server; empty for none. */
  readonly user: string;
  readonly sender: string;
  readonly senderName: string;
  /** Who gets the notices of the appliance. */
  readonly addressees: readonly string[];
  /** Of the notices. */
  readonly language: PersonLanguage;
  /** Whether representatives may have session keys sent to customers. */
  readonly mailsKeys: boolean;
}

/** Why a letter did not go. `answer`: the server's own words; `fingerprint`: SHA-256, hex. */
export interface MailTrouble<Fault extends string> {
  readonly fault: Fault | MailFault;
  readonly answer?: string | undefined;
  readonly fingerprint?: string | undefined;
}

/** Letters that wait, and why; times in Unix ms. */
export interface MailState<Fault extends string> {
  readonly waiting: number;
  readonly lastSentAt?: number | undefined;
  readonly trouble?:
    | (MailTrouble<Fault> & {
        readonly to: string;
        readonly since: number;
        readonly nextAt: number;
      })
    | undefined;
  /** The newest letter that is not tried again. */
  readonly givenUp?:
    (MailTrouble<Fault> & { readonly to: string; readonly at: number }) | undefined;
}
