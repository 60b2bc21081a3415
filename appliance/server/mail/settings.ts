import { oneLine } from "@handrail/protocol";
import { mailSecurities } from "@handrail/protocol/upkeep";
import { z } from "zod";
import { hostName } from "../line/host-name.ts";
import { hostShape, portShape, trustLine, trustShape } from "../line/trust.ts";
import { Refusal } from "../refusal.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";

/** The part before the @ (RFC 5321 section 4.1.2, without the quoted form that nobody has). */
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;

/** An address for mail; its domain becomes ASCII. */
export const addressShape = z
  .string()
  .trim()
  .max(254)
  .transform((typed, context) => {
    const at = typed.lastIndexOf("@");
    const local = typed.slice(0, Math.max(at, 0));
    const domain = hostName(typed.slice(at + 1));
    const isDomain = domain !== undefined && /[a-z]/.test(domain) && !/[*:]/.test(domain);
    if (isDomain && local.length <= 64 && localPart.test(local)) return `${local}@${domain}`;
    context.addIssue({ code: "custom", message: `${JSON.stringify(typed)} is no e-mail address` });
    return z.NEVER;
  });

const fields = {
  host: hostShape,
  port: portShape,
  security: z.enum(mailSecurities),
  trust: trustShape.default({ by: "authorities" }),
  user: z.string().trim().max(256).default(""),
  sender: addressShape,
  senderName: z.string().overwrite(oneLine).max(100).default(""),
  addressees: z
    .array(addressShape)
    .max(20, "at most 20 addresses are possible")
    .transform((all) => [...new Set(all)])
    .default([]),
  language: z.enum(["en", "fr"]).default("en"),
  /** Whether representatives may have session keys sent. */
  mailsKeys: z.boolean().default(false),
};

/** How mail is to be sent; without `password` the one that is kept goes on. */
export const mailForm = z.strictObject({
  ...fields,
  password: z.string().min(1).max(1024).optional(),
});
/** The same, read. */
export type MailForm = z.infer<typeof mailForm>;

const keptShape = z.object({ ...fields, password: z.string() });
/** How mail is sent. `password`: empty where there is none. */
export type MailServer = z.infer<typeof keptShape>;

const settingsName = "mail-settings";
const storedShape = json(keptShape);

/** How mail is sent; undefined where none is. */
export function readMail(values: Pick<ApplianceValues, "read">): MailServer | undefined {
  return storedShape.safeParse(values.read(settingsName)?.toString()).data;
}

/** Keeps it, or with undefined forgets it. Part of the caller's transaction. */
export function writeMail(values: ApplianceValues, mail: MailServer | undefined): void {
  if (mail) values.write(settingsName, Buffer.from(JSON.stringify(mail)));
  else values.remove(settingsName);
}

/**
 * The form with the password that is meant. The kept one goes only where it went before: whoever
 * may change the server must not learn it that way.
 * @throws Refusal `bad-request` when it has to be typed again
 */
export function withPassword(form: MailForm, kept: MailServer | undefined): MailServer {
  const { password, ...mail } = form;
  if (mail.user === "") return { ...mail, password: "" };
  if (password !== undefined) return { ...mail, password };
  if (kept && kept.password !== "" && wayOf(kept) === wayOf(mail)) {
    return { ...mail, password: kept.password };
  }
  throw new Refusal("bad-request", "type the password: it is kept for one server and name only", {
    field: "mail.password",
  });
}

/** What a password is kept for. */
function wayOf({ host, port, security, trust, user }: Omit<MailServer, "password">): string {
  return JSON.stringify([host, port, security, trustLine(trust), user]);
}

/** The settings in a line, for the audit log and the operator, without the password; "" for none. */
export function mailLine(mail: MailServer | undefined): string {
  if (!mail) return "";
  const where = mail.host.includes(":") ? `[${mail.host}]` : mail.host;
  const parts = [
    `${mail.security}://${where}:${mail.port}`,
    mail.security === "none" ? "" : trustLine(mail.trust),
    mail.user === "" ? "" : `user=${mail.user}`,
    `from=${mail.senderName === "" ? mail.sender : `"${mail.senderName}" <${mail.sender}>`}`,
    mail.addressees.length === 0 ? "" : `to=${mail.addressees.join(",")}`,
    `language=${mail.language}`,
    mail.mailsKeys ? "session-keys" : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
