/** Outlines on a 16 × 16 grid, drawn with a line of 1.2. */
const shapes = {
  fit: "M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3M5.5 5.5h5v5h-5z",
  actual: "M2 3h12v10H2zM5 6l1-.6V11M11 6l-1-.6M10.8 5.4V11M8 7v.1M8 10v.1",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  pointer: "M3 2l10 5-4.2 1.3L7 13z",
  keyboard: "M1.5 4.5h13v7h-13zM4 7v.1M6.7 7v.1M9.3 7v.1M12 7v.1M5 9.5h6",
  camera: "M2 5h3l1-1.7h4L11 5h3v8H2zM8 6.8a2.1 2.1 0 1 0 0 4.2 2.1 2.1 0 0 0 0-4.2z",
  pen: "M3 13l.8-3.2L11 2.6l2.4 2.4-7.2 7.2zM9.4 4.2l2.4 2.4",
  arrow: "M3 13L13 3M7 3h6v6",
  rectangle: "M2 4h12v8H2z",
  ring: "M8 3.5c3.3 0 6 2 6 4.5s-2.7 4.5-6 4.5S2 10.5 2 8s2.7-4.5 6-4.5z",
  spot: "M8 1v3M8 12v3M1 8h3M12 8h3M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  erase: "M6 13L2.5 9.500l7-7L13 6l-7 7zM6 13h7M6 6l3.5 3.5",
  more: "M3 8h.8M7.6 8h.8M12.2 8h.8",
  side: "M2 3h12v10H2zM10 3v10",
  play: "M4.5 3l8 5-8 5z",
  pause: "M5 3v10M11 3v10",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3",
  send: "M2 3l12 5-12 5 2-5zM4 8h5",
  stop: "M4 4h8v8H4z",
  close: "M4 4l8 8M12 4l-8 8",
  down: "M4 6l4 4 4-4",
} as const;

/** The name of a picture. */
export type IconName = keyof typeof shapes;

/** A small picture in the colour of the text beside it. Says nothing to a screen reader. */
export function icon(name: IconName): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const attributes = { viewBox: "0 0 16 16", width: "16", height: "16", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", shapes[name]);
  svg.append(path);
  return svg;
}
