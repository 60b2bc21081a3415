import { z } from "zod";
import { hostShape, portShape, trustLine, trustShape } from "../line/trust.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";

/** How messages travel. Sources: RFC 5426 (UDP), RFC 6587 section 3.4.1 (TCP), RFC 5425 (TLS). */
export const transports = ["udp", "tcp", "tls"] as const;

/** The facilities that a target may file messages under, with their codes. Source: RFC 5424, table 1. */
export const facilities = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  audit: 13,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
/** The name of one of them. */
export type Facility = keyof typeof facilities;

const facilityNames = Object.keys(facilities).filter((name): name is Facility =>
  Object.hasOwn(facilities, name),
);

const place = {
  host: hostShape,
  port: portShape,
  facility: z.enum(facilityNames),
};

/** Where the audit log is sent to. `pin`: SHA-256 of the certificate, hex; `ca`: PEM. */
export const targetShape = z.discriminatedUnion("transport", [
  z.strictObject({ transport: z.literal("udp"), ...place }),
  z.strictObject({ transport: z.literal("tcp"), ...place }),
  z.strictObject({ transport: z.literal("tls"), ...place, trust: trustShape }),
]);
/** The same, read. */
export type SyslogTarget = z.infer<typeof targetShape>;

const targetName = "syslog-target";
const cursorName = "syslog-cursor";
const storedShape = json(targetShape);

/** Where the audit log goes; undefined where it is not sent. */
export function readTarget(values: Pick<ApplianceValues, "read">): SyslogTarget | undefined {
  return storedShape.safeParse(values.read(targetName)?.toString()).data;
}

/** Keeps it, or with undefined forgets it. Part of the caller's transaction. */
export function writeTarget(values: ApplianceValues, target: SyslogTarget | undefined): void {
  if (target) values.write(targetName, Buffer.from(JSON.stringify(target)));
  else values.remove(targetName);
}

/** The newest row of the audit log that is known to have arrived; 0 for none. */
export function readCursor(values: Pick<ApplianceValues, "read">): number {
  return Number(values.read(cursorName)?.toString() ?? 0);
}

/** Keeps it. Part of the caller's transaction. */
export function writeCursor(values: ApplianceValues, seq: number): void {
  values.write(cursorName, Buffer.from(String(seq)));
}

/** The target in a line, for the audit log and the operator; empty for none. */
export function targetText(target: SyslogTarget | undefined): string {
  if (!target) return "";
  const { transport, port, facility } = target;
  const where = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `${transport}://${where}:${port} ${facility}${trustText(target)}`;
}

function trustText(target: SyslogTarget): string {
  const told = target.transport === "tls" ? trustLine(target.trust) : "";
  return told === "" ? "" : ` ${told}`;
}
