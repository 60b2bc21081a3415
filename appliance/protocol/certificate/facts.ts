/** One certificate, as people look at it. Times in Unix ms. */
export interface CertificateFacts {
  /** Whom it is for: the common name, else the whole subject. */
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and addresses that it is good for. */
  readonly names: readonly string[];
  readonly validFrom: number;
  readonly validTo: number;
  /** SHA-256 of its DER, hex. */
  readonly fingerprint: string;
  /** `ECDSA P-256`, `RSA 2048` … */
  readonly key: string;
}

/** A certificate with those that vouch for it, in order. */
export interface ChainFacts extends CertificateFacts {
  readonly isSelfSigned: boolean;
  readonly authorities: readonly CertificateFacts[];
}

/** The kinds of keys that an appliance makes for a request. */
export const requestKeys = ["ecdsa-p256", "rsa-2048", "rsa-3072"] as const;
/** One of them. */
export type RequestKey = (typeof requestKeys)[number];

/** Why a certificate cannot be used. */
export const objectionReasons = [
  "no-certificate",
  "unreadable-certificate",
  "no-key",
  "encrypted-key",
  "unreadable-key",
  "other-key",
  "expired",
  "not-yet",
  "other-name",
  "other-purpose",
  "missing-link",
  "no-cipher",
  "unusable",
] as const;
/** One of them. */
export type ObjectionReason = (typeof objectionReasons)[number];

/** What a certificate that can be used has about it that one should know. */
export const remarkReasons = [
  "reordered",
  "left-out",
  "unknown-authority",
  "self-signed",
  "requested-key",
  "present-key",
] as const;
/** One of them. */
export type RemarkReason = (typeof remarkReasons)[number];

/** A finding of either kind. `name`: of what it is about; `at`: when, Unix ms. */
export interface Finding<Reason extends string> {
  readonly reason: Reason;
  readonly name?: string;
  readonly issuer?: string;
  readonly at?: number;
}
/** Why it cannot be used. */
export type Objection = Finding<ObjectionReason>;
/** What one should know of it. */
export type Remark = Finding<RemarkReason>;

/** What came of looking at a certificate that somebody wants to use. */
export type Judgement =
  | { readonly ok: false; readonly objection: Objection }
  | { readonly ok: true; readonly facts: ChainFacts; readonly remarks: readonly Remark[] };

const dayMs = 86_400_000;
/** Before which days a certificate's end is warned of, from the last to the first. */
export const warningDays = [3, 14, 30] as const;
/** The shortest life for which these days hold; of a shorter one the same parts of it count. */
const usualLifeMs = 90 * dayMs;

/** From when to when a certificate is good, Unix ms. */
export interface Lifetime {
  readonly validFrom: number;
  readonly validTo: number;
}

/**
 * The warning that is due, as one of `warningDays`; 0 when it is over, undefined for none yet. A
 * certificate of six days is warned of when a third of them is left, as one of ninety is.
 */
export function dueWarning(life: Lifetime, now: number): number | undefined {
  if (now >= life.validTo) return 0;
  return warningDays.find((days) => isNearEnd(life, now, days));
}

/** Whether at most so many days are left, or of a short life the same part. */
export function isNearEnd({ validFrom, validTo }: Lifetime, now: number, days: number): boolean {
  const share = Math.min(1, (validTo - validFrom) / usualLifeMs);
  return validTo - now <= days * dayMs * share;
}
