import { type MachineFault, machineFaults } from "@handrail/protocol/upkeep";

type Told = Readonly<Record<"en" | "fr", string>>;

/** What is wrong, and what to do, for whoever works at the machine. */
const texts: Readonly<Record<MachineFault, Told>> = {
  "bad-address": {
    en: "This is no address with its prefix: write it as 192.0.2.10/24 or 2001:db8::10/64.",
    fr: "Ce n'est pas une adresse avec son préfixe : écrivez par exemple 192.0.2.10/24 ou 2001:db8::10/64.",
  },
  "address-taken": {
    en: "Another machine has this address, or the network does not let it be taken. The former settings are back: choose a free address.",
    fr: "Une autre machine a cette adresse, ou le réseau ne la laisse pas prendre. Les anciens réglages sont revenus : choisissez une adresse libre.",
  },
  "bad-gateway": {
    en: "The gateway is no address: write it as 192.0.2.1 or fe80::1.",
    fr: "La passerelle n'est pas une adresse : écrivez par exemple 192.0.2.1 ou fe80::1.",
  },
  "gateway-outside": {
    en: "The gateway is not in the network of any of the addresses, or there are two of one kind: check the address's prefix, and give one gateway of each kind.",
    fr: "La passerelle n'est dans le réseau d'aucune des adresses, ou il y en a deux de la même famille : vérifiez le préfixe, et donnez une passerelle par famille.",
  },
  "bad-name-server": {
    en: "A name server is no address: write it as 192.0.2.53.",
    fr: "Un serveur de noms n'est pas une adresse : écrivez par exemple 192.0.2.53.",
  },
  "bad-host-name": {
    en: "This is no name for a machine: letters, digits and dashes, with dots between parts, 64 at most.",
    fr: "Ce n'est pas un nom de machine : lettres, chiffres et tirets, des points entre les parties, 64 au plus.",
  },
  "unknown-zone": {
    en: "The machine does not know this time zone: write one as Europe/Paris.",
    fr: "La machine ne connaît pas ce fuseau horaire : écrivez par exemple Europe/Paris.",
  },
  "bad-ntp-server": {
    en: "A time server is neither a name nor an address.",
    fr: "Un serveur de temps n'est ni un nom ni une adresse.",
  },
  "bad-proxy": {
    en: "This is no address of a proxy: write it as http://proxy.example.org:3128, without a password.",
    fr: "Ce n'est pas l'adresse d'un proxy : écrivez par exemple http://proxy.example.org:3128, sans mot de passe.",
  },
  "bad-ssh-key": {
    en: "This is no public key of SSH: give the one line of a file as id_ed25519.pub, without options before it.",
    fr: "Ce n'est pas une clé publique SSH : donnez la ligne d'un fichier comme id_ed25519.pub, sans options devant.",
  },
  "ssh-never": {
    en: "This machine lets nobody in by SSH: whoever runs it has said so in /etc/handrail/machine.json.",
    fr: "Cette machine ne laisse entrer personne par SSH : qui l'exploite l'a dit dans /etc/handrail/machine.json.",
  },
  "nothing-to-confirm": {
    en: "No change of the network waits: the former settings may have returned in the meantime.",
    fr: "Aucun changement du réseau n'attend : les anciens réglages sont peut-être déjà revenus.",
  },
  failed: {
    en: "The machine could not do it: look at the settings again, since some of it may be done.",
    fr: "La machine n'a pas pu le faire : relisez les réglages, une partie a pu être faite.",
  },
};

/** The machine has not taken a setting. `told` has the reason and what to do. */
export class MachineSettingsError extends Error {
  override readonly name = "MachineSettingsError";
  readonly fault: MachineFault;
  readonly told: Told;

  constructor(fault: MachineFault, options?: ErrorOptions) {
    super(texts[fault].en, options);
    this.fault = fault;
    this.told = texts[fault];
  }
}

/** Why a machine has not taken a setting; undefined for every other error. */
export function machineFaultOf(error: unknown): MachineFault | undefined {
  const fault = error instanceof Error && "fault" in error ? error.fault : undefined;
  return machineFaults.find((each) => each === fault);
}
