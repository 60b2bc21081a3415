import { oneLine } from "@handrail/protocol";
import { type MailFault, mailFaults, type MailTrouble } from "@handrail/protocol/upkeep";
import { z } from "zod";
import { type LineFault, lineFaults, lineFaultTexts } from "../line/line-error.ts";

/** What can be wrong with a letter or with the way of it. */
export type SendFault = LineFault | MailFault;

/** Why a letter did not go, as it is kept and told. */
export const troubleShape = z.object({
  fault: z.enum([...lineFaults, ...mailFaults]),
  answer: z.string().optional(),
  fingerprint: z.string().optional(),
});
/** The same, read. */
export type SendTrouble = MailTrouble<LineFault>;

const maxAnswerLength = 300;

/** Why a letter did not go. */
export class MailError extends Error {
  override readonly name = "MailError";
  readonly trouble: SendTrouble;
  /** The server will never take it (RFC 5321 section 4.2.1: the code begins with 5). */
  readonly isFinal: boolean;

  constructor(
    fault: SendFault,
    options: {
      cause?: unknown;
      answer?: string | undefined;
      fingerprint?: string | undefined;
      isFinal?: boolean;
    } = {},
  ) {
    super(`mail: ${fault}`, { cause: options.cause });
    const { answer, fingerprint } = options;
    this.trouble = {
      fault,
      ...(answer ? { answer: oneLine(answer).slice(0, maxAnswerLength) } : {}),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
    this.isFinal = options.isFinal ?? false;
  }
}

/** What is wrong and what helps, for the operator. */
export const sendFaultTexts: Readonly<Record<SendFault, string>> = {
  ...lineFaultTexts,
  "not-private":
    "Without TLS mail goes only to a server of a private network: choose STARTTLS or TLS.",
  "no-starttls": "The server does not offer STARTTLS at this port: try TLS, usually port 465.",
  "no-smtp": "What answers there is no mail server that takes mail now: look at the port.",
  authentication: "The server does not take the name or the password.",
  "no-authentication": "The server wants a name and a password, or takes none in this way.",
  sender: "The server does not take mail from the sender's address.",
  recipient: "The server does not take mail for this address.",
  "too-large": "The server takes no mail of this size.",
  "refused-mail": "The server refuses the mail.",
};
