/** What the first steps of a new site say, in English. `fr` has the same keys: else it does not compile. */
export const en = {
  title: "First steps",
  text: "What a new site needs most. Every step can be skipped, and done later on its own page.",
  progress: (step: number, steps: number) => `Step ${step} of ${steps}`,
  back: "Back",
  next: "Next",
  finish: "Finish",
  leave: "Leave the first steps",
  leaveHint: "You come back to them from the menu of your account.",
  certificate: {
    title: "Certificate",
    own: "The appliance has made its certificate itself. Browsers warn of it, and consoles ask once: give your representatives the fingerprint by another way than this site. With a name of your own, use an authority’s certificate.",
    other: "This certificate is shown.",
    toPage: "Upload, ask for or renew a certificate",
  },
  time: {
    text: "Times in the audit log are right only if the clock is. Everybody chooses their own language at the top of each page.",
  },
  mail: {
    text: "With a mail server the appliance can tell you what goes wrong. Send a test mail before you save.",
  },
  further: {
    title: "Backups and people",
    why: {
      backups: "have a backup made by itself, and keep it on another computer.",
      representatives: "add those who help people.",
    },
  },
};

/** The same in French. */
export const fr: typeof en = {
  title: "Premiers pas",
  text: "Ce dont un nouveau site a le plus besoin. Chaque étape peut être passée, et faite plus tard sur sa propre page.",
  progress: (step, steps) => `Étape ${step} sur ${steps}`,
  back: "Précédent",
  next: "Suivant",
  finish: "Terminer",
  leave: "Quitter les premiers pas",
  leaveHint: "Vous y revenez depuis le menu de votre compte.",
  certificate: {
    title: "Certificat",
    own: "L’appliance a fait elle-même son certificat. Les navigateurs avertissent, et les consoles demandent une fois : donnez l’empreinte à vos représentants par une autre voie que ce site. Avec un nom à vous, utilisez le certificat d’une autorité.",
    other: "Ce certificat est présenté.",
    toPage: "Déposer, demander ou renouveler un certificat",
  },
  time: {
    text: "Les heures du journal d’audit ne sont justes que si l’horloge l’est. Chacun choisit sa langue en haut de chaque page.",
  },
  mail: {
    text: "Avec un serveur de courrier, l’appliance peut vous dire ce qui ne va pas. Envoyez un message d’essai avant d’enregistrer.",
  },
  further: {
    title: "Sauvegardes et équipe",
    why: {
      backups: "faites faire une sauvegarde automatique, et gardez-la sur un autre ordinateur.",
      representatives: "ajoutez ceux qui aident les gens.",
    },
  },
};
