import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
// The certificate library looks its parts up by decorators, and needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { UnixMs } from "@handrail/protocol";
import { systemClock } from "../clock.ts";
import { writeSecretFile } from "../store/files.ts";

/** By what the appliance proves who it is. */
export interface Identity {
  /** PEM; an authority's chain follows it. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  /** SHA-256 of the certificate's DER, 64 lower-case hex digits. What people compare. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SPKI), base64. What curl pins. */
  readonly publicKeyPin: string;
  readonly expiresAt: number;
}

const lifetimeDays = 825;
const renewBeforeDays = 60;
const dayMs = 86_400_000;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * The certificate in the data directory, made on the first start: ECDSA P-256, signed by itself,
 * good for 825 days, for `host` and this very machine. It stays the same when the host name
 * changes, for clients pin it; in its last 60 days it is made anew with the same key.
 */
export async function loadIdentity(
  dataDirectory: string,
  host: string,
  now: UnixMs = systemClock.now(),
): Promise<Identity> {
  const certificateFile = path.join(dataDirectory, "certificate.pem");
  const keyFile = path.join(dataDirectory, "private-key.pem");
  if (!existsSync(certificateFile) || !existsSync(keyFile)) {
    const made = await makeCertificate(host, await newKeys(), now);
    // The certificate last: with it, both are known to be whole.
    writeSecretFile(keyFile, made.privateKey);
    writeSecretFile(certificateFile, made.certificate);
  }
  const privateKey = readFileSync(keyFile, "utf8");
  const identity = identityOf(readFileSync(certificateFile, "utf8"), privateKey);
  if (identity.expiresAt - now > renewBeforeDays * dayMs) return identity;
  const renewed = await makeCertificate(host, await keysOf(privateKey), now);
  writeSecretFile(certificateFile, renewed.certificate);
  return identityOf(renewed.certificate, privateKey);
}

const newKeys = () => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
type Keys = Awaited<ReturnType<typeof newKeys>>;

async function keysOf(pem: string): Promise<Keys> {
  const secret = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  const open = createPublicKey(pem).export({ type: "spki", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", secret, algorithm, true, ["sign"]),
    publicKey: await crypto.subtle.importKey("spki", open, algorithm, true, ["verify"]),
  };
}

/** The identity of a certificate with its key. `certificate`: PEM, what follows it is its chain. */
export function identityOf(certificate: string, privateKey: string): Identity {
  const parsed = new X509Certificate(certificate);
  const spki = parsed.publicKey.export({ type: "spki", format: "der" });
  return {
    certificate,
    privateKey,
    fingerprint: createHash("sha256").update(parsed.raw).digest("hex"),
    publicKeyPin: createHash("sha256").update(spki).digest("base64"),
    expiresAt: Date.parse(parsed.validTo),
  };
}

/** The fingerprint as people compare it: pairs of capital digits between colons. */
export function formatFingerprint(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
}

async function makeCertificate(
  host: string,
  keys: Keys,
  now: UnixMs,
): Promise<{ certificate: string; privateKey: string }> {
  const bare = host.replace(/^\[|\]$/g, "");
  const notBefore = new Date(now);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [bare.slice(0, 64)] }],
      notBefore,
      notAfter: new Date(now + lifetimeDays * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(alternativeNames(bare)),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    crypto,
  );
  const exported = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    privateKey: x509.PemConverter.encode(exported, "PRIVATE KEY"),
  };
}

/** Positive, at most 20 octets (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}

function alternativeNames(host: string): x509.JsonGeneralNames {
  const hosts = [...new Set([host, "localhost", "127.0.0.1", "::1"])];
  return hosts.map((value) => ({ type: isAddress(value) ? "ip" : "dns", value }));
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^[0-9.]+$/.test(host);
}
