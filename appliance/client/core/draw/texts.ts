/** What the customer reads about drawing, in English. */
export const en = {
  consent: {
    draw: {
      title: (name: string) => `${name} would like to draw on your screen`,
      body: () =>
        "Lines with the name of who draws them lie over everything for some seconds. They touch and " +
        "change nothing, and you can click through them. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
  },
  mayDraw: (name: string | undefined) => `${name ?? "Somebody"} can draw on your screen`,
  uses: { draw: (name: string) => `${name} is drawing on your screen` },
};

/** The same in French. */
export const fr: typeof en = {
  consent: {
    draw: {
      title: (name) => `${name} souhaite dessiner sur votre écran`,
      body: () =>
        "Des traits, avec le nom de la personne qui les dessine, couvrent tout pendant quelques " +
        "secondes. Ils ne touchent et ne modifient rien, et vous pouvez cliquer à travers. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
  },
  mayDraw: (name) => `${name ?? "On"} peut dessiner sur votre écran`,
  uses: { draw: (name) => `${name} dessine sur votre écran` },
};
