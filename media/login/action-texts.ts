/** What the page of special actions says, in English. */
export const en = {
  title: "Special actions",
  text:
    "What representatives can have done on a customer’s computer with one choice, besides locking, " +
    "logging out and restarting. The command runs with the customer’s rights.",
  add: "Add special action",
  none: "No special action has been defined.",
  name: "Name",
  nameEn: "Name in English",
  nameFr: "Name in French",
  command: "Command",
  commandHint:
    "One line for the shell of the customer’s computer (sh). Everybody there can read it.",
  platform: "For computers with",
  platforms: { linux: "Linux", windows: "Windows", mac: "macOS" },
  teams: "Who may do it",
  teamsHint:
    "Without a choice every representative may, as far as their rules allow special actions.",
  everybody: "Every representative",
  questionEn: "Question to the customer in English",
  questionFr: "Question to the customer in French",
  questionHint: "Asked each time. Without a question the customer is told, and not asked.",
  asks: "Customer",
  isAsked: "is asked",
  isTold: "is told",
};

/** The same in French. */
export const fr: typeof en = {
  title: "Actions spéciales",
  text:
    "Ce que les représentants peuvent faire faire sur l’ordinateur d’un client d’un seul choix, " +
    "outre verrouiller, fermer la session et redémarrer. La commande a les droits du client.",
  add: "Ajouter une action spéciale",
  none: "Aucune action spéciale n’a été définie.",
  name: "Nom",
  nameEn: "Nom en anglais",
  nameFr: "Nom en français",
  command: "Commande",
  commandHint:
    "Une ligne pour le shell de l’ordinateur du client (sh). Tout le monde peut l’y lire.",
  platform: "Pour les ordinateurs sous",
  platforms: { linux: "Linux", windows: "Windows", mac: "macOS" },
  teams: "Qui peut la faire",
  teamsHint:
    "Sans choix, tout représentant le peut, pour autant que ses règles autorisent les actions spéciales.",
  everybody: "Tout représentant",
  questionEn: "Question au client en anglais",
  questionFr: "Question au client en français",
  questionHint: "Posée chaque fois. Sans question, le client est informé mais pas interrogé.",
  asks: "Le client",
  isAsked: "est interrogé",
  isTold: "est informé",
};
