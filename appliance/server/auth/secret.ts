import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** What a secret is for; it begins with this, so that it is recognised wherever it turns up. */
export type SecretPrefix = "hra" | "hrr" | "hrc" | "hrd" | "hrb" | "hro" | "hrs" | "hrt";

/** A new secret of 256 bits, as `hra_…` in base64url. */
export function makeSecret(prefix: SecretPrefix): string {
  return `${prefix}_${randomBytes(32).toString("base64url")}`;
}

/** The SHA-256 under which a secret of high entropy is stored, in hex. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares in a time that says nothing about where they differ. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
}
