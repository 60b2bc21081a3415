/** What is said of the way to another server, and whom it trusts, in English. */
export const en = {
  host: "Host name or address",
  port: "Port",
  trust: "Which certificate is trusted",
  trusts: {
    authorities: "One of a public authority, for this name",
    ca: "One of the authorities below, for this name",
    pin: "Exactly the one with the fingerprint below",
  },
  ca: "Certificates of the authorities (PEM)",
  pin: "SHA-256 fingerprint of the server’s certificate",
  shown: "It shows the certificate with this SHA-256 fingerprint:",
  usePin: "Trust exactly this one",
  pinHint: "Compare it with what the server’s administrator tells you first.",
  faults: {
    "unknown-name": "nobody knows the server’s name. Check its spelling and the DNS.",
    refused: "the server refuses the connection. Check the port, and whether it runs.",
    unreachable: "there is no way to the server. Check the network.",
    timeout: "the server does not answer. Check its address, and firewalls in between.",
    untrusted: "the server’s certificate is not trusted.",
    "other-certificate": "the server shows another certificate than the one that is trusted.",
    "no-tls": "the server does not speak TLS at this port.",
    lost: "the server has cut the connection.",
    proxy: "the machine’s proxy does not lead there. Check its address, and what it allows.",
  },
};

/** The same in French. */
export const fr: typeof en = {
  host: "Nom ou adresse de l’hôte",
  port: "Port",
  trust: "Certificat accepté",
  trusts: {
    authorities: "Celui d’une autorité publique, pour ce nom",
    ca: "Celui d’une des autorités ci-dessous, pour ce nom",
    pin: "Exactement celui de l’empreinte ci-dessous",
  },
  ca: "Certificats des autorités (PEM)",
  pin: "Empreinte SHA-256 du certificat du serveur",
  shown: "Il présente le certificat avec cette empreinte SHA-256 :",
  usePin: "N’accepter que celui-ci",
  pinHint: "Comparez-la d’abord avec celle que donne l’administrateur du serveur.",
  faults: {
    "unknown-name": "personne ne connaît le nom du serveur. Vérifiez l’orthographe et le DNS.",
    refused: "le serveur refuse la connexion. Vérifiez le port, et qu’il fonctionne.",
    unreachable: "aucun chemin ne mène au serveur. Vérifiez le réseau.",
    timeout: "le serveur ne répond pas. Vérifiez son adresse et les pare-feu.",
    untrusted: "le certificat du serveur n’est pas accepté.",
    "other-certificate": "le serveur présente un autre certificat que celui accepté.",
    "no-tls": "le serveur ne parle pas TLS sur ce port.",
    lost: "le serveur a coupé la connexion.",
    proxy: "le proxy de la machine n’y mène pas. Vérifiez son adresse, et ce qu’il autorise.",
  },
};
