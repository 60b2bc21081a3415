import { createPrivateKey } from "node:crypto";
import { defaultTlsSettings, objectionText } from "@handrail/protocol";
import type { Identity } from "../certificate/identity.ts";
import { judge } from "../certificate/judge.ts";
import type { Seed } from "./seed.ts";
import { SeedError } from "./seed-error.ts";

/** The certificate that a seed brings, judged as an administrator's would be. @throws SeedError */
export function identityOfSeed(
  { certificate, certificateKey, siteAddress }: Seed,
  now: number,
): Identity | undefined {
  if (certificate === undefined || certificateKey === undefined) return undefined;
  mustBeKey(certificateKey);
  const judged = judge(
    { certificate, key: certificateKey },
    { presentKey: certificateKey, host: siteAddress, tls: defaultTlsSettings, now },
  );
  if (judged.ok) return judged.identity;
  const { objection } = judged;
  const because = (language: "en" | "fr") =>
    objectionText(objection, language)
      .trim()
      .replace(/[.\s]+$/, "");
  const field = { field: "certificate" };
  throw SeedError.ofField(field, { en: because("en"), fr: because("fr") });
}

function mustBeKey(key: string): void {
  try {
    createPrivateKey(key);
  } catch {
    throw SeedError.ofField({ field: "certificateKey" });
  }
}
