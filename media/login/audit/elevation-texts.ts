import { part, type Sentence } from "./fact.ts";

/** What the audit log says of an administrator's rights on customers' computers, in English. */
export const en = {
  "elevate.opened": () => "Began to ask for an administrator’s rights on the customer’s computer",
  "elevation.asked": (f) =>
    `Asked for an administrator’s rights for ${f("purpose")}${part(" (", f("script"), ")")}, ${f("way")}`,
  "elevation.wrong-password": (f) =>
    `Typed a wrong password for an administrator’s rights (time ${f("tries")})`,
  "elevation.granted": (f) =>
    `Was given an administrator’s rights for ${f("purpose")}, ${f("way")}${part(" (account ", f("account"), ")")}`,
  "elevation.refused": (f) =>
    `Was given no administrator’s rights for ${f("purpose")}: ${f("why")}`,
  "elevation.ended": (f) => `Has the administrator’s rights for ${f("purpose")} no longer`,
  "elevate.closed": () => "Finished with an administrator’s rights on the customer’s computer",
  "customer.elevating": () => "The customer’s client begins anew with an administrator’s rights",
  "customer.not-elevated": () => "The customer’s client does not get an administrator’s rights",
  "customer.elevated": () => "The customer’s client goes on with an administrator’s rights",
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "elevate.opened": () =>
    "A commencé à demander les droits d’un administrateur sur l’ordinateur du client",
  "elevation.asked": (f) =>
    `A demandé les droits d’un administrateur pour ${f("purpose")}${part(" (", f("script"), ")")}, ${f("way")}`,
  "elevation.wrong-password": (f) =>
    `A tapé un mot de passe faux pour les droits d’un administrateur (fois n° ${f("tries")})`,
  "elevation.granted": (f) =>
    `A obtenu les droits d’un administrateur pour ${f("purpose")}, ${f("way")}${part(" (compte ", f("account"), ")")}`,
  "elevation.refused": (f) =>
    `N’a pas obtenu les droits d’un administrateur pour ${f("purpose")} : ${f("why")}`,
  "elevation.ended": (f) => `N’a plus les droits d’un administrateur pour ${f("purpose")}`,
  "elevate.closed": () =>
    "En a fini avec les droits d’un administrateur sur l’ordinateur du client",
  "customer.elevating": () =>
    "Le programme du client recommence avec les droits d’un administrateur",
  "customer.not-elevated": () =>
    "Le programme du client n’obtient pas les droits d’un administrateur",
  "customer.elevated": () => "Le programme du client continue avec les droits d’un administrateur",
};

/** What rights are for. */
export const purposes = {
  en: { shell: "a shell", script: "a script", client: "the whole client" },
  fr: { shell: "un terminal", script: "un script", client: "tout le programme" },
};

/** Which way they are got. */
export const ways = {
  en: { customer: "with the customer’s password", credentials: "with an account of one’s own" },
  fr: { customer: "avec le mot de passe du client", credentials: "avec un compte fourni" },
};

/** Why there are none. */
export const refusals = {
  en: {
    "customer-refused": "the customer said no",
    cancelled: "nobody wanted them any more",
    declined: "the customer declined to type a password",
    "too-slow": "nobody answered in time",
    failed: "it did not work",
    "wrong-password": "a wrong account or password",
    "not-allowed": "the account is no administrator",
    "no-way": "the computer has no program that gives them",
    "no-window": "the password cannot be asked for there",
    "too-many": "too many wrong passwords, or a no just before",
    busy: "another request was under way",
    elevated: "the client has them already",
    unguarded: "a password could be read there after a shell or a script",
  },
  fr: {
    "customer-refused": "le client a dit non",
    cancelled: "personne ne les voulait plus",
    declined: "le client n’a pas voulu taper de mot de passe",
    "too-slow": "personne n’a répondu à temps",
    failed: "cela n’a pas fonctionné",
    "wrong-password": "compte ou mot de passe faux",
    "not-allowed": "le compte n’est pas administrateur",
    "no-way": "l’ordinateur n’a pas de programme qui les donne",
    "no-window": "le mot de passe ne peut pas y être demandé",
    "too-many": "trop de mots de passe faux, ou un refus juste avant",
    busy: "une autre demande était en cours",
    elevated: "le programme les a déjà",
    unguarded: "un mot de passe pourrait y être lu après un terminal ou un script",
  },
};
