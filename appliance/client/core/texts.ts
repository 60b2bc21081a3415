import type { Tool } from "@handrail/protocol";
import * as actionTexts from "./action-texts.ts";
import type { ActionTexts } from "./action-texts.ts";
import type { Askable } from "./askable.ts";
import { en as enClipboard, fr as frClipboard } from "./clipboard/texts.ts";
import type { HelpSurvey, HelpWindowTexts, KeyQuestion } from "./host.ts";
import type { LinkRefusal } from "./link.ts";
import type { Obstacle } from "./wire.ts";

/** The languages that the customer client speaks. */
export type Language = "en" | "fr";

interface ConsentTexts {
  title: (name: string) => string;
  body: (name: string) => string;
  allow: string;
  refuse: string;
}

/** Everything that the customer reads. */
export interface Texts {
  window: HelpWindowTexts;
  key: KeyQuestion;
  /** Below the box for the key, when it was not one. */
  keyMalformed: string;
  keyRefused: string;
  /** For a representative without a name. */
  someone: string;
  consent: Readonly<Record<Askable, ConsentTexts>>;
  connecting: string;
  /** Before it was ever reached. */
  unreachable: string;
  obstacles: Readonly<Record<Obstacle, string>>;
  reconnecting: string;
  waiting: (queue: string) => string;
  connected: string;
  /** The same while the screen cannot be seen. */
  connectedUnseen: string;
  mayView: string;
  mayControl: string;
  controls: (name: string) => string;
  mayShell: string;
  mayFiles: string;
  mayWriteFiles: string;
  maySystem: string;
  mayScripts: string;
  mayActOnSystem: string;
  mayActions: string;
  mayPutOnClipboard: string;
  mayGetClipboard: string;
  /** What is being used now, by whom; `what`: what for, where that has a name. */
  uses: Readonly<Record<Tool, (name: string, what: string) => string>>;
  /** What was last done with a tool, by its event, where it would be over before it is seen. */
  lastDone: Readonly<Record<string, (name: string, format: string) => string>>;
  actions: ActionTexts;
  screenUnavailable: string;
  inputUnavailable: string;
  /** Last words: who ended it, by how it ended. */
  ended: {
    customer: string;
    representative: (name: string | undefined) => string;
    orphaned: string;
    closed: string;
    "display-gone": string;
  };
  /** And what that means. */
  endedBody: string;
  /** The same of a connection that was refused; the reason comes after it. */
  notConnected: string;
  /** What becomes of the file that the customer downloaded. */
  leftover: (file: string) => string;
  /** Button that takes the last words away. */
  close: string;
  /** The survey at the end; `question` takes what is asked in the customer's language. */
  survey: Omit<HelpSurvey, "questions"> & {
    question: (text: Readonly<Record<Language, string>>) => string;
  };
  /** Why there is no help to be had now, and what to do. */
  refused: (code: LinkRefusal) => string;
}

const en: Texts = {
  window: {
    title: "Remote support – {site}",
    representatives: "Helping you",
    allowed: "Allowed now",
    recording: "This session is being recorded",
    chat: "Conversation",
    chatEntry: "Write a message",
    send: "S_end",
    you: "You",
    typing: "{name} is writing…",
    nudged: "{name} asks you to look here",
    offered: "Click to open this page:",
    stop: "_Stop",
    takeBack: "_Take everything back",
    secondsLeft: "No answer in {seconds} s means no",
    closeTitle: "End the help?",
    closeBody: "If you close this window, the session ends and nobody can see your computer.",
    closeStop: "_End the help",
    closeKeep: "_Keep it open",
  },
  key: {
    title: "Session key",
    body: "Type the seven digits that the person helping you has told you.",
    okLabel: "_Connect",
    cancelLabel: "_Cancel",
  },
  keyMalformed: "A session key has seven digits.",
  keyRefused: "This key does not work. Check the digits, or ask for a new key.",
  someone: "Your representative",
  consent: {
    view: {
      title: (name) => `${name} would like to see your screen`,
      body: () =>
        "Everything on your screen can be seen, and may be recorded, as long as the session lasts. " +
        "You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    control: {
      title: (name) => `${name} would like to use your mouse and keyboard`,
      body: () =>
        "You can keep using them as well, and watch everything that is done. " +
        "You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    shell: {
      title: (name) => `${name} would like to type commands on your computer`,
      body: () =>
        "Commands run with your rights, in a window that only the person helping you sees. What is " +
        "done is written down, and may be recorded. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    files: {
      title: (name) => `${name} would like to look through your files and copy some`,
      body: () =>
        "Every file that you can open can be read. Which ones are copied is written down, and " +
        "nothing is changed. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    "files-write": {
      title: (name) => `${name} would like to change files on your computer`,
      body: () =>
        "Files can be changed, added, moved and deleted with your rights. What is done is written " +
        "down. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    scripts: {
      title: (name) => `${name} would like to run scripts on your computer`,
      body: () =>
        "A script does several things by itself, with your rights, your files included. The name of " +
        "each one is shown here while it runs. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    ...enClipboard.consent,
    system: {
      title: (name) => `${name} would like to read information about your computer`,
      body: () =>
        "Such as its memory, disks, network, running programs and errors in its log. Your files are " +
        "not opened and nothing is changed. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    "system-act": {
      title: (name) => `${name} would like to end programs and work services`,
      body: () =>
        "Programs on your computer can be ended: what is not saved in them may be lost. Services can " +
        "be started and stopped. What is done is written down. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    actions: {
      title: (name) => `${name} would like to do things such as locking your screen`,
      body: () =>
        "Such as locking the screen, opening a terminal or the list of programs. You are asked again " +
        "before you are logged out. What is done is written down. You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
    reboot: {
      title: (name) => `${name} would like to be allowed to restart your computer`,
      body: () => "You are asked again before each restart, so that you can save your work.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
  },
  connecting: "Connecting…",
  unreachable: "The support site cannot be reached. Trying again…",
  obstacles: {
    "proxy-refuses":
      "The proxy of this network does not let the connection through. Ask whoever looks after the " +
      "network.",
    "proxy-credentials":
      "The proxy of this network wants a name and a password. Enter them in the system’s proxy " +
      "settings (https_proxy).",
    "proxy-silent":
      "The proxy that is set on this computer (https_proxy) does not answer. Check the setting.",
    "proxy-cannot-reach": "The proxy of this network cannot reach the support site.",
  },
  reconnecting: "The line is interrupted. Connecting again…",
  waiting: (queue) => (queue ? `Waiting for help: ${queue}` : "Waiting for a representative"),
  connected: "Connected",
  connectedUnseen: "Connected. Nobody can see your screen now.",
  mayView: "Your screen can be seen",
  mayControl: "Your mouse and keyboard can be used",
  controls: (name) => `${name} is using your mouse and keyboard`,
  mayShell: "Commands can be typed on your computer",
  mayFiles: "Your files can be looked through and copied",
  mayWriteFiles: "Files on your computer can be changed",
  maySystem: "Information about your computer can be read",
  mayScripts: "Scripts can be run on your computer",
  mayActOnSystem: "Programs can be ended, and services started and stopped",
  mayActions: "Actions such as locking the screen can be done",
  mayPutOnClipboard: enClipboard.mayPutOnClipboard,
  mayGetClipboard: enClipboard.mayGetClipboard,
  lastDone: enClipboard.lastDone,
  uses: {
    ...enClipboard.uses,
    shell: (name) => `${name} is typing commands on your computer`,
    files: (name) => `${name} is looking through your files`,
    download: (name) => `${name} is copying files from your computer`,
    "files-write": (name) => `${name} is changing files on your computer`,
    system: (name) => `${name} is reading information about your computer`,
    script: (name, what) => `${name} is running the script “${what}” on your computer`,
    "system-act": (name) => `${name} is ending a program or working a service`,
  },
  actions: actionTexts.en,
  screenUnavailable: "Your screen cannot be shown at the moment.",
  inputUnavailable: "Your mouse and keyboard cannot be used from afar on this computer.",
  ended: {
    customer: "You have ended the session",
    representative: (name) => `${name ?? "Your representative"} has ended the session`,
    orphaned: "The session has ended: nobody was there to help any more",
    closed: "The support site has closed the session",
    "display-gone": "The session has ended: your screen was gone for too long",
  },
  endedBody: "Nobody can see or control your computer any more.",
  notConnected: "Not connected",
  leftover: (file) => `The file ${file} was for this session only. You can delete it.`,
  close: "_Close",
  survey: {
    title: "How was it? You need not answer.",
    worst: "bad",
    best: "good",
    yes: "Yes",
    no: "No",
    send: "_Send answers",
    thanks: "Thank you, your answers were sent.",
    failed: "Your answers could not be sent.",
    question: ({ en: text }) => text,
  },
  refused: (code) => {
    switch (code) {
      case "untrusted":
        return (
          "The server that answered is not the one you were sent to, so nothing was sent. " +
          "Perhaps this network asks you to sign in first. Tell the person helping you."
        );
      case "session-ended":
        return "This session has ended. Ask the person helping you for a new key.";
      case "key-refused":
        return en.keyRefused;
      case "version-unsupported":
        return "This program is too old. Download it again from the support site.";
      case "link-replaced":
        return "The session goes on in another window on this or another computer.";
      case "not-authenticated":
      case "not-permitted":
      case "not-found":
        return "This download is not valid any more. Ask the person helping you for a new key.";
      default:
        return `The support site refused the connection (${code}). Tell the person helping you.`;
    }
  },
};

const fr: Texts = {
  window: {
    title: "Assistance à distance – {site}",
    representatives: "Vous êtes aidé par",
    allowed: "Autorisé en ce moment",
    recording: "Cette session est enregistrée",
    chat: "Conversation",
    chatEntry: "Écrire un message",
    send: "_Envoyer",
    you: "Vous",
    typing: "{name} écrit…",
    nudged: "{name} vous demande de regarder ici",
    offered: "Cliquez pour ouvrir cette page :",
    stop: "_Arrêter",
    takeBack: "_Retirer ces autorisations",
    secondsLeft: "Sans réponse dans {seconds} s, ce sera non",
    closeTitle: "Mettre fin à l’aide ?",
    closeBody:
      "Si vous fermez cette fenêtre, la session se termine et personne ne voit plus votre ordinateur.",
    closeStop: "_Mettre fin à l’aide",
    closeKeep: "_Garder ouverte",
  },
  key: {
    title: "Clé de session",
    body: "Saisissez les sept chiffres que vous a donnés la personne qui vous aide.",
    okLabel: "Se _connecter",
    cancelLabel: "_Annuler",
  },
  keyMalformed: "Une clé de session compte sept chiffres.",
  keyRefused: "Cette clé ne fonctionne pas. Vérifiez les chiffres ou demandez une nouvelle clé.",
  someone: "Votre interlocuteur",
  consent: {
    view: {
      title: (name) => `${name} souhaite voir votre écran`,
      body: () =>
        "Tout ce que montre votre écran sera visible, et peut être enregistré, tant que dure " +
        "la session. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    control: {
      title: (name) => `${name} souhaite utiliser votre souris et votre clavier`,
      body: () =>
        "Vous pouvez continuer à vous en servir et voir tout ce qui est fait. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    shell: {
      title: (name) => `${name} souhaite taper des commandes sur votre ordinateur`,
      body: () =>
        "Les commandes s’exécutent avec vos droits, dans une fenêtre que seule voit la personne " +
        "qui vous aide. Ce qui est fait est consigné et peut être enregistré. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    files: {
      title: (name) => `${name} souhaite parcourir vos fichiers et en copier`,
      body: () =>
        "Chaque fichier que vous pouvez ouvrir peut être lu. Ceux qui sont copiés sont consignés, et " +
        "rien n’est modifié. Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    "files-write": {
      title: (name) => `${name} souhaite modifier des fichiers de votre ordinateur`,
      body: () =>
        "Des fichiers peuvent être modifiés, ajoutés, déplacés et supprimés avec vos droits. Ce qui " +
        "est fait est consigné. Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    scripts: {
      title: (name) => `${name} souhaite exécuter des scripts sur votre ordinateur`,
      body: () =>
        "Un script fait plusieurs choses tout seul, avec vos droits, y compris sur vos fichiers. Le " +
        "nom de chacun est affiché ici pendant son exécution. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    ...frClipboard.consent,
    system: {
      title: (name) => `${name} souhaite lire des informations sur votre ordinateur`,
      body: () =>
        "Par exemple sa mémoire, ses disques, son réseau, les programmes en cours et les erreurs de " +
        "son journal. Vos fichiers ne sont pas ouverts et rien n’est modifié. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    "system-act": {
      title: (name) => `${name} souhaite arrêter des programmes et agir sur des services`,
      body: () =>
        "Des programmes de votre ordinateur peuvent être arrêtés : ce qui n’y est pas enregistré peut " +
        "être perdu. Des services peuvent être démarrés et arrêtés. Ce qui est fait est consigné. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    actions: {
      title: (name) => `${name} souhaite agir, par exemple verrouiller votre écran`,
      body: () =>
        "Par exemple verrouiller l’écran, ouvrir un terminal ou la liste des programmes. On vous " +
        "demandera de nouveau avant de fermer votre session. Ce qui est fait est consigné. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
    reboot: {
      title: (name) => `${name} souhaite pouvoir redémarrer votre ordinateur`,
      body: () =>
        "On vous demandera de nouveau avant chaque redémarrage, pour que vous puissiez enregistrer " +
        "votre travail.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
  },
  connecting: "Connexion…",
  unreachable: "Le site d’assistance est injoignable. Nouvelle tentative…",
  obstacles: {
    "proxy-refuses":
      "Le proxy de ce réseau ne laisse pas passer la connexion. Adressez-vous à la personne qui " +
      "s’occupe du réseau.",
    "proxy-credentials":
      "Le proxy de ce réseau demande un nom et un mot de passe. Indiquez-les dans les réglages " +
      "de proxy du système (https_proxy).",
    "proxy-silent":
      "Le proxy réglé sur cet ordinateur (https_proxy) ne répond pas. Vérifiez ce réglage.",
    "proxy-cannot-reach": "Le proxy de ce réseau ne parvient pas à joindre le site d’assistance.",
  },
  reconnecting: "La ligne est interrompue. Nouvelle connexion…",
  waiting: (queue) =>
    queue ? `En attente d’aide : ${queue}` : "En attente de la personne qui va vous aider",
  connected: "Connecté",
  connectedUnseen: "Connecté. Personne ne voit votre écran en ce moment.",
  mayView: "Votre écran peut être vu",
  mayControl: "Votre souris et votre clavier peuvent être utilisés",
  controls: (name) => `${name} utilise votre souris et votre clavier`,
  mayShell: "Des commandes peuvent être tapées sur votre ordinateur",
  mayFiles: "Vos fichiers peuvent être parcourus et copiés",
  mayWriteFiles: "Des fichiers de votre ordinateur peuvent être modifiés",
  maySystem: "Des informations sur votre ordinateur peuvent être lues",
  mayScripts: "Des scripts peuvent être exécutés sur votre ordinateur",
  mayActOnSystem: "Des programmes peuvent être arrêtés, des services démarrés et arrêtés",
  mayActions: "Des actions comme verrouiller l’écran peuvent être faites",
  mayPutOnClipboard: frClipboard.mayPutOnClipboard,
  mayGetClipboard: frClipboard.mayGetClipboard,
  lastDone: frClipboard.lastDone,
  uses: {
    ...frClipboard.uses,
    shell: (name) => `${name} tape des commandes sur votre ordinateur`,
    files: (name) => `${name} parcourt vos fichiers`,
    download: (name) => `${name} copie des fichiers de votre ordinateur`,
    "files-write": (name) => `${name} modifie des fichiers de votre ordinateur`,
    system: (name) => `${name} lit des informations sur votre ordinateur`,
    script: (name, what) => `${name} exécute le script « ${what} » sur votre ordinateur`,
    "system-act": (name) => `${name} arrête un programme ou agit sur un service`,
  },
  actions: actionTexts.fr,
  screenUnavailable: "Votre écran ne peut pas être montré pour le moment.",
  inputUnavailable: "Votre souris et votre clavier ne peuvent pas être utilisés à distance ici.",
  ended: {
    customer: "Vous avez mis fin à la session",
    representative: (name) => `${name ?? "Votre interlocuteur"} a mis fin à la session`,
    orphaned: "La session est terminée : plus personne n’était là pour vous aider",
    closed: "Le site d’assistance a fermé la session",
    "display-gone": "La session est terminée : votre écran a disparu trop longtemps",
  },
  endedBody: "Plus personne ne peut voir ni utiliser votre ordinateur.",
  notConnected: "Pas de connexion",
  leftover: (file) =>
    `Le fichier ${file} ne servait que pour cette session. Vous pouvez le supprimer.`,
  close: "_Fermer",
  survey: {
    title: "Comment était-ce ? Rien ne vous oblige à répondre.",
    worst: "mal",
    best: "bien",
    yes: "Oui",
    no: "Non",
    send: "_Envoyer les réponses",
    thanks: "Merci, vos réponses ont été envoyées.",
    failed: "Vos réponses n’ont pas pu être envoyées.",
    question: ({ fr: text }) => text,
  },
  refused: (code) => {
    switch (code) {
      case "untrusted":
        return (
          "Le serveur qui a répondu n’est pas celui vers lequel on vous a envoyé ; rien ne lui a été " +
          "transmis. Ce réseau demande peut-être d’abord une identification. Prévenez la personne " +
          "qui vous aide."
        );
      case "session-ended":
        return "Cette session est terminée. Demandez une nouvelle clé à la personne qui vous aide.";
      case "key-refused":
        return fr.keyRefused;
      case "version-unsupported":
        return "Ce programme est trop ancien. Téléchargez-le de nouveau depuis le site d’assistance.";
      case "link-replaced":
        return "La session continue dans une autre fenêtre, sur cet ordinateur ou sur un autre.";
      case "not-authenticated":
      case "not-permitted":
      case "not-found":
        return (
          "Ce téléchargement n’est plus valable. Demandez une nouvelle clé à la personne qui vous " +
          "aide."
        );
      default:
        return `Le site d’assistance a refusé la connexion (${code}). Prévenez la personne qui vous aide.`;
    }
  },
};

/** All texts of a language. */
export const texts: Readonly<Record<Language, Texts>> = { en, fr };
