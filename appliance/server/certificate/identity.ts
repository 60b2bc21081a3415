import {
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  X509Certificate,
} from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { isIP, isIPv6 } from "node:net";
import path from "node:path";
// The certificate library looks its parts up by decorators, and needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { Lifetime, RequestKey, UnixMs } from "@handrail/protocol";
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
  readonly life: Lifetime;
}

const lifetimeDays = 825;
const renewBeforeDays = 60;
const dayMs = 86_400_000;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * The certificate in the data directory, made on the first start: ECDSA P-256, signed by itself,
 * good for 825 days, for `host` and this very machine. It stays the same when the host name
 * changes, for clients pin it; in its last 60 days it is made anew with the same key and names. One
 * that an administrator has put in its place stays as it is.
 */
export async function loadIdentity(
  dataDirectory: string,
  host: string,
  now: UnixMs = systemClock.now(),
): Promise<Identity> {
  const certificateFile = path.join(dataDirectory, "certificate.pem");
  const keyFile = path.join(dataDirectory, "private-key.pem");
  if (!existsSync(certificateFile) || !existsSync(keyFile)) {
    const made = await makeCertificate(namesFor(host), await newKeys(), now);
    // The certificate last: with it, both are known to be whole.
    writeSecretFile(keyFile, made.privateKey);
    writeSecretFile(certificateFile, made.certificate);
  }
  const privateKey = readFileSync(keyFile, "utf8");
  const identity = identityOf(readFileSync(certificateFile, "utf8"), privateKey);
  if (identity.life.validTo - now > renewBeforeDays * dayMs || !isOwnMake(identity))
    return identity;
  const names = alternativeNamesOf(new X509Certificate(identity.certificate));
  const renewed = await makeCertificate(names, await keysOf(privateKey), now);
  writeSecretFile(certificateFile, renewed.certificate);
  return identityOf(renewed.certificate, privateKey);
}

/** A new certificate of the appliance's own make, with a new key. `names`: at least one. */
export async function makeOwnIdentity(names: readonly string[], now: UnixMs): Promise<Identity> {
  const { certificate, privateKey } = await makeCertificate(names, await newKeys(), now);
  return identityOf(certificate, privateKey);
}

/** Whether the appliance has made it, and so may make it anew. */
export function isOwnMake({ certificate }: Pick<Identity, "certificate">): boolean {
  const { issuer, publicKey, subject, validFrom, validTo } = new X509Certificate(certificate);
  const isCurve = publicKey.asymmetricKeyDetails?.namedCurve === "prime256v1";
  const lifetimeMs = Date.parse(validTo) - Date.parse(validFrom);
  return isCurve && issuer === subject && lifetimeMs === lifetimeDays * dayMs;
}

/** The DNS names and addresses that a certificate is for. */
export function alternativeNamesOf({ subjectAltName = "" }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(/(?:DNS|IP Address):"?([^,"]+)/g)].map(([, name = ""]) =>
    // As people write it (RFC 5952); Node writes all eight numbers.
    isIPv6(name) ? new URL(`http://[${name}]`).hostname.slice(1, -1) : name,
  );
}

/** Source: RFC 5280 section 4.2.1.6. */
const subjectAltName = "2.5.29.17";
const requestAlgorithms = {
  "ecdsa-p256": algorithm,
  "rsa-2048": rsa(2048),
  "rsa-3072": rsa(3072),
} as const satisfies Readonly<Record<RequestKey, object>>;

function rsa(modulusLength: number) {
  const publicExponent = new Uint8Array([1, 0, 1]);
  return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent, modulusLength };
}

/**
 * A request to an authority (PKCS #10, RFC 2986), with the key that it is for; both PEM. `kept`: a
 * key of that kind, in the place of a new one.
 */
export async function makeRequest(
  names: readonly string[],
  kind: RequestKey,
  kept?: string,
): Promise<{ request: string; privateKey: string }> {
  const signingAlgorithm = requestAlgorithms[kind];
  const keys =
    kept === undefined
      ? await crypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"])
      : await keysOf(kept);
  const request = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [commonName(names)] }],
      keys,
      signingAlgorithm,
      extensions: [new x509.SubjectAlternativeNameExtension(toAlternativeNames(names))],
    },
    crypto,
  );
  return {
    request: `${request.toString("pem")}\n`,
    privateKey: await exportKey(keys.privateKey),
  };
}

/** The names that a request asks for. */
export function requestedNames(pem: string): string[] {
  const request = new x509.Pkcs10CertificateRequest(pem);
  const found = request.extensions.find(({ type }) => type === subjectAltName);
  const extension = found && new x509.SubjectAlternativeNameExtension(found.rawData);
  return extension?.names.items.map(({ value }) => value) ?? [];
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
    life: { validFrom: Date.parse(parsed.validFrom), validTo: Date.parse(parsed.validTo) },
  };
}

/** The fingerprint as people compare it: pairs of capital digits between colons. */
export function formatFingerprint(fingerprint: string): string {
  return (fingerprint.toUpperCase().match(/../g) ?? []).join(":");
}

async function makeCertificate(
  names: readonly string[],
  keys: Keys,
  now: UnixMs,
): Promise<{ certificate: string; privateKey: string }> {
  const notBefore = new Date(now);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: serialNumber(),
      name: [{ CN: [commonName(names)] }],
      notBefore,
      notAfter: new Date(now + lifetimeDays * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(toAlternativeNames(names)),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    crypto,
  );
  return {
    certificate: certificate.toString("pem"),
    privateKey: await exportKey(keys.privateKey),
  };
}

async function exportKey(key: Keys["privateKey"]): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

/** RFC 5280 appendix A.1: at most 64 characters. */
function commonName([first = ""]: readonly string[]): string {
  return first.slice(0, 64);
}

/** Positive, at most 20 octets (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString("hex");
}

/** The site's name and this very machine. */
export function namesFor(host: string): string[] {
  const bare = host.replace(/^\[|\]$/g, "");
  return [...new Set([bare, "localhost", "127.0.0.1", "::1"])];
}

function toAlternativeNames(names: readonly string[]): x509.JsonGeneralNames {
  return names.map((value) => ({ type: isIP(value) === 0 ? "dns" : "ip", value }));
}
