import type { Tool } from "@handrail/protocol";
import type { Askable } from "./askable.ts";
import type { HelpWindowTexts, KeyQuestion } from "./host.ts";
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
  maySystem: string;
  /** What is being used now, by whom. */
  uses: Readonly<Record<Tool, (name: string) => string>>;
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
    system: {
      title: (name) => `${name} would like to read information about your computer`,
      body: () =>
        "Such as its memory, disks, network, running programs and errors in its log. Your files are " +
        "not opened and nothing is changed. You can press Stop at any time.",
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
  maySystem: "Information about your computer can be read",
  uses: {
    shell: (name) => `${name} is typing commands on your computer`,
    system: (name) => `${name} is reading information about your computer`,
  },
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
    system: {
      title: (name) => `${name} souhaite lire des informations sur votre ordinateur`,
      body: () =>
        "Par exemple sa mémoire, ses disques, son réseau, les programmes en cours et les erreurs de " +
        "son journal. Vos fichiers ne sont pas ouverts et rien n’est modifié. " +
        "Vous pouvez appuyer sur Arrêter à tout moment.",
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
  maySystem: "Des informations sur votre ordinateur peuvent être lues",
  uses: {
    shell: (name) => `${name} tape des commandes sur votre ordinateur`,
    system: (name) => `${name} lit des informations sur votre ordinateur`,
  },
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
