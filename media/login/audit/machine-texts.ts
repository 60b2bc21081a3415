import { part, type Sentence } from "./fact.ts";

/** What the audit log says of the machine, in English. */
export const en = {
  "machine.network-set": (f) =>
    `Changed the machine’s network, until it is kept, from ${f("networkBefore")} to ${f("network")}`,
  "machine.network-confirmed": (f) => `Kept the machine’s network: ${f("network")}`,
  "machine.network-undone": (f) =>
    `Went back to the machine’s former network: from ${f("networkBefore")} to ${f("network")}`,
  "machine.time-set": (f) => `Changed the machine’s time from ${f("timeBefore")} to ${f("time")}`,
  "machine.proxy-set": (f) =>
    `Changed the machine’s proxy: ${f("address") || "none"}` +
    part(" (before: ", f("addressBefore"), ")"),
  "machine.ssh-set": (f) =>
    (f("key") === "" ? "Switched SSH off" : `Switched SSH on for the key ${f("key")}`) +
    part(" (before: ", f("keyBefore"), ")"),
  "machine.host-name-set": (f) =>
    `Changed the machine’s host name from ${f("nameBefore")} to ${f("name")}`,
  "machine.not-set": (f) =>
    `The machine did not take the change before${part(": ", f("because"))}; what was, holds`,
  "machine.restart": () => "Had the server restarted",
  "machine.reboot": () => "Had the machine restarted",
  "machine.power-off": () => "Had the machine switched off",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "machine.network-set": (f) =>
    `A modifié le réseau de la machine, à confirmer, de ${f("networkBefore")} à ${f("network")}`,
  "machine.network-confirmed": (f) => `A gardé le réseau de la machine : ${f("network")}`,
  "machine.network-undone": (f) =>
    `Est revenu au réseau précédent de la machine : de ${f("networkBefore")} à ${f("network")}`,
  "machine.time-set": (f) => `A modifié l’heure de la machine de ${f("timeBefore")} à ${f("time")}`,
  "machine.proxy-set": (f) =>
    `A modifié le proxy de la machine : ${f("address") || "aucun"}` +
    part(" (avant : ", f("addressBefore"), ")"),
  "machine.ssh-set": (f) =>
    (f("key") === "" ? "A désactivé SSH" : `A activé SSH pour la clé ${f("key")}`) +
    part(" (avant : ", f("keyBefore"), ")"),
  "machine.host-name-set": (f) =>
    `A modifié le nom d’hôte de la machine de ${f("nameBefore")} à ${f("name")}`,
  "machine.not-set": (f) =>
    `La machine n’a pas accepté la modification précédente${part(" : ", f("because"))} ; ce qui était vaut toujours`,
  "machine.restart": () => "A fait redémarrer le serveur",
  "machine.reboot": () => "A fait redémarrer la machine",
  "machine.power-off": () => "A fait éteindre la machine",
};

/** Why the machine does not take a setting, in both languages. */
export const machineReasons = {
  en: {
    "machine-bad-address": "no address",
    "machine-address-taken": "another machine has the address",
    "machine-bad-gateway": "no gateway",
    "machine-gateway-outside": "the gateway is in another network",
    "machine-bad-name-server": "no name server",
    "machine-bad-host-name": "no name for a machine",
    "machine-unknown-zone": "no time zone",
    "machine-bad-ntp-server": "no time server",
    "machine-bad-proxy": "no proxy",
    "machine-bad-ssh-key": "no key",
    "machine-ssh-never": "the machine lets nobody in by SSH",
    "machine-failed": "it could not do it",
  },
  fr: {
    "machine-bad-address": "ce n’est pas une adresse",
    "machine-address-taken": "une autre machine a l’adresse",
    "machine-bad-gateway": "ce n’est pas une passerelle",
    "machine-gateway-outside": "la passerelle est dans un autre réseau",
    "machine-bad-name-server": "ce n’est pas un serveur de noms",
    "machine-bad-host-name": "ce n’est pas un nom de machine",
    "machine-unknown-zone": "ce n’est pas un fuseau horaire",
    "machine-bad-ntp-server": "ce n’est pas un serveur de temps",
    "machine-bad-proxy": "ce n’est pas un proxy",
    "machine-bad-ssh-key": "ce n’est pas une clé",
    "machine-ssh-never": "la machine ne laisse entrer personne par SSH",
    "machine-failed": "elle n’a pas pu le faire",
  },
};
