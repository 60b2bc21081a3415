import type { ElevationPurpose, Permission } from "@handrail/protocol";
import type { ElevationUse, PasswordWords } from "./host.ts";

/** What rights are asked for. */
export interface ElevationWanted extends Pick<ElevationUse, "purpose" | "script"> {
  /** Who asks. */
  readonly name: string;
  /** Whether the customer is to type a password. */
  readonly isTypedHere: boolean;
  /** What else a yes allows, in whole sentences. */
  readonly also: readonly string[];
}

/** For what a password is asked for. */
export interface PasswordWanted extends Pick<ElevationUse, "purpose" | "script"> {
  /** Who has asked. */
  readonly name: string;
  /** The last one was wrong. */
  readonly isAgain: boolean;
}

/** What the customer reads about an administrator's rights. */
export interface ElevationTexts {
  /** Before each use. */
  question: (wanted: ElevationWanted) => { title: string; body: string };
  allow: string;
  refuse: string;
  /** In the window that asks for the password. */
  password: (wanted: PasswordWanted) => PasswordWords;
  /** Where this was taken back, and is to be allowed again. */
  consent: { title: (name: string) => string; body: (name: string) => string } & {
    allow: string;
    refuse: string;
  };
  /** As long as rights are in use, or allowed and not there yet. */
  uses: (use: ElevationUse) => string;
  /** As long as the client itself has them. */
  clientHas: string;
  /** What a yes means to a client that has them itself, where that is more than it is elsewhere. */
  withRights: Readonly<Partial<Record<Permission, string>>>;
}

const purposesEn: Readonly<Record<ElevationPurpose, string>> = {
  shell: "Commands are then typed with full rights over this computer.",
  script: "A script then runs with full rights over this computer.",
  client:
    "This help then goes on with full rights over this computer: files, programs and commands of " +
    "everybody who uses it. It closes for a moment and comes back by itself.",
};

type Aim = Pick<ElevationUse, "purpose" | "script">;

const scriptEn = (script: string) =>
  `The script “${script}” then runs with full rights over this computer.`;
const scriptFr = (script: string) =>
  `Le script « ${script} » s’exécutera alors avec tous les droits sur cet ordinateur.`;

/** A list below a text; empty, when there is nothing in it. */
function listed(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  return `\n\n${[heading, ...lines.map((line) => `•  ${line}`)].join("\n")}`;
}

/** What rights are for. */
function aimEn({ purpose, script }: Aim): string {
  if (purpose === "script") return script ? `the script “${script}”` : "a script";
  return purpose === "shell" ? "a command line" : "this help as a whole";
}

function aimFr({ purpose, script }: Aim): string {
  if (purpose === "script") return script ? `le script « ${script} »` : "un script";
  return purpose === "shell" ? "une ligne de commande" : "toute cette aide";
}

/** In English. */
export const en: ElevationTexts = {
  question: ({ name, purpose, script, isTypedHere, also }) => ({
    title: script
      ? `${name} would like to run the script “${script}” with an administrator’s rights`
      : `${name} would like to have an administrator’s rights`,
    body:
      `${script ? scriptEn(script) : purposesEn[purpose]} ` +
      (isTypedHere
        ? "If you allow it, your computer asks for a password. It is not sent to anybody. "
        : "You need not type a password. ") +
      "You can press Stop at any time." +
      listed("If you allow it, this is allowed as well for this session:", also),
  }),
  allow: "_Allow",
  refuse: "_Refuse",
  password: ({ name, purpose, script, isAgain }) => ({
    title: "Password needed",
    body:
      (isAgain ? "That password was not right. Try again.\n\n" : "") +
      `${name} has asked for an administrator’s rights, and you have allowed it. ` +
      `${script ? scriptEn(script) : purposesEn[purpose]} Type the password with which you log in to this computer.`,
    ok: "_Continue",
    cancel: "C_ancel",
  }),
  consent: {
    title: (name) => `${name} would like to be allowed to ask for an administrator’s rights`,
    body: () => "You are asked again each time, before anything is done with such rights.",
    allow: "_Allow",
    refuse: "_Refuse",
  },
  uses: ({ by, isGiven, ...use }) =>
    isGiven
      ? `${by} works with an administrator’s rights, for ${aimEn(use)}`
      : `${by} may have an administrator’s rights for ${aimEn(use)}, once the password is right`,
  clientHas:
    "This help has an administrator’s rights over your computer, and ends when you take everything back",
  withRights: {
    shell:
      "Commands run with an administrator’s rights over the whole computer, in a window that only " +
      "the person helping you sees. What is done is written down, and may be recorded. You can " +
      "press Stop at any time.",
    files:
      "Every file on the computer can be read, those of the others who use it included. Which ones " +
      "are copied is written down, and nothing is changed. You can press Stop at any time.",
    "files-write":
      "Every file on the computer can be changed, moved and deleted, the system’s own included. " +
      "What is done is written down. You can press Stop at any time.",
    scripts:
      "A script does several things by itself, with an administrator’s rights over the whole " +
      "computer. The name of each one is shown here while it runs. You can press Stop at any time.",
  },
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
  question: ({ name, purpose, script, isTypedHere, also }) => ({
    title: script
      ? `${name} souhaite exécuter le script « ${script} » avec les droits d’un administrateur`
      : `${name} souhaite obtenir les droits d’un administrateur`,
    body:
      `${script ? scriptFr(script) : purposesFr[purpose]} ` +
      (isTypedHere
        ? "Si vous l’autorisez, votre ordinateur demande un mot de passe. Il n’est envoyé à personne. "
        : "Vous n’avez pas de mot de passe à taper. ") +
      "Vous pouvez appuyer sur Arrêter à tout moment." +
      listed("Si vous l’autorisez, ceci l’est aussi pour cette session :", also),
  }),
  allow: "_Autoriser",
  refuse: "_Refuser",
  password: ({ name, purpose, script, isAgain }) => ({
    title: "Mot de passe nécessaire",
    body:
      (isAgain ? "Ce mot de passe n’était pas le bon. Réessayez.\n\n" : "") +
      `${name} a demandé les droits d’un administrateur, et vous l’avez autorisé. ` +
      `${script ? scriptFr(script) : purposesFr[purpose]} Tapez le mot de passe avec lequel vous ouvrez votre session.`,
    ok: "_Continuer",
    cancel: "A_nnuler",
  }),
  consent: {
    title: (name) => `${name} souhaite pouvoir demander les droits d’un administrateur`,
    body: () => "On vous le demandera à chaque fois, avant que rien ne soit fait avec ces droits.",
    allow: "_Autoriser",
    refuse: "_Refuser",
  },
  uses: ({ by, isGiven, ...use }) =>
    isGiven
      ? `${by} agit avec les droits d’un administrateur, pour ${aimFr(use)}`
      : `${by} peut avoir les droits d’un administrateur pour ${aimFr(use)}, dès que le mot de ` +
        "passe est juste",
  clientHas:
    "Cette aide a les droits d’un administrateur sur votre ordinateur, et s’arrête si vous retirez tout",
  withRights: {
    shell:
      "Les commandes s’exécutent avec les droits d’un administrateur sur tout l’ordinateur, dans une " +
      "fenêtre que seule la personne qui vous aide voit. Ce qui est fait est consigné et peut être " +
      "enregistré. Vous pouvez appuyer sur Arrêter à tout moment.",
    files:
      "Tous les fichiers de l’ordinateur peuvent être lus, aussi ceux des autres personnes qui " +
      "l’utilisent. Les copies sont consignées, et rien n’est modifié. Vous pouvez appuyer sur " +
      "Arrêter à tout moment.",
    "files-write":
      "Tous les fichiers de l’ordinateur peuvent être modifiés, déplacés et supprimés, y compris ceux " +
      "du système. Ce qui est fait est consigné. Vous pouvez appuyer sur Arrêter à tout moment.",
    scripts:
      "Un script fait plusieurs choses de lui-même, avec les droits d’un administrateur sur tout " +
      "l’ordinateur. Le nom de chacun s’affiche ici pendant qu’il s’exécute. Vous pouvez appuyer sur " +
      "Arrêter à tout moment.",
  },
};
