import type { BackupTarget } from "@handrail/protocol/upkeep";
import { z } from "zod";
import { hostShape, portShape, trustLine, trustShape } from "../../line/trust.ts";
import type { ApplianceValues } from "../../store/appliance-values.ts";
import { json } from "../../store/row.ts";

const word = (longest: number, allowed: RegExp, message: string) =>
  z.string().trim().min(1).max(longest).regex(allowed, message);

const sftpShape = z.strictObject({
  kind: z.literal("sftp"),
  host: hostShape,
  port: portShape,
  folder: z
    .string()
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, "a folder has no control characters"),
  name: word(200, /^[^\p{Cc}]+$/u, "a name has no control characters"),
  signIn: z.enum(["password", "key"]),
  hostKey: z
    .string()
    .trim()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, "a server's key is named as SHA256: and 43 characters")
    .optional(),
});

const s3Shape = z.strictObject({
  kind: z.literal("s3"),
  endpoint: word(
    300,
    /^https?:\/\/[A-Za-z0-9.:[\]-]+\/?$/i,
    "an endpoint is https:// and a name, without a path",
  ).refine((typed) => URL.canParse(typed), "this is no address"),
  region: word(60, /^[A-Za-z0-9-]+$/, "a region has letters, digits and -"),
  bucket: word(255, /^[A-Za-z0-9][A-Za-z0-9._-]{2,}$/, "a bucket has letters, digits and . _ -"),
  prefix: z
    .string()
    .trim()
    .max(200)
    .regex(
      // Each part ends with a slash or the text: what fits in one way only is never tried in many.
      /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/|$))*$/,
      "a prefix has letters, digits, . _ - and single slashes",
    ),
  accessKey: word(200, /^[!-~]+$/, "an access key has no blanks"),
  trust: trustShape,
});

/** Where backups are sent to, without the secret that it takes. */
export const targetShape: z.ZodType<BackupTarget> = z.discriminatedUnion("kind", [
  sftpShape,
  s3Shape,
]);

/** A target with the password or the secret key for it; without one the kept one stays. */
export const targetFormShape = z.strictObject({
  target: targetShape,
  secret: z.string().min(1).max(1024).optional(),
});

/** A target with all that it takes. */
export interface Access {
  readonly target: BackupTarget;
  readonly secret?: string | undefined;
}

const targetName = "backup-target";
const storedShape = json(targetFormShape);

/** Where backups go; undefined where they stay on the appliance. */
export function readAccess(values: Pick<ApplianceValues, "read">): Access | undefined {
  return storedShape.safeParse(values.read(targetName)?.toString()).data;
}

/** Keeps it, or with undefined forgets it. Part of the caller's transaction. */
export function writeAccess(values: ApplianceValues, access: Access | undefined): void {
  if (access) values.write(targetName, Buffer.from(JSON.stringify(access)));
  else values.remove(targetName);
}

/** Whether what signs in at the one may be shown to the other: same server, same name. */
export function isSameSignIn(one: BackupTarget, other: BackupTarget): boolean {
  return signInOf(one) === signInOf(other);
}

function signInOf(target: BackupTarget): string {
  return target.kind === "sftp"
    ? `${target.host} ${target.port} ${target.name} ${target.signIn} ${target.hostKey ?? ""}`
    : `${target.endpoint} ${target.accessKey} ${trustLine(target.trust)}`;
}

/** Whether a target takes a secret beside what the appliance has anyway. */
export function takesSecret(target: BackupTarget): boolean {
  return target.kind === "s3" || target.signIn === "password";
}

/** The target in a line, for the audit log and the operator; empty for none. */
export function targetText(target: BackupTarget | undefined): string {
  if (!target) return "";
  if (target.kind === "s3") {
    const { endpoint, bucket, prefix, region, accessKey, trust } = target;
    const place = `${endpoint.replace(/\/$/, "")}/${bucket}/${prefix}`;
    return `${place} ${region} ${accessKey} ${trustLine(trust)}`.trim();
  }
  const { host, port, folder, name, signIn, hostKey = "" } = target;
  const where = host.includes(":") ? `[${host}]` : host;
  const path = folder.startsWith("/") ? folder : `/~/${folder}`;
  return `sftp://${name}@${where}:${port}${path} ${signIn} ${hostKey}`.trim();
}
