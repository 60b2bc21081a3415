/** What is said of mail at /login, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  text:
    "The appliance writes to administrators when something needs them: the certificate ends soon, " +
    "a backup failed, is old or is not sent, the disk of the data is filling up, an update failed, a restart is " +
    "needed. At most one mail a day of each, and one when it is good again.",
  state: {
    title: "State",
    off: "No mail is sent.",
    waiting: (letters: number) =>
      letters === 0
        ? "No mail is waiting."
        : letters === 1
          ? "1 mail is waiting."
          : `${letters} mails are waiting.`,
    lastSent: (time: string) => `The last one was taken by the server ${time}.`,
    trouble: (to: string, since: string, next: string) =>
      `The mail to ${to} does not go since ${since}; tried again ${next}.`,
    givenUp: (to: string, at: string) => `The mail to ${to} was given up ${at}.`,
  },
  because: (why: string) => `The reason: ${why}`,
  answer: "The server says:",
  server: "Mail server",
  security: "How mail is sent",
  securities: {
    off: "Not at all",
    starttls: "STARTTLS, required (recommended)",
    tls: "TLS from the start",
    none: "Without encryption",
  },
  insecure:
    "Whoever is on the way can read the mails, and the name and password of the server. The appliance sends this way only to a server inside a private network.",
  user: "Name at the server",
  userHint: "Empty where the server wants none.",
  password: "Password at the server",
  passwordKept: "One is kept. Leave it empty to go on with it.",
  passwordAgain: "Type the password: it is kept for one server, certificate and name only.",
  sender: "Sender’s address",
  senderName: "Sender’s name",
  notices: {
    title: "Notices",
    addressees: "Who gets the notices",
    hint: "E-mail addresses, one to a line. Empty for nobody.",
    language: "Language of the notices",
  },
  keys: {
    title: "Session keys",
    allow: "Representatives may send session keys by e-mail",
    hint: "In VS Code, to an address that they type: up to 20 an hour each, all in the audit log.",
  },
  test: {
    title: "Test",
    to: "Send a test mail to",
    send: "Send a test mail",
    sent: "The server has taken the mail. Look whether it arrives.",
    failed: "The test mail did not go.",
  },
  saved: "Mail was changed.",
  noAddress: "Write an e-mail address, as ann@example.org.",
  noAddresses: "At most 20 e-mail addresses are possible, each as ann@example.org.",
  faults: {
    "not-private":
      "without encryption mail goes only to a server of a private network. Choose STARTTLS or TLS.",
    "no-starttls":
      "the server does not offer STARTTLS at this port. Try TLS from the start, usually port 465.",
    "no-smtp": "what answers there is no mail server that takes mail now. Check the port.",
    authentication: "the server does not take the name or the password.",
    "no-authentication": "the server wants a name and a password, or takes none in this way.",
    sender: "the server does not take mail from the sender’s address.",
    recipient: "the server does not take mail for this address.",
    "too-large": "the server takes no mail of this size.",
    "refused-mail": "the server refuses the mail.",
  },
};

/** The same in French. */
export const fr: typeof en = {
  text:
    "L’appliance écrit aux administrateurs quand quelque chose les demande : le certificat prend " +
    "bientôt fin, une sauvegarde a échoué, date ou n’est pas envoyée, le disque des données se remplit, une mise à jour a " +
    "échoué, un redémarrage est nécessaire. Au plus un message par jour et par sujet, et un quand tout " +
    "est de nouveau bien.",
  state: {
    title: "État",
    off: "Aucun courrier n’est envoyé.",
    waiting: (letters) =>
      letters === 0
        ? "Aucun message n’attend."
        : letters === 1
          ? "1 message attend."
          : `${letters} messages attendent.`,
    lastSent: (time) => `Le serveur a pris le dernier le ${time}.`,
    trouble: (to, since, next) =>
      `Le message à ${to} ne part pas depuis le ${since} ; nouvel essai le ${next}.`,
    givenUp: (to, at) => `Le message à ${to} a été abandonné le ${at}.`,
  },
  because: (why) => `La raison : ${why}`,
  answer: "Le serveur dit :",
  server: "Serveur de courrier",
  security: "Envoi du courrier",
  securities: {
    off: "Aucun",
    starttls: "STARTTLS, exigé (recommandé)",
    tls: "TLS dès le début",
    none: "Sans chiffrement",
  },
  insecure:
    "Qui se trouve en route peut lire les messages, ainsi que le nom et le mot de passe du serveur. L’appliance n’envoie ainsi qu’à un serveur d’un réseau privé.",
  user: "Nom sur le serveur",
  userHint: "Vide si le serveur n’en demande pas.",
  password: "Mot de passe sur le serveur",
  passwordKept: "Il y en a un. Laissez vide pour le garder.",
  passwordAgain:
    "Écrivez le mot de passe : il n’est gardé que pour un serveur, un certificat et un nom.",
  sender: "Adresse de l’expéditeur",
  senderName: "Nom de l’expéditeur",
  notices: {
    title: "Avis",
    addressees: "Destinataires des avis",
    hint: "Adresses électroniques, une par ligne. Vide pour personne.",
    language: "Langue des avis",
  },
  keys: {
    title: "Clés de session",
    allow: "Les représentants peuvent envoyer des clés de session par e-mail",
    hint: "Dans VS Code, à une adresse qu’ils saisissent : jusqu’à 20 par heure chacun, toutes au journal d’audit.",
  },
  test: {
    title: "Essai",
    to: "Envoyer un message d’essai à",
    send: "Envoyer un message d’essai",
    sent: "Le serveur a pris le message. Voyez s’il arrive.",
    failed: "Le message d’essai n’est pas parti.",
  },
  saved: "Le courrier a été modifié.",
  noAddress: "Écrivez une adresse électronique, comme ann@example.org.",
  noAddresses: "Au plus 20 adresses électroniques sont possibles, chacune comme ann@example.org.",
  faults: {
    "not-private":
      "sans chiffrement, le courrier ne va qu’à un serveur d’un réseau privé. Choisissez STARTTLS ou TLS.",
    "no-starttls":
      "le serveur n’offre pas STARTTLS sur ce port. Essayez TLS dès le début, d’ordinaire le port 465.",
    "no-smtp": "ce qui répond là n’est pas un serveur qui prend du courrier. Vérifiez le port.",
    authentication: "le serveur n’accepte pas le nom ou le mot de passe.",
    "no-authentication":
      "le serveur veut un nom et un mot de passe, ou n’en prend pas de cette façon.",
    sender: "le serveur ne prend pas de courrier de l’adresse de l’expéditeur.",
    recipient: "le serveur ne prend pas de courrier pour cette adresse.",
    "too-large": "le serveur ne prend pas de message de cette taille.",
    "refused-mail": "le serveur refuse le message.",
  },
};
