import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { certificateName } from "../certificate/names.ts";
import { pemBlocks } from "../certificate/pem.ts";
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

const host = z
  .string()
  .max(300)
  .transform((typed, context) => {
    const name = certificateName(typed);
    if (name !== undefined && !name.startsWith("*")) return name;
    context.addIssue({ code: "custom", message: "this is no DNS name and no address" });
    return z.NEVER;
  });

const pin = z
  .string()
  .max(200)
  .transform((typed) => typed.replace(/[:\s]/g, "").toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 fingerprint has 64 hexadecimal digits"));

const authority = z
  .string()
  .max(48 * 1024)
  .refine(isCertificates, "this is no certificate in PEM");

/** Whose certificate is trusted: one of the machine's authorities, of these, or this very one. */
const trustShape = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("authorities") }),
  z.strictObject({ by: z.literal("ca"), ca: authority }),
  z.strictObject({ by: z.literal("pin"), pin }),
]);

const place = {
  host,
  port: z.int().min(1).max(65535),
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
  if (target.transport !== "tls") return "";
  const { trust } = target;
  switch (trust.by) {
    case "authorities":
      return "";
    case "pin":
      return ` pin=${trust.pin}`;
    case "ca": {
      const of = pemBlocks(trust.ca).map(({ text }) => new X509Certificate(text).fingerprint256);
      return ` ca=${of.map((each) => each.replaceAll(":", "").toLowerCase()).join(",")}`;
    }
  }
}

function isCertificates(pem: string): boolean {
  const blocks = pemBlocks(pem);
  try {
    for (const { text } of blocks) new X509Certificate(text);
  } catch {
    // Something between the lines is no certificate: the refusal says so.
    return false;
  }
  return blocks.length > 0;
}
