import * as actionTexts from "./action-texts.ts";
import { fr as frChatFiles } from "./chat-file/texts.ts";
import { fr as frClipboard } from "./clipboard/texts.ts";
import { fr as frDraw } from "./draw/texts.ts";
import { fr as frSnapshot } from "./snapshot-texts.ts";
import { frDeeds, frMoreOfIt, frSystemActs } from "./deed-texts.ts";
import * as elevationTexts from "./elevation/texts.ts";
import type { Texts } from "./texts.ts";

/** What the customer reads, in French. */
export const fr: Texts = {
  window: {
    title: "Assistance – {site}",
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
    ...frChatFiles.window,
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
    ...frChatFiles.consent,
    ...frDraw.consent,
    ...frSnapshot.consent,
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
    elevate: elevationTexts.fr.consent,
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
  restarting: (seconds) =>
    `Notre serveur redémarre dans ${seconds} s. Vous n’avez rien à faire : la session continue d’elle-même.`,
  waiting: (queue) =>
    queue ? `En attente d’aide : ${queue}` : "En attente de la personne qui va vous aider",
  handedOver: (by, to) => `${by} a passé la main à ${to}.`,
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
  mayDraw: frDraw.mayDraw,
  watches: (name) => `${name} (ne fait que regarder)`,
  lastDone: frClipboard.lastDone,
  uses: {
    ...frClipboard.uses,
    ...frChatFiles.uses,
    ...frDraw.uses,
    ...frSnapshot.uses,
    shell: (name) => `${name} tape des commandes sur votre ordinateur`,
    files: (name) => `${name} parcourt vos fichiers`,
    download: (name) => `${name} copie des fichiers de votre ordinateur`,
    "files-write": (name) => `${name} modifie des fichiers de votre ordinateur`,
    system: (name) => `${name} lit des informations sur votre ordinateur`,
    script: (name, what) => `${name} exécute le script « ${what} » sur votre ordinateur`,
    "system-act": (name) => `${name} arrête un programme ou agit sur un service`,
  },
  chatFiles: frChatFiles.files,
  actions: actionTexts.fr,
  elevation: elevationTexts.fr,
  systemActs: frSystemActs,
  wantedNow: (what) => `Demandé maintenant : ${what}`,
  deeds: { ...frDeeds, ...frSnapshot.deeds },
  moreOfIt: frMoreOfIt,
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
