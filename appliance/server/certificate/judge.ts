import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, getCACertificates } from "node:tls";
import {
  type ChainFacts,
  type Objection,
  type Remark,
  tlsFault,
  type TlsSettings,
  type UnixMs,
} from "@handrail/protocol";
import { type Identity, identityOf } from "./identity.ts";
import { chainFacts, isForHost, isSelfSigned, keyKind, shortName } from "./facts.ts";
import { type PemBlock, pemBlocks } from "../line/pem.ts";

/** What somebody wants the appliance to show: PEM, in any order, the key with it or beside it. */
export interface Proposal {
  readonly certificate: string;
  readonly key?: string | undefined;
}

/** What a proposal is judged by. Keys in PEM. */
export interface Ground {
  /** The key of the request that waits for its certificate. */
  readonly requestedKey?: string | undefined;
  readonly presentKey: string;
  /** By what people reach the site; undefined where nobody has said. */
  readonly host?: string | undefined;
  readonly tls: TlsSettings;
  readonly now: UnixMs;
}

/** What came of it. `usesRequest`: the key is that of the request. */
export type Judged =
  | { readonly ok: false; readonly objection: Objection }
  | {
      readonly ok: true;
      readonly identity: Identity;
      readonly facts: ChainFacts;
      readonly remarks: readonly Remark[];
      readonly usesRequest: boolean;
    };

/** Says why a proposal cannot be used; never leaves this file. */
class Objected extends Error {
  readonly objection: Objection;

  constructor(objection: Objection) {
    super(objection.reason);
    this.objection = objection;
  }
}

const serverAuth = "1.3.6.1.5.5.7.3.1";

/** Whether the appliance can show that, put in order; changes nothing. */
export function judge(proposal: Proposal, ground: Ground): Judged {
  try {
    return accept(proposal, ground);
  } catch (error) {
    if (error instanceof Objected) return { ok: false, objection: error.objection };
    throw error;
  }
}

function accept(proposal: Proposal, ground: Ground): Judged {
  const blocks = pemBlocks(`${proposal.certificate}\n${proposal.key ?? ""}`);
  const given = readCertificates(blocks, proposal.certificate);
  const { own, key, origin } = match(given, readKey(blocks, proposal.key), ground);
  const { chain, left } = putInOrder(own, given);
  checkDates(chain, ground.now);
  checkUse(own, ground.host);
  checkCipher(key, ground.tls);
  const isReordered = given
    .filter((each) => !left.includes(each))
    .some((each, i) => each !== chain[i]);
  const remarks: Remark[] = [
    ...(isReordered ? [{ reason: "reordered" } as const] : []),
    ...left.map((each) => ({ reason: "left-out", name: shortName(each.subject) }) as const),
    ...checkEnd(chain),
    ...(origin === "given" ? [] : [{ reason: origin } as const]),
  ];
  const certificate = chain.map((each) => each.toString()).join("");
  const privateKey = key.export({ type: "pkcs8", format: "pem" }).toString();
  try {
    createSecureContext({ cert: certificate, key: privateKey, minVersion: "TLSv1.2" });
  } catch (cause) {
    const name = cause instanceof Error ? cause.message : String(cause);
    throw new Objected({ reason: "unusable", name });
  }
  const identity = identityOf(certificate, privateKey);
  const usesRequest = origin === "requested-key";
  return { ok: true, identity, facts: chainFacts(certificate), remarks, usesRequest };
}

function readCertificates(blocks: readonly PemBlock[], text: string): X509Certificate[] {
  const found = blocks.filter(({ label }) => label === "CERTIFICATE");
  const isCut = text.includes("-----BEGIN CERTIFICATE-----");
  if (found.length === 0) {
    throw new Objected({ reason: isCut ? "unreadable-certificate" : "no-certificate" });
  }
  try {
    const read = found.map((each) => new X509Certificate(each.text));
    // The same one twice is one.
    return read.filter((each, i) => read.findIndex(({ raw }) => raw.equals(each.raw)) === i);
  } catch {
    throw new Objected({ reason: "unreadable-certificate" });
  }
}

function readKey(blocks: readonly PemBlock[], text: string | undefined): KeyObject | undefined {
  const found = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (!found) {
    if (text === undefined || text.trim() === "") return undefined;
    throw new Objected({ reason: "unreadable-key" });
  }
  if (found.label.startsWith("ENCRYPTED") || found.text.includes("ENCRYPTED")) {
    throw new Objected({ reason: "encrypted-key" });
  }
  try {
    return createPrivateKey(found.text);
  } catch {
    throw new Objected({ reason: "unreadable-key" });
  }
}

/** The site's own certificate among those given, and the key that it is for. */
function match(
  certificates: readonly X509Certificate[],
  given: KeyObject | undefined,
  { requestedKey, presentKey }: Ground,
) {
  const known = [
    ...(requestedKey === undefined
      ? []
      : [{ origin: "requested-key" as const, pem: requestedKey }]),
    { origin: "present-key" as const, pem: presentKey },
  ].map(({ origin, pem }) => ({ origin, key: createPrivateKey(pem) }));
  const candidates = given ? [{ origin: "given" as const, key: given }] : known;
  for (const { origin, key } of candidates) {
    const fitting = certificates.filter((each) => each.checkPrivateKey(key));
    const own = fitting.sort((a, b) => Date.parse(b.validTo) - Date.parse(a.validTo))[0];
    if (own) return { own, key, origin };
  }
  if (given) throw new Objected({ reason: "other-key" });
  const isIssuer = (one: X509Certificate) =>
    certificates.some((each) => each !== one && each.checkIssued(one));
  const name = shortName(certificates.find((each) => !isIssuer(each))?.subject ?? "");
  throw new Objected({ reason: "no-key", name });
}

/** The chain from the site's own certificate upwards, and what does not belong to it. */
function putInOrder(own: X509Certificate, given: readonly X509Certificate[]) {
  const chain = [own];
  for (let last = own; ;) {
    const next = given.find((each) => !chain.includes(each) && hasIssued(each, last));
    if (!next) break;
    chain.push(next);
    last = next;
  }
  return { chain, left: given.filter((each) => !chain.includes(each)) };
}

function hasIssued(issuer: X509Certificate, issued: X509Certificate): boolean {
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}

function checkDates(chain: readonly X509Certificate[], now: UnixMs): void {
  for (const { subject, validFrom, validTo } of chain) {
    const name = shortName(subject);
    const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
    if (to <= now) throw new Objected({ reason: "expired", name, at: to });
    if (from > now) throw new Objected({ reason: "not-yet", name, at: from });
  }
}

function checkUse(own: X509Certificate, host: string | undefined): void {
  if (host !== undefined && !isForHost(own, host)) {
    throw new Objected({ reason: "other-name", name: host });
  }
  const purposes = own.keyUsage;
  // Node's types call it an array; a certificate without the extension has none.
  if (Array.isArray(purposes) && !purposes.includes(serverAuth)) {
    throw new Objected({ reason: "other-purpose", name: shortName(own.subject) });
  }
}

function checkCipher(key: KeyObject, tls: TlsSettings): void {
  const kind = keyKind(createPublicKey(key));
  if (!kind) throw new Objected({ reason: "unusable", name: key.asymmetricKeyType ?? "" });
  if (tlsFault(tls, kind) !== undefined) throw new Objected({ reason: "no-cipher" });
}

/** Who vouches for the last of the chain: itself, an authority that is known here, or a stranger. */
function checkEnd(chain: readonly X509Certificate[]): Remark[] {
  const last = chain.at(-1);
  const isRoot = last !== undefined && isSelfSigned(last);
  if (!last || (isRoot && chain.length === 1)) return [{ reason: "self-signed" }];
  const known = knownAuthorities();
  const isKnown = isRoot
    ? known.some((each) => each.raw.equals(last.raw))
    : known.some((each) => hasIssued(each, last));
  if (isKnown) return [];
  const name = shortName(last.subject);
  const issuer = shortName(last.issuer);
  // By itself it says nothing of whether its authority is one that computers have by themselves.
  if (chain.length === 1) throw new Objected({ reason: "missing-link", name, issuer });
  return [{ reason: "unknown-authority", issuer }];
}

/** The authorities that Node and this machine trust. */
function knownAuthorities(): X509Certificate[] {
  const pems = new Set([...getCACertificates("bundled"), ...getCACertificates("system")]);
  return [...pems].flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      // A machine may have all kinds of files among its authorities.
      return [];
    }
  });
}
