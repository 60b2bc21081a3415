import { HandrailError } from "@handrail/protocol";
import type { BackupTarget, BackupTargetFault } from "@handrail/protocol/upkeep";
import { trustOf, trustOptions } from "../../line/trust-options.ts";
import { systemClock } from "../../clock.ts";
import { misused, parseCommandLine } from "../../command-line.ts";
import type { Settings } from "../../config.ts";
import { lineFaultTexts } from "../../line/line-error.ts";
import { complain, createLog, print } from "../../log.ts";
import { applianceValues } from "../../store/appliance-values.ts";
import type { AuditLog } from "../../store/audit.ts";
import type { Store } from "../../store/database.ts";
import { readPassphrase } from "../passphrase.ts";
import { TargetDesk } from "./desk.ts";
import { targetShape, takesSecret, targetText } from "./target.ts";
import { TargetError } from "./target-error.ts";

/** The data of the appliance that the command works on. */
export interface TargetCommandBase {
  readonly settings: Settings;
  readonly store: Store;
  readonly audit: AuditLog;
}

const usage = `Usage: handrail backup target <command>
  show                                        says where backups are sent, and how that goes
  set TARGET                                  tries it, and sends backups there from now on
  test                                        writes a small file there and removes it
  off                                         keeps backups on the appliance only
  key                                         shows the appliance's public key for SFTP
  list                                        says which backups lie there
  fetch NAME                                  takes one to the appliance, and says where it lies
TARGET is sftp://NAME@HOST[:PORT]/FOLDER (/~/FOLDER: from where NAME's sign-in begins), with
  --host-key SHA256:…                         the server's key; without it, it is shown
  --key                                       signs in with the appliance's key, else a password
or it is https://HOST[:PORT]/BUCKET[/PREFIX] of an S3 server, with
  --region NAME --access-key ID
  --ca-file FILE, --pin SHA-256               whose certificate is trusted
Passwords and secret keys are asked for, or read with --secret-file FILE or --secret-fd N.`;

const options = {
  "host-key": { type: "string" },
  key: { type: "boolean" },
  region: { type: "string", default: "us-east-1" },
  "access-key": { type: "string" },
  "secret-file": { type: "string" },
  "secret-fd": { type: "string" },
  ...trustOptions,
} as const;

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;

const by = { name: "operator" };

/** What is wrong with a target and what helps, for the operator. */
const faultTexts: Readonly<Record<BackupTargetFault, string>> = {
  ...lineFaultTexts,
  "no-ssh": "The server does not speak SSH with SFTP there: look at its port.",
  "host-key-unknown": "The server's key is not confirmed: compare it, and name it with --host-key.",
  "host-key-changed":
    "The server shows another key than the confirmed one. Nothing was sent: ask who runs it why.",
  authentication: "The server refuses the name with this password or key.",
  "no-folder": "There is no such folder: make it on the server.",
  "no-right": "The name may not do that there: give it the right to list, write and delete.",
  full: "The target is full: make room there.",
  "no-bucket": "There is no such bucket: make it, or mend its name.",
  "wrong-region": "The bucket is in another region.",
  "clock-skew": "The clocks of the appliance and of the server differ: mend the wrong one.",
  "not-found": "It is not there any more.",
  rejected: "The server refuses it and says nothing that helps: look into its log.",
  "no-space": "The appliance's own disk is full.",
  cancelled: "It was cancelled.",
};

/** `handrail backup target …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function targetCommand(args: string[], base: TargetCommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const { audit, settings, store } = base;
  const about = { ...settings, audit, values: applianceValues(store), clock: systemClock };
  await using desk = new TargetDesk({ ...about, log: createLog("error", complain) });
  try {
    return await run(desk, parsed);
  } catch (error) {
    if (error instanceof TargetError) return told(error.fault, error.fingerprint);
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
}

async function run(desk: TargetDesk, { positionals, values }: Parsed): Promise<number> {
  const [verb, typed, ...rest] = positionals;
  const takesMore = verb === "set" || verb === "fetch";
  if (rest.length > 0 || takesMore !== (typed !== undefined)) return misused(usage);
  switch (verb) {
    case "show":
      return show(desk);
    case "set":
      return set(desk, typed ?? "", values);
    case "test":
      return test(desk);
    case "off":
      await desk.change(undefined, by);
      return show(desk);
    case "key":
      print(desk.state.publicKey);
      return 0;
    case "list":
      for (const { name, sizeBytes } of await desk.list()) print(`${name} ${sizeBytes} bytes`);
      return 0;
    case "fetch":
      print(await desk.fetch(typed ?? "", by));
      return 0;
    default:
      return misused(usage);
  }
}

function show(desk: TargetDesk): number {
  const { target, waiting, lastSent, trouble } = desk.state;
  if (!target) {
    print("Backups stay on the appliance.");
    return 0;
  }
  print(`Backups are sent to ${targetText(target)}`);
  if (lastSent) print(`  Last sent: ${lastSent.name}, ${new Date(lastSent.at).toISOString()}`);
  if (waiting.length > 0) print(`  Waiting: ${waiting.join(" ")}`);
  if (!trouble) return 0;
  complain(`  Not sent since ${new Date(trouble.since).toISOString()}:`);
  return told(trouble.fault, trouble.fingerprint);
}

async function set(desk: TargetDesk, typed: string, values: Parsed["values"]): Promise<number> {
  const target = targetOf(typed, values);
  if (!target) return misused(usage);
  // Nobody types a password for a server whose key is still to be compared.
  const isKnown = target.kind === "s3" || target.hostKey !== undefined;
  const secret = isKnown && takesSecret(target) ? await secretOf(values) : "-";
  const form = takesSecret(target) ? { target, secret } : { target };
  const outcome = await desk.try(form, by);
  if (!outcome.ok) return told(outcome.fault, outcome.fingerprint);
  await desk.change(form, by);
  return show(desk);
}

async function test(desk: TargetDesk): Promise<number> {
  const { target } = desk.state;
  if (!target) {
    complain("Backups stay on the appliance: set a target first.");
    return 1;
  }
  const outcome = await desk.try({ target }, by);
  if (!outcome.ok) return told(outcome.fault, outcome.fingerprint);
  print("A file was written there and removed.");
  return 0;
}

function told(fault: BackupTargetFault, fingerprint: string | undefined): number {
  complain(faultTexts[fault]);
  if (fingerprint !== undefined) complain(`It shows ${fingerprint}`);
  return 1;
}

async function secretOf(values: Parsed["values"]): Promise<string> {
  const { "secret-file": file, "secret-fd": descriptor } = values;
  return readPassphrase(
    descriptor === undefined ? { file } : { descriptor: Number(descriptor) },
    "Password or secret key: ",
  );
}

/** The target as it was typed; undefined, with the reason told, for none. */
function targetOf(typed: string, values: Parsed["values"]): BackupTarget | undefined {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  const read = targetShape.safeParse(
    url?.protocol === "sftp:" ? sftpOf(url, values) : s3Of(url, values),
  );
  if (!read.success) complain(read.error.issues[0]?.message ?? "");
  return read.data;
}

function sftpOf(url: URL, values: Parsed["values"]): object {
  const path = decodeURIComponent(url.pathname);
  return {
    kind: "sftp",
    host: url.hostname,
    port: url.port === "" ? 22 : Number(url.port),
    folder: path.startsWith("/~/") ? path.slice(3) : path,
    name: decodeURIComponent(url.username),
    signIn: values.key ? "key" : "password",
    ...(values["host-key"] === undefined ? {} : { hostKey: values["host-key"] }),
  };
}

function s3Of(url: URL | undefined, values: Parsed["values"]): object {
  const [, bucket = "", ...prefix] = (url?.pathname ?? "").split("/");
  return {
    kind: "s3",
    endpoint: url?.origin ?? "",
    region: values.region,
    bucket,
    prefix: prefix.join("/"),
    accessKey: values["access-key"] ?? "",
    trust: trustOf(values),
  };
}
