import type { MailSecurity } from "@handrail/protocol/upkeep";
import { type TrustDraft, trustDraft, trustOf } from "../line/trust.ts";
import type { Mail, MailRequest } from "./api.ts";

/** How mail travels, or that none is sent. */
export type Security = MailSecurity | "off";

/** What stands in the form; what another way needs stays while one chooses. */
export interface Draft extends TrustDraft {
  readonly security: Security;
  readonly host: string;
  /** As it is typed. */
  readonly port: string;
  /** Empty where the server wants none. */
  readonly user: string;
  /** Empty leaves the one that is kept. */
  readonly password: string;
  readonly sender: string;
  readonly senderName: string;
  /** One to a line. */
  readonly addressees: string;
  /** Of the notices, whatever the page is read in. */
  readonly language: "en" | "fr";
  readonly mailsKeys: boolean;
}

/** Sources: RFC 6409 (587), RFC 8314 (465), RFC 5321 (25). */
export const usualPorts: Readonly<Record<Security, string>> = {
  off: "",
  starttls: "587",
  tls: "465",
  none: "25",
};

/**
 * The form for what is set. A site that sends none yet gets the language in which it is read: who sets it
 * up gets the notices, as a rule.
 */
export function draftOf({ mail }: Mail, language: "en" | "fr"): Draft {
  return {
    security: mail?.security ?? "off",
    host: mail?.host ?? "",
    port: mail ? String(mail.port) : "",
    user: mail?.user ?? "",
    password: "",
    sender: mail?.sender ?? "",
    senderName: mail?.senderName ?? "",
    addressees: mail?.addressees.join("\n") ?? "",
    language: mail?.language === "fr" || (!mail && language === "fr") ? "fr" : "en",
    mailsKeys: mail?.mailsKeys ?? false,
    ...trustDraft(mail?.trust),
  };
}

/** What the form says; undefined when none is to be sent. The appliance judges it. */
export function requestOf(draft: Draft): MailRequest | undefined {
  const { security, port, addressees, password, trustBy, ca, pin, ...rest } = draft;
  if (security === "off") return undefined;
  return {
    ...rest,
    security,
    port: Number(port),
    // Without TLS there is no certificate to be trusted, whatever was chosen before.
    trust: security === "none" ? { by: "authorities" } : trustOf({ trustBy, ca, pin }),
    // Pasted lists are separated by whatever the mail program separates them by.
    addressees: addressees.split(/[\s,;]+/).filter((each) => each !== ""),
    ...(password === "" ? {} : { password }),
  };
}
