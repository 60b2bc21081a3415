/** What is said of syslog at /login, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  text:
    "Every row of the audit log goes to a syslog server (RFC 5424), in order. While the server " +
    "cannot be reached the rows wait here, and nothing is lost but what UDP loses by itself.",
  state: {
    title: "State",
    off: "The audit log is sent nowhere.",
    connected: "Connected.",
    connecting: "Connecting…",
    waiting: (since: string, why: string) => `Waiting since ${since}: ${why}`,
    behind: (rows: number) =>
      rows === 0
        ? "No row is waiting."
        : rows === 1
          ? "1 row is waiting."
          : `${rows} rows are waiting.`,
  },
  target: "Server",
  transport: "How rows travel",
  transports: {
    off: "Not at all",
    udp: "UDP (readable on the way, may be lost)",
    tcp: "TCP (readable on the way)",
    tls: "TLS (recommended)",
  },
  host: "Host name or address",
  port: "Port",
  facility: "Facility",
  trust: "Which certificate is trusted",
  trusts: {
    authorities: "One of a public authority, for this name",
    ca: "One of the authorities below, for this name",
    pin: "Exactly the one with the fingerprint below",
  },
  ca: "Certificates of the authorities (PEM)",
  pin: "SHA-256 fingerprint of the server’s certificate",
  test: "Send a test message",
  tested: "The test message is sent. Look for “Test message of Handrail” at the server.",
  testRead: "The server has read the test message.",
  testFailed: (why: string) => `The test message could not be sent: ${why}`,
  shown: "It shows the certificate with this SHA-256 fingerprint:",
  usePin: "Trust exactly this one",
  pinHint: "Compare it with what the server’s administrator tells you first.",
  saved: "The syslog server was changed.",
  faults: {
    "unknown-name": "nobody knows the server’s name. Check its spelling and the DNS.",
    refused: "the server refuses the connection. Check the port, and whether it runs.",
    unreachable: "there is no way to the server. Check the network.",
    timeout: "the server does not answer. Check its address, and firewalls in between.",
    untrusted: "the server’s certificate is not trusted.",
    "other-certificate": "the server shows another certificate than the one that is trusted.",
    "no-tls": "the server does not speak TLS at this port.",
    lost: "the server has cut the connection.",
  },
};

/** The same in French. */
export const fr: typeof en = {
  text:
    "Chaque ligne du journal d’audit va à un serveur syslog (RFC 5424), dans l’ordre. Tant que le " +
    "serveur est injoignable, les lignes attendent ici : rien ne se perd, sauf ce que l’UDP perd.",
  state: {
    title: "État",
    off: "Le journal d’audit n’est envoyé nulle part.",
    connected: "Connecté.",
    connecting: "Connexion…",
    waiting: (since, why) => `En attente depuis ${since} : ${why}`,
    behind: (rows) =>
      rows === 0
        ? "Aucune ligne n’attend."
        : rows === 1
          ? "1 ligne attend."
          : `${rows} lignes attendent.`,
  },
  target: "Serveur",
  transport: "Transport des lignes",
  transports: {
    off: "Aucun",
    udp: "UDP (lisible en route, peut se perdre)",
    tcp: "TCP (lisible en route)",
    tls: "TLS (recommandé)",
  },
  host: "Nom ou adresse de l’hôte",
  port: "Port",
  facility: "Catégorie (facility)",
  trust: "Certificat accepté",
  trusts: {
    authorities: "Celui d’une autorité publique, pour ce nom",
    ca: "Celui d’une des autorités ci-dessous, pour ce nom",
    pin: "Exactement celui de l’empreinte ci-dessous",
  },
  ca: "Certificats des autorités (PEM)",
  pin: "Empreinte SHA-256 du certificat du serveur",
  test: "Envoyer un message d’essai",
  tested: "Le message d’essai est envoyé. Cherchez « Test message of Handrail » sur le serveur.",
  testRead: "Le serveur a lu le message d’essai.",
  testFailed: (why) => `Le message d’essai n’a pas pu être envoyé : ${why}`,
  shown: "Il présente le certificat avec cette empreinte SHA-256 :",
  usePin: "N’accepter que celui-ci",
  pinHint: "Comparez-la d’abord avec celle que donne l’administrateur du serveur.",
  saved: "Le serveur syslog a été modifié.",
  faults: {
    "unknown-name": "personne ne connaît le nom du serveur. Vérifiez l’orthographe et le DNS.",
    refused: "le serveur refuse la connexion. Vérifiez le port, et qu’il fonctionne.",
    unreachable: "aucun chemin ne mène au serveur. Vérifiez le réseau.",
    timeout: "le serveur ne répond pas. Vérifiez son adresse et les pare-feu.",
    untrusted: "le certificat du serveur n’est pas accepté.",
    "other-certificate": "le serveur présente un autre certificat que celui accepté.",
    "no-tls": "le serveur ne parle pas TLS sur ce port.",
    lost: "le serveur a coupé la connexion.",
  },
};
