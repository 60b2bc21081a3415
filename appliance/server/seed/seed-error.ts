import type { SeedFlaw } from "./seed.ts";

type Told = Readonly<Record<"en" | "fr", string>>;

/** How each field is written, by its path without places in lists. */
const remedies: Readonly<Record<string, Told>> = {
  "": { en: "write a JSON object", fr: "écrivez un objet JSON" },
  version: { en: "write 1", fr: "écrivez 1" },
  language: { en: 'write "en" or "fr"', fr: "écrivez « en » ou « fr »" },
  network: {
    en: 'write {"method": "dhcp"}, or "static" with addresses, gateways and nameServers',
    fr: 'écrivez {"method": "dhcp"}, ou "static" avec addresses, gateways et nameServers',
  },
  "network.addresses": {
    en: "write addresses with their prefix, as 192.0.2.10/24",
    fr: "écrivez des adresses avec leur préfixe, par exemple 192.0.2.10/24",
  },
  "network.gateways": {
    en: "write one gateway of each family, in the net of an address",
    fr: "écrivez une passerelle par famille, dans le réseau d'une adresse",
  },
  "network.nameServers": {
    en: "write addresses, as 192.0.2.53",
    fr: "écrivez des adresses, par exemple 192.0.2.53",
  },
  siteAddress: {
    en: "write a host name, as support.example.org",
    fr: "écrivez un nom d'hôte, par exemple support.example.org",
  },
  timeZone: {
    en: "write a zone, as Europe/Paris",
    fr: "écrivez un fuseau, par exemple Europe/Paris",
  },
  ntpServers: {
    en: "write names or addresses of time servers",
    fr: "écrivez des noms ou adresses de serveurs de temps",
  },
  proxy: {
    en: "write an address without a password, as http://proxy.example.org:3128",
    fr: "écrivez une adresse sans mot de passe, par exemple http://proxy.example.org:3128",
  },
  certificate: {
    en: "give the certificate in PEM, with its authorities, that fits the key and siteAddress",
    fr: "donnez le certificat en PEM avec ses autorités, qui va avec la clé et siteAddress",
  },
  certificateKey: {
    en: "give the certificate's private key in PEM, not encrypted",
    fr: "donnez la clé privée du certificat en PEM, non chiffrée",
  },
  administrator: {
    en: "give name, displayName and passwordHash, or setUpCode alone",
    fr: "donnez name, displayName et passwordHash, ou setUpCode seul",
  },
  "administrator.passwordHash": {
    en: "give an argon2id hash of 19 MiB and two passes at least",
    fr: "donnez un condensat argon2id de 19 Mio et deux passes au moins",
  },
  "administrator.setUpCode": {
    en: "write at least 16 letters and digits",
    fr: "écrivez au moins 16 lettres et chiffres",
  },
  updateKeys: {
    en: "give public keys in PEM, Ed25519",
    fr: "donnez des clés publiques en PEM, Ed25519",
  },
  role: { en: 'write "appliance" or "jumpoint"', fr: "écrivez « appliance » ou « jumpoint »" },
};
const unknown: Told = {
  en: "remove it, or correct its name",
  fr: "retirez-le ou corrigez son nom",
};
/** Whatever else somebody has written may be a secret, under a wrong name too. */
const shownFields = new Set([
  ...["version", "language", "network", "siteAddress", "timeZone", "ntpServers", "role"],
]);
const longest = 60;

/** Why a seed is not applied, in both languages of the console. Nothing has been changed. */
export class SeedError extends Error {
  override readonly name = "SeedError";
  readonly told: Told;

  constructor(told: Told, options?: ErrorOptions) {
    super(told.en, options);
    this.told = told;
  }

  /** A field that is wrong; `because` in the place of how it is written. */
  static ofField({ field, value }: SeedFlaw, because?: Told): SeedError {
    const path = field.replace(/\.\d+/g, "");
    const remedy = because ?? remedyOf(path);
    const shown = showable(path, value);
    const name = field === "" ? "handrail.json" : plain(field);
    return new SeedError({
      en: `The seed is not used, and nothing has been changed. ${name}${
        shown === "" ? " is missing or wrong" : ` is ${shown}, which cannot be used`
      }: ${remedy.en}.`,
      fr: `L'amorce n'est pas utilisée, rien n'a été changé. ${name}${
        shown === "" ? " manque ou est faux" : ` est ${shown}, ce qui ne va pas`
      } : ${remedy.fr}.`,
    });
  }

  /** A medium that cannot be read as a seed. `file` is its name, without a folder. */
  static ofFile(file: string, cause?: unknown): SeedError {
    const told = {
      en: `The seed is not used, and nothing has been changed. ${file} is damaged: make the medium anew and restart.`,
      fr: `L'amorce n'est pas utilisée, rien n'a été changé. ${file} est abîmé : refaites le support et redémarrez.`,
    };
    return new SeedError(told, { cause });
  }

  /** Somebody was quicker than the seed. */
  static setUp(): SeedError {
    return new SeedError({
      en: "The seed is not used: this appliance is set up already. Take the seed's medium out.",
      fr: "L'amorce n'est pas utilisée : cette appliance est déjà installée. Retirez son support.",
    });
  }
}

function remedyOf(path: string): Told {
  const [top = ""] = path.split(".");
  const known = remedies[path] ?? (Object.hasOwn(remedies, top) ? remedies[top] : undefined);
  return known ?? unknown;
}

/** A value as people are shown it, where it is none that may be secret; of a long one the beginning. */
function showable(path: string, value: unknown): string {
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  if (!isPlain || !shownFields.has(path.split(".")[0] ?? "")) return "";
  const text = plain(JSON.stringify(value));
  // Somebody's name and password before a host.
  return text.includes("@") ? "" : text;
}

/** The console's own marks must not be written by somebody else. */
function plain(text: string): string {
  const marked = text.replace(/[^\x20-\x7e\u00a0-\u024f]/g, "?");
  return marked.length > longest ? `${marked.slice(0, longest)}…` : marked;
}
