import type { MachineFault } from "@handrail/protocol/upkeep";
import { en as enNetwork, fr as frNetwork } from "./network/texts.ts";

/** What the page of the machine says, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  noMachine:
    "This server does not run from the appliance’s image. Its network, its time and its end are those of the computer that it runs on: set them there.",
  noState:
    "The machine does not tell its settings at the moment. Its log says why; restarting it may help.",
  saved: "The machine has taken the change.",
  network: enNetwork,
  name: {
    title: "Name of the machine",
    hostName: "Host name",
    hint: "As it is known in your network. People reach the site by its own address, which stays.",
  },
  time: {
    title: "Time",
    zone: "Time zone",
    servers: "Time servers (NTP), one to a line",
    serversHint: "Names or addresses. None: those of Debian.",
    clock: "The clock",
  },
  proxy: {
    title: "Proxy",
    address: "Address of the proxy",
    hint: "As http://proxy.example:3128. Empty: everything is reached directly. By it go Debian’s updates, releases of Handrail, backups that are sent away (SFTP, S3) and certificates from a directory (ACME); what lies in a private network is reached directly. Mail, syslog, consoles and customers never use it.",
  },
  ssh: {
    title: "SSH",
    warning:
      "Whoever has the private key can do everything on this machine, also read and change what the audit log cannot show. Switch SSH on for as long as you need it: the appliance itself never does.",
    off: "SSH is off: nobody can sign in to the machine from the network.",
    on: "SSH is on, on port 22, for the holder of one key. Passwords are never taken.",
    fingerprint: "Fingerprint of the key",
    key: "Public key",
    keyHint: "One line, as in a file id_ed25519.pub. The private key stays with its holder.",
    password: "Your own password",
    passwordHint: "Once more, since whoever comes in by SSH may do everything.",
    passwordWrong: "The password is wrong.",
    switchOn: "Switch SSH on for this key",
    change: "Take this key instead",
    switchOff: "Switch SSH off",
  },
  power: {
    title: "Restart and power off",
    text: "Everyone who is connected is told 30 seconds before.",
    acts: {
      restart: "Restart the server",
      reboot: "Restart the machine",
      "power-off": "Power off",
    },
    asked: (act: string) => `${act}…`,
    questions: {
      restart: "Restart the server?",
      reboot: "Restart the machine?",
      "power-off": "Switch the machine off?",
    },
    customers: (count: number) =>
      count === 0
        ? "No customer is connected."
        : count === 1
          ? "1 customer is connected."
          : `${count} customers are connected.`,
    resumes: "Sessions that are open go on by themselves when the server is back.",
    stays:
      "Nobody can be helped until somebody switches the machine on again, by hand or in the virtual machine’s host. That cannot be done from here.",
    under: {
      restart: "The server restarts. This page goes on when it is back.",
      reboot:
        "The machine restarts, which takes a minute or two. This page goes on when it is back.",
      "power-off": "The machine switches itself off. Somebody has to switch it on again.",
    },
    back: "The server is back.",
  },
  faults: {
    "bad-address":
      "One of these is no address with its prefix that a machine can have. Write 192.0.2.10/24 or 2001:db8::10/64.",
    "address-taken":
      "Another computer in the network has this address. The former settings are back: choose an address that is free.",
    "bad-gateway": "This is no address, or there are two of one family. Write 192.0.2.1.",
    "gateway-outside":
      "The gateway is in the network of none of the addresses, so that it cannot be reached. Check both, and the prefix.",
    "bad-name-server": "A name server is given by its address, as 192.0.2.53.",
    "bad-host-name":
      "A host name has letters, digits and hyphens, between dots, and begins and ends with a letter or a digit.",
    "unknown-zone": "The machine does not know this time zone.",
    "bad-ntp-server":
      "A time server is given by its name or its address, each on a line of its own.",
    "bad-proxy": "Write the proxy as http://proxy.example:3128, without a name or a password.",
    "bad-ssh-key":
      "This is no public key that the machine takes. Paste the one line of the file that ends in .pub.",
    "ssh-never":
      "This machine lets nobody in by SSH: whoever runs it has said so in /etc/handrail/machine.json.",
    "nothing-to-confirm":
      "Nothing waits any more: the former settings are back, or these are kept.",
    failed: "The machine could not do it; its log says why. Its settings are as before.",
  } satisfies Readonly<Record<MachineFault, string>>,
};

/** The same in French. */
export const fr: typeof en = {
  noMachine:
    "Ce serveur ne fonctionne pas depuis l’image de l’appliance. Son réseau, son heure et son arrêt sont ceux de l’ordinateur où il tourne : réglez-les là-bas.",
  noState:
    "La machine ne donne pas ses réglages pour le moment. Son journal dit pourquoi ; la redémarrer peut aider.",
  saved: "La machine a pris la modification.",
  network: frNetwork,
  name: {
    title: "Nom de la machine",
    hostName: "Nom d’hôte",
    hint: "Tel que votre réseau la connaît. Le site garde sa propre adresse.",
  },
  time: {
    title: "Heure",
    zone: "Fuseau horaire",
    servers: "Serveurs de temps (NTP), un par ligne",
    serversHint: "Noms ou adresses. Aucun : ceux de Debian.",
    clock: "L’horloge",
  },
  proxy: {
    title: "Proxy",
    address: "Adresse du proxy",
    hint: "Comme http://proxy.example:3128. Vide : tout est joint directement. Par lui passent les mises à jour de Debian, les versions de Handrail, les sauvegardes envoyées ailleurs (SFTP, S3) et les certificats d’un annuaire (ACME) ; ce qui est dans un réseau privé est joint directement. Le courrier, syslog, les consoles et les clients ne l’utilisent jamais.",
  },
  ssh: {
    title: "SSH",
    warning:
      "Qui détient la clé privée peut tout faire sur cette machine, même lire et modifier ce que le journal d’audit ne montre pas. N’activez SSH que le temps nécessaire ; l’appliance elle-même n’en a pas besoin.",
    off: "SSH est désactivé : personne ne peut ouvrir de session sur la machine depuis le réseau.",
    on: "SSH est activé, sur le port 22, pour le détenteur d’une clé. Aucun mot de passe n’est accepté.",
    fingerprint: "Empreinte de la clé",
    key: "Clé publique",
    keyHint:
      "Une ligne, comme dans un fichier id_ed25519.pub. La clé privée reste chez son détenteur.",
    password: "Votre propre mot de passe",
    passwordHint: "Encore une fois, puisque qui entre par SSH peut tout faire.",
    passwordWrong: "Le mot de passe est faux.",
    switchOn: "Activer SSH pour cette clé",
    change: "Accepter plutôt cette clé",
    switchOff: "Désactiver SSH",
  },
  power: {
    title: "Redémarrage et arrêt",
    text: "Toutes les personnes connectées sont prévenues 30 secondes avant.",
    acts: {
      restart: "Redémarrer le serveur",
      reboot: "Redémarrer la machine",
      "power-off": "Éteindre",
    },
    asked: (act) => `${act}…`,
    questions: {
      restart: "Redémarrer le serveur ?",
      reboot: "Redémarrer la machine ?",
      "power-off": "Éteindre la machine ?",
    },
    customers: (count) =>
      count === 0
        ? "Aucun client n’est connecté."
        : count === 1
          ? "1 client est connecté."
          : `${count} clients sont connectés.`,
    resumes: "Les sessions ouvertes continuent d’elles-mêmes au retour du serveur.",
    stays:
      "Personne ne pourra être aidé avant que quelqu’un ne rallume la machine, à la main ou depuis l’hôte de la machine virtuelle. Cela ne se fait pas d’ici.",
    under: {
      restart: "Le serveur redémarre. Cette page continue dès son retour.",
      reboot:
        "La machine redémarre, ce qui prend une minute ou deux. Cette page continue dès son retour.",
      "power-off": "La machine s’éteint. Quelqu’un devra la rallumer.",
    },
    back: "Le serveur est de retour.",
  },
  faults: {
    "bad-address":
      "L’une d’elles n’est pas une adresse possible avec son préfixe. Écrivez 192.0.2.10/24 ou 2001:db8::10/64.",
    "address-taken":
      "Un autre ordinateur du réseau a cette adresse. Les réglages précédents sont de retour : choisissez une adresse libre.",
    "bad-gateway":
      "Ce n’est pas une adresse, ou il y en a deux de la même famille. Écrivez 192.0.2.1.",
    "gateway-outside":
      "La passerelle n’est dans le réseau d’aucune des adresses et ne peut être atteinte. Vérifiez les deux, et le préfixe.",
    "bad-name-server": "Un serveur de noms est donné par son adresse, comme 192.0.2.53.",
    "bad-host-name":
      "Un nom d’hôte a des lettres, des chiffres et des traits d’union, entre des points ; il commence et finit par une lettre ou un chiffre.",
    "unknown-zone": "La machine ne connaît pas ce fuseau horaire.",
    "bad-ntp-server":
      "Un serveur de temps est donné par son nom ou son adresse, chacun sur sa propre ligne.",
    "bad-proxy":
      "Écrivez le proxy comme http://proxy.example:3128, sans nom d’utilisateur ni mot de passe.",
    "bad-ssh-key":
      "Ce n’est pas une clé publique que la machine accepte. Collez la seule ligne du fichier qui finit par .pub.",
    "ssh-never":
      "Cette machine ne laisse entrer personne par SSH : qui l’exploite l’a dit dans /etc/handrail/machine.json.",
    "nothing-to-confirm":
      "Rien n’attend plus : les réglages précédents sont de retour, ou ceux-ci sont gardés.",
    failed: "La machine n’a pas pu ; son journal dit pourquoi. Ses réglages sont comme avant.",
  },
};
