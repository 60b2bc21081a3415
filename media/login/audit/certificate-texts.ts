import { acmeFaultShape, acmeFaultText } from "@handrail/protocol/upkeep";
import { type Fact, part, type Sentence } from "./fact.ts";

/** From where the certificate was got before: its names, the directory and the rest. */
function acmeBefore(f: Fact): string {
  const more = ["proofBefore", "contactBefore", "externalKeyIdBefore", "authorityBefore"].map(f);
  const rest = more.filter((each) => each !== "").join(", ");
  return part("", f("namesBefore"), ` ← ${f("directoryBefore")} (${rest})`);
}

/** Why a certificate was not got by itself. */
function reasonText(f: Fact, language: "en" | "fr"): string {
  const fault = acmeFaultShape.safeParse({ reason: f("acmeReason"), about: f("about") });
  return fault.success ? acmeFaultText(fault.data, language) : f("acmeReason");
}

/** What changes of the certificate and of TLS are told with. `fr` has the same keys. */
export const en = {
  "certificate.replaced": (f) =>
    `Replaced the certificate ${f("how")}: before ${f("subjectBefore")} by ${f("issuerBefore")} ` +
    `to ${f("validToBefore")} (SHA-256 ${f("fingerprintBefore")}), now ${f("subject")} by ` +
    `${f("issuer")} to ${f("validTo")} (SHA-256 ${f("fingerprint")}); ${f("handsOver")}`,
  "certificate.requested": (f) =>
    `Made a request for a certificate for ${f("names")} (${f("key")})` +
    part(", in the place of one for ", f("namesBefore")),
  "certificate.request-dropped": (f) =>
    `Discarded the request for a certificate for ${f("namesBefore")}`,
  "certificate.acme-set": (f) =>
    `Has the certificate for ${f("names")} got by itself from ${f("directory")} (${f("proof")}` +
    `${part(", contact ", f("contact"))}${part(", account ", f("externalKeyId"))}` +
    `${part(", authority of its own ", f("authority"))})` +
    part("; before: ", acmeBefore(f)) +
    (f("isKeyNew") === "" ? "" : "; with a new key of the external account"),
  "certificate.acme-wanted": (f) =>
    `Had the certificate for ${f("names")} got at once from ${f("directory")}`,
  "certificate.acme-stopped": (f) =>
    `No longer has the certificate got by itself; before: ${acmeBefore(f)}`,
  "certificate.acme-failed": (f) =>
    `The certificate for ${f("names")} could not be got from ${f("directory")}: ` +
    `${reasonText(f, "en")}${part(" ", f("words"))}`,
  "tls.changed": (f) =>
    `Changed TLS: from ${f("oldestBefore")}–${f("newestBefore")} (${f("ciphersBefore")}) ` +
    `to ${f("oldest")}–${f("newest")} (${f("ciphers")})`,
} as const satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: { readonly [K in keyof typeof en]: Sentence } = {
  "certificate.replaced": (f) =>
    `A remplacé le certificat ${f("how")} : avant ${f("subjectBefore")} par ` +
    `${f("issuerBefore")} jusqu’au ${f("validToBefore")} (SHA-256 ${f("fingerprintBefore")}), ` +
    `maintenant ${f("subject")} par ${f("issuer")} jusqu’au ${f("validTo")} ` +
    `(SHA-256 ${f("fingerprint")}) ; ${f("handsOver")}`,
  "certificate.requested": (f) =>
    `A fait une demande de certificat pour ${f("names")} (${f("key")})` +
    part(", à la place d’une pour ", f("namesBefore")),
  "certificate.request-dropped": (f) =>
    `A abandonné la demande de certificat pour ${f("namesBefore")}`,
  "certificate.acme-set": (f) =>
    `Fait obtenir de lui-même le certificat pour ${f("names")} auprès de ${f("directory")} ` +
    `(${f("proof")}${part(", contact ", f("contact"))}` +
    `${part(", compte ", f("externalKeyId"))}` +
    `${part(", autorité propre ", f("authority"))})` +
    part(" ; avant : ", acmeBefore(f)) +
    (f("isKeyNew") === "" ? "" : " ; avec une nouvelle clé du compte externe"),
  "certificate.acme-wanted": (f) =>
    `A fait demander aussitôt le certificat pour ${f("names")} à ${f("directory")}`,
  "certificate.acme-stopped": (f) =>
    `Ne fait plus obtenir le certificat de lui-même ; avant : ${acmeBefore(f)}`,
  "certificate.acme-failed": (f) =>
    `Le certificat pour ${f("names")} n’a pas pu être obtenu de ${f("directory")} : ` +
    `${reasonText(f, "fr")}${part(" ", f("words"))}`,
  "tls.changed": (f) =>
    `A modifié TLS : de ${f("oldestBefore")}–${f("newestBefore")} (${f("ciphersBefore")}) ` +
    `à ${f("oldest")}–${f("newest")} (${f("ciphers")})`,
};

/** How a certificate came. */
export const certificateWays = {
  en: {
    own: "by one made here",
    upload: "by one put here with its key",
    request: "by the answer to the request",
    acme: "by one got by itself",
  },
  fr: {
    own: "par un autre fait ici",
    upload: "par un autre mis ici avec sa clé",
    request: "par la réponse à la demande",
    acme: "par un autre obtenu de lui-même",
  },
};

/** Whether those who know the former one are led over to it. */
export const handOvers = {
  en: { true: "the former key leads over to it", false: "nobody is led over from the former key" },
  fr: { true: "l’ancienne clé y conduit", false: "personne n’y est conduit par l’ancienne clé" },
};
