import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { UnixMs } from "@handrail/protocol";

/** A code holds for so long, ms. */
const stepMs = 30_000;
/** So many steps a device's clock may be wrong, either way. */
const drift = 1;
/** 160 bits, as RFC 4226 section 4 recommends: the length of SHA-1. */
const secretBytes = 20;
/** What every authenticator app can do, and many can do nothing else. */
const scheme = { algorithm: "SHA1", digits: 6, period: stepMs / 1000 } as const;

/** Whose codes they are, as the person's device lists them. */
export interface TotpOwner {
  readonly siteName: string;
  readonly name: string;
}

/** A new secret to share with a person's device. */
export function makeTotpSecret(): Uint8Array {
  return randomBytes(secretBytes);
}

/** The secret as it is typed into a device: Base32 in groups of four. */
export function totpSecretText(secret: Uint8Array): string {
  return toSecret(secret)
    .base32.replace(/(.{4})/g, "$1 ")
    .trim();
}

/** The secret as a device reads it from a QR code. Source: Google Authenticator's Key URI Format. */
export function totpAddress(secret: Uint8Array, { siteName, name }: TotpOwner): string {
  // The colon parts the two in the address.
  const issuer = siteName.replaceAll(":", " ");
  return new TOTP({ ...scheme, issuer, label: name, secret: toSecret(secret) }).toString();
}

/**
 * The step of 30 seconds since 1970 to which a code belongs, now or one step before or after;
 * undefined when the code is wrong. Source: RFC 6238 sections 4 and 5.2.
 */
export function totpStep(secret: Uint8Array, typed: string, now: UnixMs): number | undefined {
  const token = typed.replace(/\s/g, "");
  if (!/^[0-9]{6}$/.test(token)) return undefined;
  const key = { ...scheme, secret: toSecret(secret) };
  const delta = TOTP.validate({ ...key, token, timestamp: now, window: drift });
  return delta === null ? undefined : Math.floor(now / stepMs) + delta;
}

function toSecret(secret: Uint8Array): Secret {
  return new Secret({ buffer: Uint8Array.from(secret).buffer });
}
