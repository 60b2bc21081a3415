import { z } from "zod";

/** Where an appliance offers its hand-overs: GET, for everyone, `handOversShape`. */
export const handOverPath = "/api/hand-over";

/** Hand-overs that an appliance offers at a time, the newest last. */
export const maxHandOvers = 16;

/** SHA-256 of a public key (SPKI), base64. */
const pinShape = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);

/** How long a hand-over leads over at most, ms: as long as a certificate of the appliance's own. */
export const handOverLifetimeMs = 825 * 86_400_000;

const handOverShape = z.object({
  /** The former certificate, DER in base64. */
  certificate: z.base64().min(1).max(16_384),
  /** Pin of the key that follows it. */
  publicKeyPin: pinShape,
  /** Unix ms. */
  madeAt: z.int(),
  /** Unix ms; it leads nobody over from then on. Without it: `handOverLifetimeMs` after `madeAt`. */
  endsAt: z.int().optional(),
  /** By the former key over `handOverStatement`, base64. ECDSA or RSA PKCS #1 v1.5, SHA-256. */
  signature: z.base64().min(1).max(2_048),
});

/**
 * A statement by which an appliance leads those who know its former certificate over to its new key:
 * signed with the former key, so that it proves itself and may be had from anywhere.
 */
export type HandOver = z.infer<typeof handOverShape>;

/** What an appliance answers at `handOverPath`. */
export const handOversShape = z.object({ handOvers: z.array(handOverShape).max(maxHandOvers) });

/**
 * The text, in ASCII, that a hand-over signs. `fingerprint`: of the former certificate, hex. Without an
 * end it is in the first form, in which appliances have stated it before.
 */
export function handOverStatement(
  fingerprint: string,
  { publicKeyPin, madeAt, endsAt }: Pick<HandOver, "publicKeyPin" | "madeAt" | "endsAt">,
): string {
  const said = `${fingerprint}\n${publicKeyPin}\n${madeAt}\n`;
  if (endsAt === undefined) return `Handrail hand-over 1\n${said}`;
  return `Handrail hand-over 2\n${said}${endsAt}\n`;
}

/** Whether a hand-over leads nobody over any more. `now`: Unix ms. */
export function isHandOverOver(
  { madeAt, endsAt = Infinity }: Pick<HandOver, "madeAt" | "endsAt">,
  now: number,
): boolean {
  return now >= Math.min(endsAt, madeAt + handOverLifetimeMs);
}

/** What is known of a site: one of the two is enough. */
export interface KnownIdentity {
  /** SHA-256 of its certificate (DER), hex. */
  readonly fingerprint?: string | undefined;
  readonly publicKeyPin?: string | undefined;
}

/** A former certificate, as the platform's cryptography reads it. */
export interface FormerCertificate {
  readonly fingerprint: string;
  readonly publicKeyPin: string;
  /** Whether its key has signed that; false for whatever cannot be checked. */
  verify(statement: string, signature: string): boolean;
}

/**
 * Whether hand-overs lead from what is known of a site to the key that it shows now, over as many as
 * it takes. `now`: Unix ms; what has ended leads nowhere. `read` gives undefined for what is no
 * certificate. Whether a former certificate is out of date makes no difference: it is known by itself.
 */
export function isHandedOver(
  { known, shown, now }: { known: KnownIdentity; shown: string; now: number },
  handOvers: readonly HandOver[],
  read: (certificate: string) => FormerCertificate | undefined,
): boolean {
  const reached = new Set<string>();
  const waiting = new Set(handOvers.filter((each) => !isHandOverOver(each, now)));
  for (let before = -1; before !== waiting.size;) {
    before = waiting.size;
    for (const each of waiting) {
      const former = read(each.certificate);
      if (former && !isReached(former, known, reached)) continue;
      waiting.delete(each);
      if (!former) continue;
      const statement = handOverStatement(former.fingerprint, each);
      if (former.verify(statement, each.signature)) reached.add(each.publicKeyPin);
    }
  }
  return reached.has(shown);
}

function isReached(
  former: FormerCertificate,
  known: KnownIdentity,
  reached: ReadonlySet<string>,
): boolean {
  return (
    former.fingerprint === known.fingerprint ||
    former.publicKeyPin === known.publicKeyPin ||
    reached.has(former.publicKeyPin)
  );
}
