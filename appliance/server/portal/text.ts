import type { Language } from "../page/language.ts";

/** All that a visitor reads between the address and the download. */
export interface PortalText {
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly key: string;
  readonly keyHint: string;
  readonly go: string;
  /** The one answer to unknown, expired and used keys. */
  readonly refused: string;
  readonly malformed: string;
  readonly tooMany: (minutes: number) => string;
  readonly helper: (name: string) => string;
  readonly helperLead: string;
  readonly steps: (name: string) => readonly string[];
  readonly download: string;
  readonly preparing: string;
  readonly openIt: string;
  /** How it is started; the folder is called what desktops call it in that language. */
  readonly openCommand: string;
  readonly terminal: string;
  readonly terminalLead: string;
  readonly copy: string;
  readonly copied: string;
  readonly otherSystem: string;
  readonly over: string;
  readonly overLead: string;
  readonly again: string;
  readonly isExpected: (name: string) => string;
}

const en: PortalText = {
  title: "Get help",
  heading: "Enter your session key",
  lead: "The person who helps you has given you a key of seven digits.",
  key: "Session key",
  keyHint: "Seven digits, like 123 4567. Spaces and dashes do not matter.",
  go: "Continue",
  refused: "This key cannot be used. Check the digits, or ask for a new key.",
  malformed: "A session key has exactly seven digits.",
  tooMany: (minutes) =>
    minutes === 1
      ? "Too many attempts. Please wait a minute, then try again."
      : `Too many attempts. Please wait ${minutes} minutes, then try again.`,
  helper: (name) => `${name} will help you`,
  helperLead: "This is what happens next:",
  steps: (name) => [
    "You download a program and start it. It needs no administrator’s password.",
    `${name} asks to see your screen, and later perhaps to use your mouse and keyboard. Nothing happens before you say yes.`,
    "A window shows all the time what is allowed. Its Stop button ends everything at once.",
  ],
  download: "Download",
  preparing: "The program is not available on this site. Please tell the person who helps you.",
  openCommand: "sh ~/Downloads/handrail-support.sh",
  openIt: "When it has been downloaded, open a terminal and type:",
  terminal: "Without downloading by hand",
  terminalLead:
    "This line does both steps in a terminal. It is meant for you alone: do not pass it on.",
  copy: "Copy the line",
  copied: "Copied",
  otherSystem:
    "You seem to be using a device that cannot be helped from here yet. Open this page on the Linux computer (64 bit) that needs help.",
  over: "This help session is over",
  overLead: "If you still need help, ask for a new session key.",
  again: "Enter another key",
  isExpected: (name) => `Continue only if you expect help from ${name}.`,
};

const fr: PortalText = {
  title: "Obtenir de l’aide",
  heading: "Saisissez votre clé de session",
  lead: "La personne qui vous aide vous a donné une clé de sept chiffres.",
  key: "Clé de session",
  keyHint: "Sept chiffres, comme 123 4567. Les espaces et les tirets ne comptent pas.",
  go: "Continuer",
  refused:
    "Cette clé ne peut pas être utilisée. Vérifiez les chiffres ou demandez une nouvelle clé.",
  malformed: "Une clé de session comporte exactement sept chiffres.",
  tooMany: (minutes) =>
    minutes === 1
      ? "Trop d’essais. Patientez une minute, puis réessayez."
      : `Trop d’essais. Patientez ${minutes} minutes, puis réessayez.`,
  helper: (name) => `${name} va vous aider`,
  helperLead: "Voici ce qui va se passer :",
  steps: (name) => [
    "Vous téléchargez un programme et vous le lancez. Aucun mot de passe d’administrateur n’est nécessaire.",
    `${name} demande à voir votre écran, puis peut-être à utiliser votre souris et votre clavier. Rien ne se passe avant que vous ne disiez oui.`,
    "Une fenêtre montre en permanence ce qui est autorisé. Son bouton Arrêter met fin à tout immédiatement.",
  ],
  download: "Télécharger",
  preparing: "Le programme n’est pas disponible sur ce site. Prévenez la personne qui vous aide.",
  openCommand: "sh ~/Téléchargements/handrail-support.sh",
  openIt: "Une fois le téléchargement terminé, ouvrez un terminal et tapez :",
  terminal: "Sans téléchargement à la main",
  terminalLead:
    "Cette ligne fait les deux étapes dans un terminal. Elle n’est destinée qu’à vous : ne la transmettez pas.",
  copy: "Copier la ligne",
  copied: "Copié",
  otherSystem:
    "Vous semblez utiliser un appareil qui ne peut pas encore être aidé d’ici. Ouvrez cette page sur l’ordinateur Linux (64 bits) qui a besoin d’aide.",
  over: "Cette session d’aide est terminée",
  overLead: "Si vous avez encore besoin d’aide, demandez une nouvelle clé de session.",
  again: "Saisir une autre clé",
  isExpected: (name) => `Continuez seulement si vous attendez de l’aide de ${name}.`,
};

/** The portal's words in each language. */
export const portalTexts: Readonly<Record<Language, PortalText>> = { en, fr };
