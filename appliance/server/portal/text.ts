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
  /** What is over once the program is running. */
  readonly firstStep: string;
  readonly steps: (name: string) => readonly string[];
  readonly download: string;
  readonly preparing: string;
  /** Heading above what the visitor does now. */
  readonly startHeading: string;
  readonly nextHeading: string;
  /** What to do with the downloaded file, step by step; the command follows the last. */
  readonly openTerminal: string;
  readonly pasteIt: string;
  readonly anyFolder: string;
  /** In the picture: the customer's answers to the first question. */
  readonly allow: string;
  readonly refuse: string;
  /** Names of the two lines for a terminal, for those who cannot see them. */
  readonly startLine: string;
  readonly bothLine: string;
  readonly connected: string;
  readonly connectedLead: (name: string) => string;
  readonly startAgain: string;
  /** Back to a session that goes on, when a key was refused. */
  readonly ongoing: (name: string) => string;
  readonly goOn: string;
  readonly terminal: string;
  readonly terminalLead: string;
  readonly copy: string;
  readonly copied: string;
  /** Said when the browser does not let the page copy. */
  readonly selected: string;
  readonly otherSystem: string;
  readonly over: string;
  readonly overLead: string;
  /** For a browser that has no session. */
  readonly none: string;
  readonly noneLead: string;
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
  firstStep: "You download a program and start it. It needs no administrator’s password.",
  steps: (name) => [
    `The program asks you before ${name} sees your screen, uses your mouse and keyboard or does anything else on your computer. Without your yes, none of it happens.`,
    "A window shows all the time what is allowed. Its Stop button ends everything at once.",
  ],
  download: "Download",
  preparing: "The program is not available on this site. Please tell the person who helps you.",
  startHeading: "Start the program now",
  nextHeading: "What happens next",
  openTerminal: "Open a terminal: press Ctrl+Alt+T, or look for “Terminal” among your programs.",
  pasteIt: "Put this line in there (in a terminal: Ctrl+Shift+V) and press Enter:",
  anyFolder: "It finds the file in your folder of downloads, whatever that is called.",
  allow: "Allow",
  refuse: "Refuse",
  startLine: "Line that starts the program",
  bothLine: "Line that downloads and starts the program",
  connected: "The program is running.",
  connectedLead: (name) =>
    `${name} can see that you are there. Everything else happens in the program’s window; you can close this page.`,
  startAgain: "Start the program again",
  ongoing: (name) => `You have a help session with ${name} already.`,
  goOn: "Go on with it",
  terminal: "Without downloading by hand",
  terminalLead:
    "This line downloads and starts the program in a terminal. It is meant for you alone: do not pass it on.",
  copy: "Copy the line",
  copied: "Copied",
  selected: "Selected: now press Ctrl+C",
  otherSystem:
    "You seem to be using a device that cannot be helped from here yet. Open this page on the Linux computer (64 bit) that needs help.",
  over: "This help session is over",
  overLead:
    "Nobody can see or use your computer any more. The downloaded file does nothing now; you can delete it. If you still need help, ask for a new session key.",
  none: "No help session here",
  noneLead: "This browser has not been given a session key yet, or it is too long ago.",
  again: "Enter a key",
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
  firstStep:
    "Vous téléchargez un programme et vous le lancez. Aucun mot de passe d’administrateur n’est nécessaire.",
  steps: (name) => [
    `Le programme vous demande avant que ${name} ne voie votre écran, n’utilise votre souris et votre clavier ou ne fasse autre chose sur votre ordinateur. Sans votre oui, rien de tout cela n’a lieu.`,
    "Une fenêtre montre en permanence ce qui est autorisé. Son bouton Arrêter met fin à tout immédiatement.",
  ],
  download: "Télécharger",
  preparing: "Le programme n’est pas disponible sur ce site. Prévenez la personne qui vous aide.",
  startHeading: "Lancez maintenant le programme",
  nextHeading: "Voici ce qui va se passer",
  openTerminal:
    "Ouvrez un terminal : appuyez sur Ctrl+Alt+T, ou cherchez « Terminal » parmi vos programmes.",
  pasteIt: "Collez-y cette ligne (dans un terminal : Ctrl+Maj+V) et appuyez sur Entrée :",
  anyFolder:
    "Elle trouve le fichier dans votre dossier de téléchargements, quel que soit le nom de ce dossier.",
  allow: "Autoriser",
  refuse: "Refuser",
  startLine: "Ligne qui lance le programme",
  bothLine: "Ligne qui télécharge et lance le programme",
  connected: "Le programme est lancé.",
  connectedLead: (name) =>
    `${name} voit que vous êtes là. Tout le reste se passe dans la fenêtre du programme ; vous pouvez fermer cette page.`,
  startAgain: "Relancer le programme",
  ongoing: (name) => `Vous avez déjà une session d’aide avec ${name}.`,
  goOn: "La reprendre",
  terminal: "Sans téléchargement à la main",
  terminalLead:
    "Cette ligne télécharge et lance le programme dans un terminal. Elle n’est destinée qu’à vous : ne la transmettez pas.",
  copy: "Copier la ligne",
  copied: "Copié",
  selected: "Sélectionnée : appuyez sur Ctrl+C",
  otherSystem:
    "Vous semblez utiliser un appareil qui ne peut pas encore être aidé d’ici. Ouvrez cette page sur l’ordinateur Linux (64 bits) qui a besoin d’aide.",
  over: "Cette session d’aide est terminée",
  overLead:
    "Plus personne ne voit ni n’utilise votre ordinateur. Le fichier téléchargé ne fait plus rien ; vous pouvez le supprimer. Si vous avez encore besoin d’aide, demandez une nouvelle clé de session.",
  none: "Pas de session d’aide ici",
  noneLead:
    "Aucune clé de session n’a été saisie dans ce navigateur, ou c’était il y a trop longtemps.",
  again: "Saisir une clé",
  isExpected: (name) => `Continuez seulement si vous attendez de l’aide de ${name}.`,
};

/** The portal's words in each language. */
export const portalTexts: Readonly<Record<Language, PortalText>> = { en, fr };
