/** What the customer reads about the clipboard, in English. */
export const en = {
  consent: {
    "clipboard-to-customer": {
      title: (name: string) => `${name} would like to put text and images on your clipboard`,
      body: () =>
        "What you have copied yourself is replaced by it, and you can paste it. " +
        "You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    "clipboard-from-customer": {
      title: (name: string) => `${name} would like to read what you copy`,
      body: () =>
        "The text or image that you have copied, and what you copy during the session. What a " +
        "password manager marks as secret is never given. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
  },
  mayPutOnClipboard: "Text and images can be put on your clipboard",
  mayGetClipboard: "What you copy can be read",
  uses: {
    "clipboard-to-customer": (name: string) => `${name} is sending to your clipboard`,
    "clipboard-from-customer": (name: string) => `${name} is reading what you copy`,
  },
  /** What was last done, by the event that tells of it; `format`: of the protocol. */
  lastDone: {
    "clipboard-to-customer.placed": (name: string, format: string) =>
      `${name} has put ${format === "png" ? "an image" : "text"} on your clipboard`,
    "clipboard-from-customer.given": (name: string, format: string) =>
      `${name} has read ${format === "png" ? "an image" : "text"} that you had copied`,
  },
};

/** The same in French. */
export const fr: typeof en = {
  consent: {
    "clipboard-to-customer": {
      title: (name) => `${name} souhaite mettre du texte et des images dans votre presse-papiers`,
      body: () =>
        "Ce que vous avez copié vous-même est remplacé, et vous pouvez coller le nouveau contenu. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    "clipboard-from-customer": {
      title: (name) => `${name} souhaite lire ce que vous copiez`,
      body: () =>
        "Le texte ou l’image que vous avez copiés, et ce que vous copiez pendant la session. Ce " +
        "qu’un gestionnaire de mots de passe marque comme secret n’est jamais transmis. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
  },
  mayPutOnClipboard: "Du texte et des images peuvent être mis dans votre presse-papiers",
  mayGetClipboard: "Ce que vous copiez peut être lu",
  uses: {
    "clipboard-to-customer": (name) => `${name} envoie vers votre presse-papiers`,
    "clipboard-from-customer": (name) => `${name} lit ce que vous copiez`,
  },
  lastDone: {
    "clipboard-to-customer.placed": (name, format) =>
      `${name} a mis ${format === "png" ? "une image" : "du texte"} dans votre presse-papiers`,
    "clipboard-from-customer.given": (name, format) =>
      `${name} a lu ${format === "png" ? "une image que vous aviez copiée" : "du texte que vous aviez copié"}`,
  },
};
