import { X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, TLSSocket } from "node:tls";
import { z } from "zod";
import { hostName } from "./host-name.ts";
import { LineError } from "./line-error.ts";
import { pemBlocks } from "./pem.ts";

/**
 * Whose certificate is trusted: one of the machine's authorities, of these (PEM), or this very one
 * (`pin`: its SHA-256, hex).
 */
export type Trust =
  | { readonly by: "authorities" }
  | { readonly by: "ca"; readonly ca: string }
  | { readonly by: "pin"; readonly pin: string };

/** How TLS is spoken with that server; whoever uses it asks `distrustOf` before a byte of ours. */
export function tlsOptions(host: string, trust: Trust): ConnectionOptions {
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(trust.by === "ca" ? { ca: trust.ca } : {}),
    minVersion: "TLSv1.2",
    // Judged by `distrustOf`: only so the fingerprint of a strange one is known.
    rejectUnauthorized: false,
  };
}

/** Why the certificate on that line is not trusted; undefined where it is. */
export function distrustOf(socket: Socket, trust: Trust): LineError | undefined {
  if (!(socket instanceof TLSSocket)) return new LineError("no-tls");
  const fingerprint = socket.getPeerCertificate().fingerprint256.replaceAll(":", "").toLowerCase();
  if (trust.by === "pin") {
    if (trust.pin === fingerprint) return undefined;
    return new LineError("other-certificate", { fingerprint });
  }
  if (socket.authorized) return undefined;
  return new LineError("untrusted", { fingerprint, cause: socket.authorizationError });
}

/** A DNS name or an address of another server. */
export const hostShape = z
  .string()
  .max(300)
  .transform((typed, context) => {
    const name = hostName(typed);
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

/** `Trust`, as it is typed. */
export const trustShape = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("authorities") }),
  z.strictObject({ by: z.literal("ca"), ca: authority }),
  z.strictObject({ by: z.literal("pin"), pin }),
]);
/** A TCP port of another server. */
export const portShape = z.int().min(1).max(65535);

/** The trust in a line, for the audit log and the operator; empty for the public authorities. */
export function trustLine(trust: Trust): string {
  switch (trust.by) {
    case "authorities":
      return "";
    case "pin":
      return `pin=${trust.pin}`;
    case "ca": {
      const of = pemBlocks(trust.ca).map(({ text }) => new X509Certificate(text).fingerprint256);
      return `ca=${of.map((each) => each.replaceAll(":", "").toLowerCase()).join(",")}`;
    }
  }
}

/** Whether there are certificates in that PEM, and all of them can be read. */
export function isCertificates(pem: string): boolean {
  const blocks = pemBlocks(pem);
  try {
    for (const { text } of blocks) new X509Certificate(text);
  } catch {
    // Something between the lines is no certificate: the refusal says so.
    return false;
  }
  return blocks.length > 0;
}
