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
  facility: "Facility",
  test: "Send a test message",
  tested: "The test message is sent. Look for “Test message of Handrail” at the server.",
  testRead: "The server has read the test message.",
  testFailed: (why: string) => `The test message could not be sent: ${why}`,
  saved: "The syslog server was changed.",
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
  facility: "Catégorie (facility)",
  test: "Envoyer un message d’essai",
  tested: "Le message d’essai est envoyé. Cherchez « Test message of Handrail » sur le serveur.",
  testRead: "Le serveur a lu le message d’essai.",
  testFailed: (why) => `Le message d’essai n’a pas pu être envoyé : ${why}`,
  saved: "Le serveur syslog a été modifié.",
};
