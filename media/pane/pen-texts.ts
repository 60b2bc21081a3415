/** What the session pane says of drawing and of watching, in English. */
export const en = {
  draw: "Draw on the customer's screen",
  palette: "Drawing",
  shapes: {
    pen: "Freehand",
    arrow: "Arrow",
    rectangle: "Rectangle",
    ring: "Ring",
    spot: "Point here",
  },
  clear: "Clear what you have drawn (Esc)",
  done: "Stop drawing",
  hint: "Drag on the screen to draw. It goes by itself after some seconds; Esc clears it at once.",
  cleared: "Cleared",
  onlyWatching: "You only watch",
  askPart: "Ask to take part",
};

/** The same in French. */
export const fr: typeof en = {
  draw: "Dessiner sur l’écran du client",
  palette: "Dessin",
  shapes: {
    pen: "À main levée",
    arrow: "Flèche",
    rectangle: "Rectangle",
    ring: "Anneau",
    spot: "Montrer ici",
  },
  clear: "Effacer ce que vous avez dessiné (Échap)",
  done: "Ne plus dessiner",
  hint:
    "Faites glisser la souris sur l’écran pour dessiner. Le dessin disparaît de lui-même après " +
    "quelques secondes ; Échap l’efface aussitôt.",
  cleared: "Effacé",
  onlyWatching: "Vous ne faites que regarder",
  askPart: "Demander à participer",
};
