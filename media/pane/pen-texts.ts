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
  byKeys: "Draw by keyboard",
  keys: {
    label: "Pen on the customer's screen",
    how:
      "Arrow keys move it, with Ctrl farther, with Shift less. Space sets it down and lifts it. Tab " +
      "leads to the shapes, Escape clears or ends.",
    at: (x: number, y: number) => `${x} across, ${y} down`,
    down: (x: number, y: number) => `Pen down at ${x}, ${y}`,
    up: (x: number, y: number) => `Pen up at ${x}, ${y}`,
    spot: (x: number, y: number) => `Pointed at ${x}, ${y}`,
  },
  keysHint:
    "Arrow keys move the pen (Ctrl farther, Shift less); Space or Enter sets it down and lifts it; " +
    "Tab leads to the shapes; Esc clears, or ends.",
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
  byKeys: "Dessiner au clavier",
  keys: {
    label: "Crayon sur l’écran du client",
    how:
      "Les flèches le déplacent, avec Ctrl plus loin, avec Maj moins loin. Espace le pose et le " +
      "relève. Tab mène aux formes, Échap efface ou termine.",
    at: (x, y) => `${x} à droite, ${y} en bas`,
    down: (x, y) => `Crayon posé à ${x}, ${y}`,
    up: (x, y) => `Crayon relevé à ${x}, ${y}`,
    spot: (x, y) => `Montré à ${x}, ${y}`,
  },
  keysHint:
    "Les flèches déplacent le crayon (Ctrl plus loin, Maj moins loin) ; Espace ou Entrée le pose et " +
    "le relève ; Tab mène aux formes ; Échap efface, ou termine.",
  hint:
    "Faites glisser la souris sur l’écran pour dessiner. Le dessin disparaît de lui-même après " +
    "quelques secondes ; Échap l’efface aussitôt.",
  cleared: "Effacé",
  onlyWatching: "Vous ne faites que regarder",
  askPart: "Demander à participer",
};
