import * as channel from "./channel-texts.ts";

/** What is said of updates at /login, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  text:
    "A release comes as one signed file. Before it is installed the database is copied; when the new " +
    "release is not well, the appliance goes back to the one before by itself.",
  noAppliance:
    "This server does not run from the appliance’s image, so that it cannot update itself here. " +
    "Install the newer version as you installed this one.",
  now: "What runs now",
  version: "Release",
  installTitle: "Install an update",
  file: "Update",
  fileHint: "A file that ends in .hrupdate",
  check: "Send and check",
  sent: (percent: number) => `${percent} % sent`,
  checking: "The file is being checked…",
  suitable: (version: string) => `Release ${version} is signed and can be installed.`,
  warning:
    "Everyone who is connected is warned 30 seconds before. Then the appliance restarts, which takes " +
    "about a minute; sessions go on by themselves.",
  install: (version: string) => `Install release ${version}`,
  back: (version: string) => `Go back to ${version}…`,
  backTitle: "Go back to the release before?",
  backText: (version: string) =>
    `Release ${version} runs again afterwards. What the newer one has mended is broken again.`,
  loseChanges: "Also when it takes the database from before the update",
  loseChangesHint:
    "Needed where the newer release has changed the database. Everything that has happened since is lost.",
  backSubmit: "Go back",
  running: (to: string | undefined) =>
    to === undefined ? "An update is under way." : `Release ${to} is being installed.`,
  away: "The appliance restarts. This page goes on when it is back.",
  steps: {
    unpacking: "Unpacking and checking",
    warning: "Warning everyone who is connected",
    stopping: "Stopping the server",
    copying: "Copying the database",
    switching: "Switching to the release",
    checking: "Seeing whether the release is well",
    "going-back": "Going back to the release before",
    keeping: "Tidying up",
  },
  installed: (to: string, from: string, time: string) =>
    `Release ${to} was installed on ${time}; before it was ${from}.`,
  wentBack: (to: string, from: string, time: string) =>
    `The appliance went back from ${from} to release ${to} on ${time}.`,
  failed: (to: string, from: string, why: string) =>
    `Release ${to} was not installed, and ${from} goes on. ${why}`,
  restored: "The database is as it was before.",
  refused: (why: string) => `The update was not begun. ${why}`,
  faults: {
    "not-a-bundle": "The file is no update of Handrail.",
    "not-signed": "The file is not signed.",
    forged: "The file is not signed by anyone whom this appliance trusts.",
    damaged: "The file was cut short or changed after it was made. Take another copy of it.",
    "other-platform": "The release is for another kind of machine.",
    "same-version": "This release runs already.",
    "older-version":
      "The release is older than the one that runs. The command “handrail update install --allow-older” takes it nevertheless.",
    "no-keys": "The appliance has no key with which updates could be checked.",
    "newer-database": "The release cannot open the database, which a newer one has changed.",
    "no-space": "There is not enough room on the disk. Make room, or enlarge it.",
    busy: "Another update is under way, or was cut short.",
    "not-installed": "This server does not run from the appliance’s image.",
    "nothing-before": "There is no release to go back to.",
    "did-not-stop": "The server could not be stopped.",
    "database-copy": "The database could not be copied.",
    "not-healthy": "The new release was not well in time.",
    interrupted: "The update was cut short, as by a power failure.",
    failed: "It did not work; the machine’s log says why.",
  },
  channel: channel.en,
};

/** Why an update was not installed, or not kept. */
export type UpdateFault = keyof (typeof en)["faults"];
/** How far an update is. */
export type UpdateStep = keyof (typeof en)["steps"];

/** The same in French. */
export const fr: typeof en = {
  text:
    "Une version vient en un seul fichier signé. Avant son installation, la base de données est copiée ; " +
    "si la nouvelle version ne va pas bien, l’appliance revient d’elle-même à la précédente.",
  noAppliance:
    "Ce serveur ne fonctionne pas depuis l’image de l’appliance et ne peut donc pas se mettre à jour " +
    "ici. Installez la nouvelle version comme vous avez installé celle-ci.",
  now: "Ce qui fonctionne maintenant",
  version: "Version",
  installTitle: "Installer une mise à jour",
  file: "Mise à jour",
  fileHint: "Un fichier qui se termine par .hrupdate",
  check: "Envoyer et vérifier",
  sent: (percent) => `${percent} % envoyés`,
  checking: "Le fichier est en cours de vérification…",
  suitable: (version) => `La version ${version} est signée et peut être installée.`,
  warning:
    "Toutes les personnes connectées sont prévenues 30 secondes avant. Ensuite l’appliance redémarre, " +
    "ce qui prend environ une minute ; les sessions continuent d’elles-mêmes.",
  install: (version) => `Installer la version ${version}`,
  back: (version) => `Revenir à ${version}…`,
  backTitle: "Revenir à la version précédente ?",
  backText: (version) =>
    `La version ${version} fonctionnera de nouveau. Ce que la plus récente a corrigé ne le sera plus.`,
  loseChanges: "Même s’il faut reprendre la base de données d’avant la mise à jour",
  loseChangesHint:
    "Nécessaire si la version plus récente a modifié la base. Tout ce qui s’est passé depuis est perdu.",
  backSubmit: "Revenir",
  running: (to) =>
    to === undefined
      ? "Une mise à jour est en cours."
      : `La version ${to} est en cours d’installation.`,
  away: "L’appliance redémarre. Cette page continue dès son retour.",
  steps: {
    unpacking: "Extraction et vérification",
    warning: "Avertissement des personnes connectées",
    stopping: "Arrêt du serveur",
    copying: "Copie de la base de données",
    switching: "Passage à la version",
    checking: "Vérification du bon fonctionnement de la version",
    "going-back": "Retour à la version précédente",
    keeping: "Rangement",
  },
  installed: (to, from, time) =>
    `La version ${to} a été installée le ${time} ; avant, c’était la ${from}.`,
  wentBack: (to, from, time) =>
    `L’appliance est revenue de la version ${from} à la version ${to} le ${time}.`,
  failed: (to, from, why) =>
    `La version ${to} n’a pas été installée, et la ${from} continue. ${why}`,
  restored: "La base de données est comme avant.",
  refused: (why) => `La mise à jour n’a pas commencé. ${why}`,
  faults: {
    "not-a-bundle": "Le fichier n’est pas une mise à jour de Handrail.",
    "not-signed": "Le fichier n’est pas signé.",
    forged: "Le fichier n’est signé par personne à qui cette appliance fait confiance.",
    damaged: "Le fichier a été tronqué ou modifié après coup. Prenez-en une autre copie.",
    "other-platform": "La version est destinée à un autre type de machine.",
    "same-version": "Cette version fonctionne déjà.",
    "older-version":
      "La version est plus ancienne que celle qui fonctionne. La commande « handrail update install --allow-older » l’accepte quand même.",
    "no-keys": "L’appliance n’a pas de clé pour vérifier les mises à jour.",
    "newer-database":
      "La version ne peut pas ouvrir la base de données, qu’une plus récente a modifiée.",
    "no-space": "Il n’y a pas assez de place sur le disque. Faites de la place ou agrandissez-le.",
    busy: "Une autre mise à jour est en cours ou a été interrompue.",
    "not-installed": "Ce serveur ne fonctionne pas depuis l’image de l’appliance.",
    "nothing-before": "Il n’y a pas de version à laquelle revenir.",
    "did-not-stop": "Le serveur n’a pas pu être arrêté.",
    "database-copy": "La base de données n’a pas pu être copiée.",
    "not-healthy": "La nouvelle version n’a pas bien fonctionné à temps.",
    interrupted: "La mise à jour a été interrompue, par exemple par une coupure de courant.",
    failed: "Cela n’a pas fonctionné ; le journal de la machine dit pourquoi.",
  },
  channel: channel.fr,
};
