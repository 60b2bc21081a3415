import { createHash, verify, X509Certificate } from "node:crypto";
import {
  type FormerCertificate,
  handOverPath,
  handOversShape,
  isHandedOver,
  type KnownIdentity,
} from "@handrail/protocol";
import type { SiteAddress } from "./address.ts";
import { askJson, publicKeyOf } from "./https.ts";

const answerWithinMs = 6_000;

/**
 * Whether a site states, signed with a key that is known already, that another one has followed. The
 * statement proves itself: it does not matter who has answered.
 * @throws HandrailError `unavailable` when nobody answers
 */
export async function isLedOver(
  site: SiteAddress,
  { known, shown }: { known: KnownIdentity; shown: string },
): Promise<boolean> {
  const answer = await askJson(site, () => undefined, {
    method: "GET",
    path: handOverPath,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  const read = handOversShape.safeParse(answer.json);
  return (
    read.success && isHandedOver({ known, shown, now: Date.now() }, read.data.handOvers, readFormer)
  );
}

function readFormer(certificate: string): FormerCertificate | undefined {
  try {
    const former = new X509Certificate(Buffer.from(certificate, "base64"));
    return {
      fingerprint: createHash("sha256").update(former.raw).digest("hex"),
      publicKeyPin: publicKeyOf(former),
      verify: (statement, signature) =>
        verify(
          "sha256",
          Buffer.from(statement),
          former.publicKey,
          Buffer.from(signature, "base64"),
        ),
    };
  } catch {
    // It is no certificate, and so leads nowhere.
    return undefined;
  }
}
