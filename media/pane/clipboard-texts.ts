/** What the session pane says of clipboards, in English. */
export const en = {
  send: "Send clipboard to the customer",
  get: "Get the customer's clipboard",
  /** There is no text, and no image that the pane may see. */
  noneToSend: "There is nothing to send. If you have copied an image, press Ctrl+V in this tab.",
  /** An image came, and needs a click before this page may put it on the clipboard. */
  imageCame: "An image has come from the customer's clipboard.",
  copyImage: "Copy image",
  /** Not even with a click. */
  imageKept: "This browser does not let Handrail copy an image.",
  saveImage: "Save image as a file…",
  imageCopied: "The image from the customer's clipboard has been copied.",
  imageSaved: (path: string) => `Image saved: ${path}`,
};

/** The same in French. */
export const fr: typeof en = {
  send: "Envoyer le presse-papiers au client",
  get: "Obtenir le presse-papiers du client",
  noneToSend:
    "Il n’y a rien à envoyer. Si vous avez copié une image, appuyez sur Ctrl+V dans cet onglet.",
  imageCame: "Une image est arrivée du presse-papiers du client.",
  copyImage: "Copier l’image",
  imageKept: "Ce navigateur ne laisse pas Handrail copier une image.",
  saveImage: "Enregistrer l’image…",
  imageCopied: "L’image du presse-papiers du client a été copiée.",
  imageSaved: (path) => `Image enregistrée : ${path}`,
};
