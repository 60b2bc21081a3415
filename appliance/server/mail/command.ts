import { text } from "node:stream/consumers";
import { HandrailError } from "@handrail/protocol";
import { mailSecurities } from "@handrail/protocol/upkeep";
import type { CommandBase } from "../certificate/command.ts";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { hostOf } from "../config.ts";
import { trustOf, trustOptions } from "../line/trust-options.ts";
import { complain, print } from "../log.ts";
import { applianceValues, publicUrlName } from "../store/appliance-values.ts";
import { MailDesk } from "./desk.ts";
import { type SendTrouble, sendFaultTexts } from "./mail-error.ts";
import { addressShape, type MailForm, mailForm, mailLine } from "./settings.ts";

const usage = `Usage: handrail mail <command>
  show                                        says how mail is sent, and what waits
  set [OPTION…]                               changes how; what is not named stays
  off                                         sends none
  test ADDRESS                                sends a test mail there
OPTION is
  --host HOST --port PORT                     the server
  --security ${mailSecurities.join("|")}                 none only within a private network
  --ca-file FILE | --pin SHA-256              whose certificate is trusted
  --user NAME --password                      the password is read from standard input
  --sender ADDRESS --sender-name NAME         who the mails are from
  --to ADDRESS…                               who gets the notices; "" for nobody
  --language en|fr                            of the notices
  --session-keys on|off                       whether representatives may mail session keys`;

const options = {
  ...trustOptions,
  host: { type: "string" },
  port: { type: "string" },
  security: { type: "string" },
  user: { type: "string" },
  password: { type: "boolean", default: false },
  sender: { type: "string" },
  "sender-name": { type: "string" },
  to: { type: "string", multiple: true },
  language: { type: "string" },
  "session-keys": { type: "string" },
} as const;

const by = { name: "operator" };
const usualPorts: Readonly<Record<string, number>> = { starttls: 587, tls: 465, none: 25 };

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;

/** `handrail mail …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function mailCommand(args: string[], base: CommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const { audit, settings } = base;
  const host = hostOf(settings);
  const values = applianceValues(base.store);
  const publicUrl = values.read(publicUrlName)?.toString() ?? `https://${host}`;
  const { siteName } = settings;
  const desk = new MailDesk({ audit, values, host, publicUrl, siteName, clock: systemClock });
  try {
    return await run(desk, parsed);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
}

async function run(desk: MailDesk, { positionals, values }: Parsed): Promise<number> {
  const [verb, to, ...rest] = positionals;
  const hasTo = to !== undefined;
  if (rest.length > 0 || hasTo !== (verb === "test")) return misused(usage);
  switch (verb) {
    case "show":
      return show(desk);
    case "set": {
      const form = await formOf(desk, values);
      if (!form) return 1;
      await desk.change(form, by);
      return show(desk);
    }
    case "off":
      await desk.change(undefined, by);
      return show(desk);
    case "test":
      return test(desk, to ?? "");
    default:
      return misused(usage);
  }
}

function show({ mail, outbox }: MailDesk): number {
  if (!mail) {
    print("No mail is sent.");
    return 0;
  }
  print(`Mail is sent by ${mailLine(mail)}`);
  if (mail.security === "none") print("  It can be read on the way: nothing keeps it secret.");
  const { givenUp, trouble, waiting } = outbox.state;
  print(`  Letters that wait: ${waiting}`);
  if (trouble) {
    print(`  The one to ${trouble.to} does not go:`);
    complainOf(trouble);
  }
  if (givenUp) {
    print(`  The one to ${givenUp.to} was given up:`);
    complainOf(givenUp);
  }
  return 0;
}

async function test(desk: MailDesk, typed: string): Promise<number> {
  const { mail } = desk;
  const to = addressShape.safeParse(typed);
  if (!mail || !to.success) {
    complain(mail ? (to.error?.issues[0]?.message ?? "") : "No mail is sent: set a server first.");
    return 1;
  }
  const outcome = await desk.testKept(mail, to.data, by);
  if (!outcome.ok) {
    complainOf(outcome);
    return 1;
  }
  print("The server has taken the mail.");
  return 0;
}

function complainOf({ answer, fault, fingerprint }: SendTrouble): void {
  complain(sendFaultTexts[fault]);
  if (answer !== undefined) complain(`It says: ${answer}`);
  if (fingerprint !== undefined) complain(`It shows the certificate with SHA-256 ${fingerprint}`);
}

/** What is kept, with what was typed in its place; undefined, with the reason told, for none. */
async function formOf(desk: MailDesk, typed: Parsed["values"]): Promise<MailForm | undefined> {
  const { password: _, ...kept } = desk.mail ?? { password: "" };
  const { "ca-file": caFile, pin, port, security, to } = typed;
  const usualPort = security === undefined ? undefined : usualPorts[security];
  const isTrustTyped = caFile !== undefined || pin !== undefined;
  const changes = {
    host: typed.host,
    port: port === undefined ? usualPort : Number(port),
    security,
    user: typed.user,
    sender: typed.sender,
    senderName: typed["sender-name"],
    language: typed.language,
    mailsKeys: switched(typed["session-keys"]),
    addressees: to?.filter((each) => each !== ""),
    trust: isTrustTyped ? trustOf({ pin, "ca-file": caFile }) : undefined,
    password: typed.password ? firstLine(await text(process.stdin)) : undefined,
  };
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const read = mailForm.safeParse({ ...kept, ...Object.fromEntries(given) });
  if (!read.success) {
    const [issue] = read.error.issues;
    complain(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  return read.data;
}

/** A switch as it was typed; what is neither on nor off goes on, to be refused with its name. */
function switched(typed: string | undefined): boolean | string | undefined {
  return typed === "on" || (typed === "off" ? false : typed);
}

function firstLine(typed: string): string {
  return /^[^\r\n]*/.exec(typed)?.[0] ?? "";
}
