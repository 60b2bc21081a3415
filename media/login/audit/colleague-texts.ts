import { part, type Sentence } from "./fact.ts";

/** What the audit log says of drawing and of those who watch, in English. */
export const en = {
  "draw.opened": () => "Began to draw on the customer’s screen",
  "draw.closed": (f) => `Finished drawing on the customer’s screen${part(": ", f("because"))}`,
  "session.part-asked": (f) => `Only watches, and asked ${f("representative")} to take part`,
  "session.part-declined": (f) =>
    `Did not let ${f("representative")} do more than watch${part(": ", f("because"))}`,
  "session.promoted": (f) => `Let ${f("with")}, who only watched, take part`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "draw.opened": () => "A commencé à dessiner sur l’écran du client",
  "draw.closed": (f) => `A fini de dessiner sur l’écran du client${part(" : ", f("because"))}`,
  "session.part-asked": (f) =>
    `Ne fait que regarder, et a demandé à ${f("representative")} de participer`,
  "session.part-declined": (f) =>
    `N’a pas laissé ${f("representative")} faire plus que regarder${part(" : ", f("because"))}`,
  "session.promoted": (f) => `A laissé ${f("with")}, qui ne faisait que regarder, participer`,
};
