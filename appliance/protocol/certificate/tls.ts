import { z } from "zod";

/** What is known of a cipher suite, by the name that OpenSSL gives it. */
interface CipherEntry {
  /** The newest version of TLS that has it; those of 1.2 with `isOld` are in older ones too. */
  readonly version: "TLSv1.2" | "TLSv1.3";
  /** The kind of the certificate's key; undefined: any. */
  readonly key?: "ec" | "rsa";
  /** In TLS before 1.2 as well, and weaker than all others: CBC with SHA-1. */
  readonly isOld?: true;
}

/**
 * The cipher suites that can be offered, the best first. All have forward secrecy; those with AEAD
 * are the default. Source: RFC 9325 section 4.2, RFC 8446 section 9.1.
 */
export const tlsCiphers = {
  TLS_AES_256_GCM_SHA384: { version: "TLSv1.3" },
  TLS_CHACHA20_POLY1305_SHA256: { version: "TLSv1.3" },
  TLS_AES_128_GCM_SHA256: { version: "TLSv1.3" },
  "ECDHE-ECDSA-AES128-GCM-SHA256": { version: "TLSv1.2", key: "ec" },
  "ECDHE-RSA-AES128-GCM-SHA256": { version: "TLSv1.2", key: "rsa" },
  "ECDHE-ECDSA-AES256-GCM-SHA384": { version: "TLSv1.2", key: "ec" },
  "ECDHE-RSA-AES256-GCM-SHA384": { version: "TLSv1.2", key: "rsa" },
  "ECDHE-ECDSA-CHACHA20-POLY1305": { version: "TLSv1.2", key: "ec" },
  "ECDHE-RSA-CHACHA20-POLY1305": { version: "TLSv1.2", key: "rsa" },
  "ECDHE-ECDSA-AES256-SHA": { version: "TLSv1.2", key: "ec", isOld: true },
  "ECDHE-RSA-AES256-SHA": { version: "TLSv1.2", key: "rsa", isOld: true },
  "ECDHE-ECDSA-AES128-SHA": { version: "TLSv1.2", key: "ec", isOld: true },
  "ECDHE-RSA-AES128-SHA": { version: "TLSv1.2", key: "rsa", isOld: true },
} as const satisfies Readonly<Record<string, CipherEntry>>;

/** A cipher suite that can be offered. */
export type CipherName = keyof typeof tlsCiphers;

/** Their names, the best first. */
export const cipherNames = Object.keys(tlsCiphers).filter(
  (name): name is CipherName => name in tlsCiphers,
);

/** How the appliance takes TLS. */
export const tlsSettingsShape = z.strictObject({
  oldest: z.enum(["TLSv1", "TLSv1.1", "TLSv1.2"]),
  newest: z.enum(["TLSv1.2", "TLSv1.3"]),
  /** What is offered, the preferred first. */
  ciphers: z
    .array(z.enum(cipherNames))
    .max(cipherNames.length)
    .refine((names) => new Set(names).size === names.length, "each cipher once"),
});
/** The same, read. */
export type TlsSettings = z.infer<typeof tlsSettingsShape>;

/** TLS 1.2 and 1.3 with AEAD. */
export const defaultTlsSettings: TlsSettings = {
  oldest: "TLSv1.2",
  newest: "TLSv1.3",
  ciphers: cipherNames.filter((name) => !entryOf(name).isOld),
};

/** What is missing: a cipher for TLS 1.3, for 1.2 with this key, or for older versions with it. */
export type TlsFault = "no-cipher-13" | "no-cipher-12" | "no-cipher-old";

/** Why settings would leave a version without a cipher; undefined when they are right. */
export function tlsFault(
  { oldest, newest, ciphers }: TlsSettings,
  key: "ec" | "rsa",
): TlsFault | undefined {
  const entries = ciphers.map(entryOf);
  const fitting = entries.filter((entry) => entry.key === key);
  if (newest === "TLSv1.3" && !entries.some(({ version }) => version === "TLSv1.3")) {
    return "no-cipher-13";
  }
  if (fitting.length === 0) return "no-cipher-12";
  const isOldOff = oldest === "TLSv1.2";
  return isOldOff || fitting.some(({ isOld }) => isOld) ? undefined : "no-cipher-old";
}

function entryOf(name: CipherName): CipherEntry {
  return tlsCiphers[name];
}
