import { HandrailError } from "@handrail/protocol";
import type { CommandBase } from "../certificate/command.ts";
import { systemClock } from "../clock.ts";
import { misused, parseCommandLine } from "../command-line.ts";
import { hostOf } from "../config.ts";
import { lineFaultTexts } from "../line/line-error.ts";
import { trustOf, trustOptions } from "../line/trust-options.ts";
import { complain, print } from "../log.ts";
import { applianceValues } from "../store/appliance-values.ts";
import { SyslogDesk } from "./desk.ts";
import { facilities, type SyslogTarget, targetShape, targetText } from "./target.ts";

const usage = `Usage: handrail syslog <command>
  show                                        says where the audit log is sent
  set TARGET                                  sends it there from now on
  off                                         sends it nowhere
  test [TARGET]                               sends a test message, to what is set or elsewhere
TARGET is udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, with these if need be:
  --facility NAME                             ${Object.keys(facilities).join(", ")}
                                              (local0 by itself)
  --ca-file FILE                              tls: authorities that are trusted, PEM
  --pin SHA-256                               tls: the one certificate that is trusted`;

const options = {
  facility: { type: "string", default: "local0" },
  ...trustOptions,
} as const;

const by = { name: "operator" };

/** `handrail syslog …`: exit code 0 when done, 1 when refused, 2 for a wrong command. */
export async function syslogCommand(args: string[], base: CommandBase): Promise<number> {
  const parsed = parseCommandLine(args, options);
  if (!parsed) return misused(usage);
  const host = hostOf(base.settings);
  const values = applianceValues(base.store);
  const desk = new SyslogDesk({ audit: base.audit, values, host, clock: systemClock });
  try {
    return await run(desk, parsed);
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    complain(error.message);
    return 1;
  }
}

type Parsed = NonNullable<ReturnType<typeof parseCommandLine<typeof options>>>;

async function run(desk: SyslogDesk, { positionals, values }: Parsed): Promise<number> {
  const [verb, typed, ...rest] = positionals;
  const isLong = rest.length > 0 || (typed !== undefined && verb !== "set" && verb !== "test");
  const target = typed === undefined ? undefined : targetOf(typed, values);
  if (isLong || (typed !== undefined && !target)) return misused(usage);
  switch (verb) {
    case "show":
      return show(desk);
    case "set":
      if (!target) return misused(usage);
      await desk.change(target, by);
      return show(desk);
    case "off":
      await desk.change(undefined, by);
      return show(desk);
    case "test":
      return test(desk, target ?? desk.target);
    default:
      return misused(usage);
  }
}

function show(desk: SyslogDesk): number {
  const { target, unsettledRows } = desk;
  if (!target) {
    print("The audit log is sent nowhere.");
    return 0;
  }
  print(`The audit log is sent to ${targetText(target)}`);
  print(`  Rows not known to have arrived: ${unsettledRows}`);
  return 0;
}

async function test(desk: SyslogDesk, target: SyslogTarget | undefined): Promise<number> {
  if (!target) {
    complain("The audit log is sent nowhere: name a target.");
    return 1;
  }
  const outcome = await desk.test(target, by);
  if (outcome.ok) {
    print(outcome.isRead ? "The server has read the message." : "The message is sent.");
    return 0;
  }
  complain(lineFaultTexts[outcome.fault]);
  if (outcome.fingerprint) complain(`It shows the certificate with SHA-256 ${outcome.fingerprint}`);
  return 1;
}

/** The target as it was typed; undefined, with the reason told, for none. */
function targetOf(typed: string, values: Parsed["values"]): SyslogTarget | undefined {
  const match = /^(?<transport>[a-z]+):\/\/(?<host>.+):(?<port>[0-9]+)$/.exec(typed);
  const { transport, host, port } = match?.groups ?? {};
  const place = { transport, host, port: Number(port), facility: values.facility };
  const read = targetShape.safeParse(
    transport === "tls" ? { ...place, trust: trustOf(values) } : place,
  );
  if (!read.success) complain(read.error.issues[0]?.message ?? "");
  return read.data;
}
