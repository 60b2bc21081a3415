import { setTimeout as pause } from "node:timers/promises";
import {
  acmeFaultText,
  type AcmeFault,
  type AcmeForm,
  acmeFormShape,
  acmeOwnWords,
  acmeProofs,
  type AcmeView,
  usualAcmeDirectory,
} from "@handrail/protocol/upkeep";
import { misused, parseCommandLine } from "../../command-line.ts";
import { complain, print } from "../../log.ts";
import { readNamedFile } from "../named-file.ts";
import type { AcmeDesk } from "./desk.ts";

const usage = `Usage: handrail certificate acme <command>
  show                                        says how it stands
  set [--directory URL] [--name NAME…] [--contact MAIL] [--proof ${acmeProofs.join("|")}]
      [--authority-file FILE] [--external-key-id ID --external-key-file FILE] [--accept-terms]
                                              gets the certificate by itself from then on; what
                                              is not named stays as it is
  renew                                       tries it at once, and waits for what comes of it
  off                                         gets none any more; the one that is there stays
FILE is - for standard input.`;

const options = {
  directory: { type: "string" },
  name: { type: "string", multiple: true },
  contact: { type: "string" },
  proof: { type: "string" },
  "authority-file": { type: "string" },
  "external-key-id": { type: "string" },
  "external-key-file": { type: "string" },
  "accept-terms": { type: "boolean", default: false },
} as const;

/** How long a try is waited for. */
const waitMs = 5 * 60_000;
const lookMs = 500;
const soonMs = 60_000;
const by = { name: "operator" };

/** What the command works on. */
export interface AcmeCommandBase {
  readonly desk: AcmeDesk;
  /** Has a running appliance look at what has changed; false when none runs. */
  readonly tellServer: () => boolean;
}

/** `handrail certificate acme …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function acmeCommand(args: string[], base: AcmeCommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const { desk } = base;
  const [verb] = parsed.positionals;
  switch (verb) {
    case "show":
      return show(desk.view);
    case "set":
      return set(parsed.values, base);
    case "renew":
      await desk.want(by);
      return follow(base);
    case "off":
      await desk.stop(by);
      base.tellServer();
      return show(desk.view);
    default:
      return misused(usage);
  }
}

type Values = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>["values"];

async function set(values: Values, base: AcmeCommandBase): Promise<number> {
  const form = acmeFormShape.safeParse(formOf(values, base.desk.view));
  if (!form.success) {
    const [issue] = form.error.issues;
    complain(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
    return misused(usage);
  }
  const answer = await base.desk.set(form.data, by);
  if (answer.ok) return follow(base);
  complainOf(answer.fault);
  if (answer.fault.reason === "terms") complain(`Terms of service: ${answer.fault.about ?? ""}`);
  return 1;
}

/** What was said, on what is there already. */
function formOf(values: Values, { settings, suggestedNames }: AcmeView): Partial<AcmeForm> {
  const authorityFile = values["authority-file"];
  const keyFile = values["external-key-file"];
  const proof = values.proof ?? settings?.proof ?? acmeProofs[0];
  const known = acmeProofs.find((each) => each === proof);
  return {
    directory: values.directory ?? settings?.directory ?? usualAcmeDirectory,
    names: values.name ?? settings?.names ?? suggestedNames,
    contact: values.contact ?? settings?.contact ?? "",
    ...(known ? { proof: known } : {}),
    authority:
      authorityFile === undefined ? (settings?.authority ?? "") : readNamedFile(authorityFile),
    externalKeyId: values["external-key-id"] ?? settings?.externalKeyId ?? "",
    ...(keyFile === undefined ? {} : { externalKey: readNamedFile(keyFile).trim() }),
    acceptsTerms: values["accept-terms"],
  };
}

/** Waits for what comes of a try that was just asked for. */
async function follow({ desk, tellServer }: AcmeCommandBase): Promise<number> {
  const before = desk.view.lastTry?.at;
  if (!tellServer()) {
    complain("The appliance does not run; it tries at its next start.");
    return 0;
  }
  for (let waitedMs = 0; waitedMs < waitMs; waitedMs += lookMs) {
    const { isRunning, lastTry, nextAt = 0 } = desk.view;
    if (!isRunning && lastTry && lastTry.at !== before) {
      show(desk.view);
      return lastTry.fault ? 1 : 0;
    }
    // It was tried too often today.
    if (!isRunning && nextAt > Date.now() + soonMs) return show(desk.view);
    await pause(lookMs);
  }
  complain("It is still being tried: show tells what comes of it.");
  return 1;
}

function show(view: AcmeView): number {
  const { account, isRunning, lastTry, nextAt, settings } = view;
  if (!settings) {
    print("No certificate is got by itself.");
    if (view.siteFault) complainOf(view.siteFault);
    return 0;
  }
  const moment = (at: number) => new Date(at).toISOString().slice(0, 16).replace("T", " ");
  print(`A certificate is got from ${settings.directory}`);
  print(`  Names        ${settings.names.join(", ")}`);
  print(`  Contact      ${settings.contact || "none"}`);
  print(`  Proof        ${settings.proof}`);
  print(`  Account      ${account ?? "none yet"}`);
  if (settings.externalKeyId !== "") print(`  External key ${settings.externalKeyId}`);
  if (lastTry) print(`  Last try     ${moment(lastTry.at)} ${lastTry.fault ? "failed" : "good"}`);
  if (isRunning) print("  Now          being tried");
  else if (nextAt === undefined) print("  Next         none: another certificate was put here");
  else print(`  Next         ${moment(nextAt)}`);
  if (lastTry?.fault) complainOf(lastTry.fault);
  return 0;
}

function complainOf(fault: AcmeFault): void {
  complain(acmeFaultText(fault, "en"));
  const words = acmeOwnWords(fault);
  if (words !== undefined) complain(words);
}
