import type { Tool } from "@handrail/protocol";
import * as actionTexts from "./action-texts.ts";
import type { ActionTexts } from "./action-texts.ts";
import type { Askable } from "./askable.ts";
import { type ChatFileTexts, en as enChatFiles } from "./chat-file/texts.ts";
import { en as enClipboard } from "./clipboard/texts.ts";
import { en as enDraw } from "./draw/texts.ts";
import { en as enSnapshot } from "./snapshot-texts.ts";
import {
  type DeedKind,
  type DeedTexts,
  enDeeds,
  enMoreOfIt,
  enSystemActs,
  type SystemActTexts,
} from "./deed-texts.ts";
import * as elevationTexts from "./elevation/texts.ts";
import type { ElevationTexts } from "./elevation/texts.ts";
import type { HelpSurvey, HelpWindowTexts, KeyQuestion } from "./host.ts";
import type { LinkRefusal } from "./link.ts";
import { fr } from "./texts-fr.ts";
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
  /** The appliance has said that it stops for a moment, in so many seconds. */
  restarting: (seconds: number) => string;
  waiting: (queue: string) => string;
  /** A representative gives the session to another, or to a queue. */
  handedOver: (by: string, to: string) => string;
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
  /** `name`: of who may, where that is known to be one. */
  mayDraw: (name: string | undefined) => string;
  /** A representative who takes part to watch alone. */
  watches: (name: string) => string;
  /** What is being used now, by whom; `what`: what for, where that has a name. */
  uses: Readonly<Record<Exclude<Tool, "elevate">, (name: string, what: string) => string>>;
  /** What was last done with a tool, by its event, where it would be over before it is seen. */
  lastDone: Readonly<Record<string, (name: string, format: string) => string>>;
  chatFiles: ChatFileTexts;
  actions: ActionTexts;
  elevation: ElevationTexts;
  systemActs: SystemActTexts;
  /** In a question: what the permission is wanted for just now. */
  wantedNow: (what: string) => string;
  /** What was done, for the conversation. */
  deeds: DeedTexts;
  /** So many more of that kind than were told, which are at least two. */
  moreOfIt: Readonly<Record<DeedKind, (count: number) => string>>;
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
    ...enChatFiles.window,
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
    ...enChatFiles.consent,
    ...enDraw.consent,
    ...enSnapshot.consent,
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
    elevate: elevationTexts.en.consent,
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
  restarting: (seconds) =>
    `Our server restarts in ${seconds} s. You need not do anything: the session goes on by itself.`,
  waiting: (queue) => (queue ? `Waiting for help: ${queue}` : "Waiting for a representative"),
  handedOver: (by, to) => `${by} has handed over to ${to}.`,
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
  mayDraw: enDraw.mayDraw,
  watches: (name) => `${name} (only watches)`,
  lastDone: enClipboard.lastDone,
  uses: {
    ...enClipboard.uses,
    ...enChatFiles.uses,
    ...enDraw.uses,
    ...enSnapshot.uses,
    shell: (name) => `${name} is typing commands on your computer`,
    files: (name) => `${name} is looking through your files`,
    download: (name) => `${name} is copying files from your computer`,
    "files-write": (name) => `${name} is changing files on your computer`,
    system: (name) => `${name} is reading information about your computer`,
    script: (name, what) => `${name} is running the script “${what}” on your computer`,
    "system-act": (name) => `${name} is ending a program or working a service`,
  },
  chatFiles: enChatFiles.files,
  actions: actionTexts.en,
  elevation: elevationTexts.en,
  systemActs: enSystemActs,
  wantedNow: (what) => `Wanted now: ${what}`,
  deeds: { ...enDeeds, ...enSnapshot.deeds },
  moreOfIt: enMoreOfIt,
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

/** All texts of a language. */
export const texts: Readonly<Record<Language, Texts>> = { en, fr };
