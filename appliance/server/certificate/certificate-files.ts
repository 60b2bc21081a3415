import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { UnixMs } from "@handrail/protocol";
import { ConfigError, type Settings, variableOf } from "../config.ts";
import { type Identity, identityOf } from "./identity.ts";
import { pemBlocks } from "../line/pem.ts";
import { isForHost, namedHost } from "./facts.ts";

type FileField = "tlsCertificateFile" | "tlsKeyFile";

/** What is to be checked of a certificate that an authority has given. */
interface Given {
  readonly chain: readonly X509Certificate[];
  readonly key: KeyObject;
}

const inOrder =
  "put the site's own certificate first and then each authority's after the one that it vouches for";

/**
 * The certificate that an authority has given to the site, with its chain, and its private key: PEM
 * files that the settings name. Undefined when they name none.
 * @throws ConfigError naming field, value and remedy: when one cannot be read, they do not belong
 *   together, are out of date or out of order, or are for another name than the site's
 */
export function readGivenIdentity(settings: Settings, now: UnixMs): Identity | undefined {
  const { tlsCertificateFile, tlsKeyFile } = settings;
  if (tlsCertificateFile === undefined || tlsKeyFile === undefined) return undefined;
  const refuse = (field: FileField, because: string, cause?: unknown) =>
    new ConfigError(
      `${variableOf(field)} is "${settings[field] ?? ""}", which cannot be used: ${because}.`,
      { cause },
    );
  const certificate = read(tlsCertificateFile, (why) => refuse("tlsCertificateFile", why));
  const privateKey = read(tlsKeyFile, (why) => refuse("tlsKeyFile", why));
  const chain = parseChain(certificate);
  if (!chain) throw refuse("tlsCertificateFile", "name a file with certificates in PEM");
  const key = parseKey(privateKey);
  if (!key) throw refuse("tlsKeyFile", "name a file with a private key in PEM, not encrypted");
  const [field, because] =
    strangeKey({ chain, key }) ??
    outOfDate(chain, now) ??
    outOfOrder(chain) ??
    otherName(chain, settings.publicUrl) ??
    [];
  if (field) throw refuse(field, because ?? "");
  try {
    createSecureContext({ cert: certificate, key: privateKey, minVersion: "TLSv1.2" });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refuse("tlsCertificateFile", `have another one made (${reason})`, cause);
  }
  return identityOf(certificate, privateKey);
}

type Objection = readonly [FileField, string] | undefined;

function strangeKey({ chain, key }: Given): Objection {
  if (chain[0]?.checkPrivateKey(key)) return undefined;
  if (chain.some((each) => each.checkPrivateKey(key))) return ["tlsCertificateFile", inOrder];
  return ["tlsKeyFile", "name the key with which the certificate was asked for"];
}

function outOfDate(chain: readonly X509Certificate[], now: UnixMs): Objection {
  for (const each of chain) {
    const name = nameOf(each);
    if (Date.parse(each.validTo) <= now) {
      const because = `the certificate of ${name} ended on ${dayOf(each.validTo)}, put a renewed one there`;
      return ["tlsCertificateFile", because];
    }
    if (Date.parse(each.validFrom) > now) {
      const because = `the certificate of ${name} begins on ${dayOf(each.validFrom)}, set this machine's clock or wait`;
      return ["tlsCertificateFile", because];
    }
  }
  return undefined;
}

function outOfOrder(chain: readonly X509Certificate[]): Objection {
  const isRight = chain.every((each, i) => {
    const issuer = chain[i + 1];
    return !issuer || (each.checkIssued(issuer) && each.verify(issuer.publicKey));
  });
  return isRight ? undefined : ["tlsCertificateFile", inOrder];
}

/** Where the settings do not say how people reach the site, nobody can say what the name must be. */
function otherName([own]: readonly X509Certificate[], publicUrl: string | undefined): Objection {
  if (publicUrl === undefined || !own) return undefined;
  const host = namedHost(publicUrl);
  if (isForHost(own, host)) return undefined;
  return ["tlsCertificateFile", `have one made for ${host}, or correct HANDRAIL_PUBLIC_URL`];
}

function read(file: string, refuse: (because: string) => ConfigError): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw refuse(`name a file that the appliance can read (${code})`);
  }
}

function parseChain(pem: string): X509Certificate[] | undefined {
  const blocks = pemBlocks(pem).filter(({ label }) => label === "CERTIFICATE");
  if (blocks.length === 0) return undefined;
  try {
    return blocks.map(({ text }) => new X509Certificate(text));
  } catch {
    // The caller says what it should be.
    return undefined;
  }
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // The caller says what it should be.
    return undefined;
  }
}

/** The name of whoever a certificate is for, short. */
function nameOf({ subject }: X509Certificate): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? (subject.split("\n", 1)[0] || "the site");
}

function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10);
}
