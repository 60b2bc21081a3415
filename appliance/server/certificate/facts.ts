import { X509Certificate, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import type { CertificateFacts, ChainFacts } from "@handrail/protocol";
import { alternativeNamesOf } from "./identity.ts";
import { pemBlocks } from "../line/pem.ts";

/** What is to be said of a certificate with its chain, PEM. @throws Error when it has none */
export function chainFacts(pem: string): ChainFacts {
  const [own, ...authorities] = pemBlocks(pem)
    .filter(({ label }) => label === "CERTIFICATE")
    .map(({ text }) => new X509Certificate(text));
  if (!own) throw new Error("no certificate");
  return {
    ...certificateFacts(own),
    isSelfSigned: isSelfSigned(own),
    authorities: authorities.map(certificateFacts),
  };
}

/** Whether nobody but itself vouches for it. It need not be allowed to vouch for others. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  const { issuer, publicKey, subject } = certificate;
  return issuer === subject && certificate.verify(publicKey);
}

function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: shortName(certificate.subject),
    issuer: shortName(certificate.issuer),
    names: alternativeNamesOf(certificate),
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
    fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
    key: keyText(certificate.publicKey),
  };
}

/** The name that people know a subject or issuer by: its common name, or all of it in one line. */
export function shortName(distinguished: string): string {
  return /^CN=(.*)$/m.exec(distinguished)?.[1] ?? distinguished.replaceAll("\n", ", ");
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

function keyText(key: KeyObject): string {
  const { modulusLength, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") return `RSA ${modulusLength ?? ""}`.trim();
  if (key.asymmetricKeyType === "ec") return `ECDSA ${curves[namedCurve] ?? namedCurve}`;
  return key.asymmetricKeyType ?? "";
}

/** The kind of a key, as ciphers ask for it; undefined for what browsers do not take. */
export function keyKind({ asymmetricKeyType }: KeyObject): "ec" | "rsa" | undefined {
  return asymmetricKeyType === "ec" || asymmetricKeyType === "rsa" ? asymmetricKeyType : undefined;
}

/** The host of a URL as certificates name it: an IPv6 address without its brackets. */
export function namedHost(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "");
}

/** Whether a certificate is for a host: a name or an address. */
export function isForHost(certificate: X509Certificate, host: string): boolean {
  const found = isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
  return found !== undefined;
}
