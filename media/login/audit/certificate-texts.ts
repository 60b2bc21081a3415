import { part, type Sentence } from "./fact.ts";

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
  },
  fr: {
    own: "par un autre fait ici",
    upload: "par un autre mis ici avec sa clé",
    request: "par la réponse à la demande",
  },
};

/** Whether those who know the former one are led over to it. */
export const handOvers = {
  en: { true: "the former key leads over to it", false: "nobody is led over from the former key" },
  fr: { true: "l’ancienne clé y conduit", false: "personne n’y est conduit par l’ancienne clé" },
};
