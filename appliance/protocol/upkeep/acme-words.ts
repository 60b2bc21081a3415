import type { PersonLanguage } from "../session/state.ts";
import type { AcmeFault, AcmeReason } from "./acme.ts";

type Sentences = Readonly<Record<AcmeReason, (about: string) => string>>;

/** What is wrong, then what to do. */
const en: Sentences = {
  "no-address": (about) =>
    `${about} is an address: certificates are got by themselves for DNS names only. Name the site by one.`,
  "no-public-name": (about) =>
    `${about} is no public DNS name, for it has no domain: use a full name, as help.example.org.`,
  "no-wildcard": (about) =>
    `${about} stands for many names, which neither proof can show: name each of them.`,
  "no-name": (about) => `${about} is no DNS name: correct it.`,
  "no-site": (about) =>
    `${about}, by which people reach this site, has to be among the names: add it.`,
  "no-plain-port": () =>
    "The appliance does not listen at port 80, which the proof by HTTP needs: choose the proof by TLS, or give it the port (HANDRAIL_REDIRECT_PORT).",
  "no-authority": () =>
    "The directory’s authority cannot be read: give its certificates in PEM (-----BEGIN CERTIFICATE-----).",
  unreachable: (about) =>
    `${about} cannot be reached: check the address, the name servers and the firewall.`,
  untrusted: (about) =>
    `The certificate of ${about} is not trusted: give the certificates of its authority, in PEM.`,
  clock: (about) =>
    `The certificate of ${about} is out of date, or the appliance’s clock is wrong: look at the clock first.`,
  "no-directory": (about) => `${about} is no ACME directory: check its address.`,
  terms: () => "The directory’s terms of service have to be accepted: read them, then accept them.",
  "account-needed": () =>
    "The directory knows its customers: give the key identifier and the key that it has issued to you (external account binding).",
  "rejected-name": () => "The directory issues nothing for one of the names.",
  "rate-limited": () =>
    "The directory has had too many requests: it is tried again when it allows.",
  unproven: (about) =>
    `The directory could not see that ${about} is this appliance: check that the name leads here from outside, and that the port is open.`,
  refused: () => "The directory has refused.",
  unusable: () => "The certificate that came cannot be used.",
  failed: () => "The certificate could not be got.",
};

/** The same in French. */
const fr: Sentences = {
  "no-address": (about) =>
    `${about} est une adresse : les certificats ne s’obtiennent d’eux-mêmes que pour des noms DNS. Donnez-en un au site.`,
  "no-public-name": (about) =>
    `${about} n’est pas un nom DNS public, car il n’a pas de domaine : utilisez un nom complet, comme aide.example.org.`,
  "no-wildcard": (about) =>
    `${about} vaut pour plusieurs noms, ce qu’aucune des preuves ne peut montrer : nommez-les un par un.`,
  "no-name": (about) => `${about} n’est pas un nom DNS : corrigez-le.`,
  "no-site": (about) =>
    `${about}, le nom par lequel on atteint ce site, doit être parmi les noms : ajoutez-le.`,
  "no-plain-port": () =>
    "Le serveur n’écoute pas sur le port 80, qu’exige la preuve par HTTP : choisissez la preuve par TLS, ou donnez-lui ce port (HANDRAIL_REDIRECT_PORT).",
  "no-authority": () =>
    "L’autorité de l’annuaire ne peut pas être lue : donnez ses certificats en PEM (-----BEGIN CERTIFICATE-----).",
  unreachable: (about) =>
    `${about} est injoignable : vérifiez l’adresse, les serveurs de noms et le pare-feu.`,
  untrusted: (about) =>
    `Le certificat de ${about} n’est pas reconnu : donnez les certificats de son autorité, en PEM.`,
  clock: (about) =>
    `Le certificat de ${about} n’est pas valable à cette date, ou l’horloge du serveur est fausse : vérifiez d’abord l’horloge.`,
  "no-directory": (about) => `${about} n’est pas un annuaire ACME : vérifiez son adresse.`,
  terms: () =>
    "Les conditions d’utilisation de l’annuaire doivent être acceptées : lisez-les, puis acceptez-les.",
  "account-needed": () =>
    "L’annuaire connaît ses clients : donnez l’identifiant de clé et la clé qu’il vous a remis (liaison à un compte externe).",
  "rejected-name": () => "L’annuaire ne délivre rien pour l’un des noms.",
  "rate-limited": () =>
    "L’annuaire a reçu trop de demandes : un nouvel essai aura lieu quand il le permet.",
  unproven: (about) =>
    `L’annuaire n’a pas pu constater que ${about} est ce serveur : vérifiez que le nom y mène depuis l’extérieur, et que le port est ouvert.`,
  refused: () => "L’annuaire a refusé.",
  unusable: () => "Le certificat reçu ne peut pas être utilisé.",
  failed: () => "Le certificat n’a pas pu être obtenu.",
};

/** What is wrong and what to do; the directory's own words are not in it. */
export function acmeFaultText({ reason, about = "" }: AcmeFault, language: PersonLanguage): string {
  return (language === "fr" ? fr : en)[reason](about);
}

/** The directory's own words, with their type: "connection: …"; undefined when it has said nothing. */
export function acmeOwnWords({ type, detail }: AcmeFault): string | undefined {
  const words = [type, detail].filter((each) => each !== undefined && each !== "");
  return words.length === 0 ? undefined : words.join(": ");
}
