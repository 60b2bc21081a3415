import type { PersonLanguage } from "../session/state.ts";
import type { Finding, Objection, ObjectionReason, Remark, RemarkReason } from "./facts.ts";

/** Names and days of a finding, ready to be read. */
interface Parts {
  readonly name: string;
  readonly issuer: string;
  readonly day: string;
}

type Sentences<Reason extends string> = Readonly<Record<Reason, (parts: Parts) => string>>;

/** What is said of certificates, in English: what is wrong, then what to do. */
const en = {
  objections: {
    "no-certificate": () =>
      "There is no certificate here, only a key or nothing: add the certificate that the authority sent, in PEM (-----BEGIN CERTIFICATE-----).",
    "unreadable-certificate": () =>
      "A certificate here cannot be read: it is damaged or cut off. Take the file once more as the authority sent it.",
    "no-key": ({ name }) =>
      `The certificate of ${name} fits neither a waiting request nor the present key: add its private key, too.`,
    "encrypted-key": () =>
      "The private key is protected by a passphrase: write it without one (openssl pkey -in key.pem -out open.pem), use that, and delete it.",
    "unreadable-key": () =>
      "The private key cannot be read: it is damaged or not in PEM. Take the file once more from where it was made.",
    "other-key": () =>
      "The private key belongs to none of the certificates: add the key with which the certificate was asked for.",
    expired: ({ name, day }) => `The certificate of ${name} ended on ${day}: get a renewed one.`,
    "not-yet": ({ name, day }) =>
      `The certificate of ${name} is good from ${day} only: set the appliance’s clock right, or wait.`,
    "other-name": ({ name }) =>
      `The certificate is not for ${name}, by which people reach this site: have one made that names it, or change the site’s address.`,
    "other-purpose": ({ name }) =>
      `The certificate of ${name} is not for web servers: ask the authority for one for server authentication.`,
    "missing-link": ({ name, issuer }) =>
      `The certificate of ${issuer}, which vouches for ${name}, is missing, and nobody here knows it: add it below the site’s own. The authority calls it intermediate certificate, or chain.`,
    "no-cipher": () =>
      "None of the chosen ciphers of TLS 1.2 works with this kind of key: choose more ciphers first.",
    unusable: ({ name }) => `It cannot be used for TLS (${name}): have another one made.`,
  } satisfies Sentences<ObjectionReason>,
  remarks: {
    reordered: () => "The certificates were in the wrong order. They are put right.",
    "left-out": ({ name }) => `The certificate of ${name} does not belong here. It is left out.`,
    "unknown-authority": ({ issuer }) =>
      `The authority ${issuer} is not known here: only computers on which it is installed trust this certificate without a question.`,
    "self-signed": () => "No authority vouches for this certificate: browsers warn of it.",
    "requested-key": () => "It answers the waiting request; its key is on the appliance already.",
    "present-key": () => "It is for the present key, which stays.",
  } satisfies Sentences<RemarkReason>,
};

/** The same in French. */
const fr: typeof en = {
  objections: {
    "no-certificate": () =>
      "Il n’y a pas de certificat ici, seulement une clé ou rien : ajoutez le certificat que l’autorité a envoyé, en PEM (-----BEGIN CERTIFICATE-----).",
    "unreadable-certificate": () =>
      "Un certificat ne peut pas être lu : il est abîmé ou coupé. Reprenez le fichier tel que l’autorité l’a envoyé.",
    "no-key": ({ name }) =>
      `Le certificat de ${name} ne correspond ni à une demande en attente ni à la clé actuelle : ajoutez aussi sa clé privée.`,
    "encrypted-key": () =>
      "La clé privée est protégée par une phrase secrète : écrivez-la sans elle (openssl pkey -in cle.pem -out ouverte.pem), utilisez ce fichier, puis supprimez-le.",
    "unreadable-key": () =>
      "La clé privée ne peut pas être lue : elle est abîmée ou n’est pas en PEM. Reprenez le fichier là où elle a été créée.",
    "other-key": () =>
      "La clé privée n’appartient à aucun des certificats : ajoutez la clé avec laquelle le certificat a été demandé.",
    expired: ({ name, day }) =>
      `Le certificat de ${name} a pris fin le ${day} : obtenez-en un renouvelé.`,
    "not-yet": ({ name, day }) =>
      `Le certificat de ${name} n’est valable qu’à partir du ${day} : mettez l’horloge du serveur à l’heure, ou attendez.`,
    "other-name": ({ name }) =>
      `Le certificat n’est pas pour ${name}, l’adresse de ce site : faites-en faire un qui la nomme, ou changez l’adresse du site.`,
    "other-purpose": ({ name }) =>
      `Le certificat de ${name} n’est pas fait pour un serveur web : demandez à l’autorité un certificat d’authentification de serveur.`,
    "missing-link": ({ name, issuer }) =>
      `Le certificat de ${issuer}, qui se porte garant de ${name}, manque, et personne ici ne le connaît : ajoutez-le sous celui du site. L’autorité l’appelle certificat intermédiaire, ou chaîne.`,
    "no-cipher": () =>
      "Aucun des chiffrements choisis pour TLS 1.2 ne va avec ce type de clé : choisissez-en d’abord davantage.",
    unusable: ({ name }) => `Il ne peut pas servir pour TLS (${name}) : faites-en faire un autre.`,
  },
  remarks: {
    reordered: () => "Les certificats étaient dans le mauvais ordre. Ils sont remis en ordre.",
    "left-out": ({ name }) =>
      `Le certificat de ${name} n’a rien à faire ici. Il est laissé de côté.`,
    "unknown-authority": ({ issuer }) =>
      `L’autorité ${issuer} n’est pas connue ici : seuls les ordinateurs où elle est installée acceptent ce certificat sans question.`,
    "self-signed": () =>
      "Aucune autorité ne se porte garante de ce certificat : les navigateurs avertissent.",
    "requested-key": () => "Il répond à la demande en attente ; sa clé est déjà sur le serveur.",
    "present-key": () => "Il est pour la clé actuelle, qui reste.",
  },
};

/** Why a certificate cannot be used, and what to do. */
export function objectionText(objection: Objection, language: PersonLanguage): string {
  return sentence((language === "fr" ? fr : en).objections, objection);
}

/** What one should know of a certificate that can be used. */
export function remarkText(remark: Remark, language: PersonLanguage): string {
  return sentence((language === "fr" ? fr : en).remarks, remark);
}

function sentence<Reason extends string>(
  sentences: Sentences<Reason>,
  { reason, name = "", issuer = "", at }: Finding<Reason>,
): string {
  const day = at === undefined ? "" : new Date(at).toISOString().slice(0, 10);
  return sentences[reason]({ name, issuer, day });
}
