import type { ElevationPurpose } from "@handrail/protocol";
import type { PasswordWords } from "./host.ts";

/** What the customer reads about an administrator's rights. */
export interface ElevationTexts {
  /** Before each use. */
  question: (
    name: string,
    purpose: ElevationPurpose,
    isTypedHere: boolean,
  ) => { title: string; body: string };
  allow: string;
  refuse: string;
  /** In the window that asks for the password. */
  password: (name: string, purpose: ElevationPurpose) => PasswordWords;
  /** Where this was taken back, and is to be allowed again. */
  consent: { title: (name: string) => string; body: (name: string) => string } & {
    allow: string;
    refuse: string;
  };
  /** As long as rights are in use or asked for. */
  uses: (name: string) => string;
  /** As long as the client itself has them. */
  clientHas: string;
}

const purposesEn: Readonly<Record<ElevationPurpose, string>> = {
  shell: "Commands are then typed with full rights over this computer.",
  script: "A script then runs with full rights over this computer.",
  client:
    "This help then goes on with full rights over this computer: files, programs and commands of " +
    "everybody who uses it. It closes for a moment and comes back by itself.",
};

/** In English. */
export const en: ElevationTexts = {
  question: (name, purpose, isTypedHere) => ({
    title: `${name} would like to have an administrator’s rights`,
    body:
      `${purposesEn[purpose]} ` +
      (isTypedHere
        ? "If you allow it, your computer asks for a password. Only your computer gets it. "
        : "You need not type a password. ") +
      "You can press Stop at any time.",
  }),
  allow: "_Allow",
  refuse: "_Refuse",
  password: (name, purpose) => ({
    title: "Password needed",
    body:
      `${name} has asked for an administrator’s rights, and you have allowed it. ` +
      `${purposesEn[purpose]} Type the password with which you log in to this computer.`,
    ok: "_Continue",
    cancel: "C_ancel",
  }),
  consent: {
    title: (name) => `${name} would like to be allowed to ask for an administrator’s rights`,
    body: () => "You are asked again each time, before anything is done with such rights.",
    allow: "_Allow",
    refuse: "_Refuse",
  },
  uses: (name) => `${name} works with an administrator’s rights, or asks for them`,
  clientHas: "This help has an administrator’s rights over your computer",
};

const purposesFr: Readonly<Record<ElevationPurpose, string>> = {
  shell: "Des commandes seront alors tapées avec tous les droits sur cet ordinateur.",
  script: "Un script s’exécutera alors avec tous les droits sur cet ordinateur.",
  client:
    "Cette aide continuera alors avec tous les droits sur cet ordinateur : fichiers, programmes et " +
    "commandes de tous ceux qui l’utilisent. Elle se ferme un instant et revient d’elle-même.",
};

/** In French. */
export const fr: ElevationTexts = {
  question: (name, purpose, isTypedHere) => ({
    title: `${name} souhaite obtenir les droits d’un administrateur`,
    body:
      `${purposesFr[purpose]} ` +
      (isTypedHere
        ? "Si vous l’autorisez, votre ordinateur demande un mot de passe. Lui seul le reçoit. "
        : "Vous n’avez pas de mot de passe à taper. ") +
      "Vous pouvez appuyer sur Arrêter à tout moment.",
  }),
  allow: "_Autoriser",
  refuse: "_Refuser",
  password: (name, purpose) => ({
    title: "Mot de passe nécessaire",
    body:
      `${name} a demandé les droits d’un administrateur, et vous l’avez autorisé. ` +
      `${purposesFr[purpose]} Tapez le mot de passe avec lequel vous ouvrez votre session.`,
    ok: "_Continuer",
    cancel: "A_nnuler",
  }),
  consent: {
    title: (name) => `${name} souhaite pouvoir demander les droits d’un administrateur`,
    body: () => "On vous le demandera à chaque fois, avant que rien ne soit fait avec ces droits.",
    allow: "_Autoriser",
    refuse: "_Refuser",
  },
  uses: (name) => `${name} agit avec les droits d’un administrateur, ou les demande`,
  clientHas: "Cette aide a les droits d’un administrateur sur votre ordinateur",
};
