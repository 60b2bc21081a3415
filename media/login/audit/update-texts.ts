import { part, type Sentence } from "./fact.ts";

/** What the audit log says of updates, in English. */
export const en = {
  "update.installed": (f) =>
    `Installed release ${f("version")}; before it was ${f("versionBefore")}`,
  "update.rolled-back": (f) => `Went back from release ${f("versionBefore")} to ${f("version")}`,
  "update.failed": (f) =>
    `Release ${f("version")} was not installed, ${f("versionBefore")} goes on: ${f("because")}${part("; ", f("isDatabaseRestored"))}`,
  "update.channel-changed": (f) =>
    (f("channel") === "" ? "Looks for releases nowhere" : `Looks for releases at ${f("channel")}`) +
    `; ${f("upkeep")} (before: ${part("", f("channelBefore"), "; ")}${f("upkeepBefore")})`,
  "update.found": (f) => `Found the newer release ${f("version")}`,
  "update.not-found": (f) =>
    `Could not look for releases${part(" at ", f("channel"))}: ${f("because")}`,
  "update.fetched": (f) => `Fetched release ${f("version")} (${f("sizeBytes")})`,
  "update.not-begun": (f) =>
    `Did not begin to install release ${f("version")} by itself: ${f("because")}`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "update.installed": (f) =>
    `A installé la version ${f("version")} ; avant, c’était la ${f("versionBefore")}`,
  "update.rolled-back": (f) =>
    `Est revenu de la version ${f("versionBefore")} à la ${f("version")}`,
  "update.failed": (f) =>
    `La version ${f("version")} n’a pas été installée, la ${f("versionBefore")} continue : ${f("because")}${part(" ; ", f("isDatabaseRestored"))}`,
  "update.channel-changed": (f) =>
    (f("channel") === ""
      ? "Ne cherche plus de versions"
      : `Cherche des versions à ${f("channel")}`) +
    ` ; ${f("upkeep")} (avant : ${part("", f("channelBefore"), " ; ")}${f("upkeepBefore")})`,
  "update.found": (f) => `A trouvé la version plus récente ${f("version")}`,
  "update.not-found": (f) =>
    `N’a pas pu chercher de versions${part(" à ", f("channel"))} : ${f("because")}`,
  "update.fetched": (f) => `A récupéré la version ${f("version")} (${f("sizeBytes")})`,
  "update.not-begun": (f) =>
    `N’a pas commencé d’elle-même l’installation de la version ${f("version")} : ${f("because")}`,
};

/** Why a release was not installed, or not found. */
export const updateReasons = {
  en: {
    "update-not-a-bundle": "the file is no update of Handrail",
    "update-not-signed": "the file is not signed",
    "update-forged": "the file is not signed by anyone whom this appliance trusts",
    "update-other-platform": "it is for another kind of machine",
    "update-same-version": "it runs already",
    "update-older-version": "it is older than the one that runs",
    "update-no-keys": "there is no key to check it with",
    "update-newer-database": "it cannot open the database",
    "update-busy": "another update was under way",
    "update-not-installed": "this is not an appliance’s image",
    "channel-unknown-name": "nobody knows the server’s name",
    "channel-refused": "the server refuses the connection",
    "channel-unreachable": "there is no way to the server",
    "channel-timeout": "the server does not answer",
    "channel-lost": "the connection was cut",
    "channel-untrusted": "the certificate is not trusted",
    "channel-other-certificate": "the server shows another certificate",
    "channel-no-tls": "the server does not speak TLS there",
    "channel-proxy": "the machine’s proxy does not lead there",
    "channel-no-index": "there is no signed index",
    "channel-forged": "the index is not signed by anyone whom this appliance trusts",
    "channel-damaged-index": "the index cannot be read",
    "channel-older-index": "the index is older than the one before",
    "channel-no-keys": "there is no key to check it with",
    "channel-rejected": "the server refuses it without a reason",
    "update-damaged": "the file is damaged",
    "update-no-space": "there is not enough room on the disk",
    "update-did-not-stop": "the server could not be stopped",
    "update-database-copy": "the database could not be copied",
    "update-not-healthy": "it was not well in time",
    "update-interrupted": "it was cut short",
    "update-failed": "it did not work",
  },
  fr: {
    "update-not-a-bundle": "le fichier n’est pas une mise à jour de Handrail",
    "update-not-signed": "le fichier n’est pas signé",
    "update-forged": "le fichier n’est signé par personne à qui cette appliance fait confiance",
    "update-other-platform": "elle est destinée à un autre type de machine",
    "update-same-version": "elle fonctionne déjà",
    "update-older-version": "elle est plus ancienne que celle qui fonctionne",
    "update-no-keys": "il n’y a pas de clé pour la vérifier",
    "update-newer-database": "elle ne peut pas ouvrir la base de données",
    "update-busy": "une autre mise à jour était en cours",
    "update-not-installed": "ce n’est pas l’image de l’appliance",
    "channel-unknown-name": "personne ne connaît le nom du serveur",
    "channel-refused": "le serveur refuse la connexion",
    "channel-unreachable": "aucun chemin ne mène au serveur",
    "channel-timeout": "le serveur ne répond pas",
    "channel-lost": "la connexion a été coupée",
    "channel-untrusted": "le certificat n’est pas accepté",
    "channel-other-certificate": "le serveur présente un autre certificat",
    "channel-no-tls": "le serveur n’y parle pas TLS",
    "channel-proxy": "le proxy de la machine n’y mène pas",
    "channel-no-index": "il n’y a pas d’index signé",
    "channel-forged": "l’index n’est signé par personne à qui cette appliance fait confiance",
    "channel-damaged-index": "l’index est illisible",
    "channel-older-index": "l’index est plus ancien que le précédent",
    "channel-no-keys": "il n’y a pas de clé pour le vérifier",
    "channel-rejected": "le serveur refuse sans donner de raison",
    "update-damaged": "le fichier est endommagé",
    "update-no-space": "il n’y a pas assez de place sur le disque",
    "update-did-not-stop": "le serveur n’a pas pu être arrêté",
    "update-database-copy": "la base de données n’a pas pu être copiée",
    "update-not-healthy": "elle n’a pas bien fonctionné à temps",
    "update-interrupted": "elle a été interrompue",
    "update-failed": "cela n’a pas fonctionné",
  },
};

/** What is said when the database was put back. */
export const restoredWords = {
  en: "the database is as it was before",
  fr: "la base de données est comme avant",
};
