import type { ChatFile } from "@handrail/protocol";
import type { FileState, FileWay } from "./book.ts";

/** What the customer reads of files in the conversation. */
export interface ChatFileTexts {
  /** The line of a file. `size`: as `sizeText` writes it. */
  line: (file: ChatFile, size: string) => string;
  /** How it stands; empty: nothing to be said. */
  state: (state: FileState) => string;
  /** Why a file that was chosen is not sent. */
  refused: Readonly<Record<"too-large" | "unreadable" | "unsent", (name: string) => string>>;
}

/** In English. */
export const en = {
  window: {
    saveFile: "Sa_ve",
    pickFile: "_File…",
    pickFileTitle: "Send a file",
    pickFileCancel: "Ca_ncel",
  },
  consent: {
    "chat-file": {
      title: (name: string) => `${name} would like to exchange files in the conversation`,
      body: () =>
        "A file comes only when you press Save, and none of yours goes that you have not chosen. " +
        "You can press Stop at any time.",
      allow: "_Allow",
      refuse: "_Refuse",
    },
  },
  uses: {
    "chat-file": (name: string, way: string) => goings.en[wayOf(way)](name),
  },
  files: {
    line: ({ name }, size) => `File: ${name} (${size})`,
    state: (state) => {
      switch (state.how) {
        case "offered":
          return "";
        case "waiting":
          return "Waiting for the file…";
        case "saving":
          return `Saving… ${state.percent} %`;
        case "saved":
          return `Saved as ${state.path}`;
        case "given":
          return "Sent";
        case "withdrawn":
          return "It is no longer there.";
        case "failed":
          return failures.en[state.because];
      }
    },
    refused: {
      "too-large": (name) => `${name} was not sent: it is larger than 64 MB.`,
      unreadable: (name) => `${name} was not sent: it cannot be read.`,
      unsent: (name) => `${name} was not sent. Please try again.`,
    },
  } satisfies ChatFileTexts,
};

/** In French. */
export const fr: typeof en = {
  window: {
    saveFile: "Enre_gistrer",
    pickFile: "_Fichier…",
    pickFileTitle: "Envoyer un fichier",
    pickFileCancel: "_Annuler",
  },
  consent: {
    "chat-file": {
      title: (name) => `${name} souhaite échanger des fichiers dans la conversation`,
      body: () =>
        "Un fichier n’arrive que si vous appuyez sur Enregistrer, et aucun des vôtres ne part sans " +
        "que vous l’ayez choisi. Vous pouvez appuyer sur Arrêter à tout moment.",
      allow: "_Autoriser",
      refuse: "_Refuser",
    },
  },
  uses: {
    "chat-file": (name, way) => goings.fr[wayOf(way)](name),
  },
  files: {
    line: ({ name }, size) => `Fichier : ${name} (${size})`,
    state: (state) => {
      switch (state.how) {
        case "offered":
          return "";
        case "waiting":
          return "En attente du fichier…";
        case "saving":
          return `Enregistrement… ${state.percent} %`;
        case "saved":
          return `Enregistré sous ${state.path}`;
        case "given":
          return "Envoyé";
        case "withdrawn":
          return "Il n’est plus disponible.";
        case "failed":
          return failures.fr[state.because];
      }
    },
    refused: {
      "too-large": (name) => `${name} n’a pas été envoyé : il dépasse 64 Mo.`,
      unreadable: (name) => `${name} n’a pas été envoyé : il ne peut pas être lu.`,
      unsent: (name) => `${name} n’a pas été envoyé. Veuillez réessayer.`,
    },
  },
};

const goings = {
  en: {
    "to-customer": (name: string) => `${name} has a file for you`,
    "from-customer": (name: string) => `${name} is taking a file that you sent`,
    unknown: (name: string) => `${name} is exchanging a file with you`,
  },
  fr: {
    "to-customer": (name: string) => `${name} a un fichier pour vous`,
    "from-customer": (name: string) => `${name} prend un fichier que vous avez envoyé`,
    unknown: (name: string) => `${name} échange un fichier avec vous`,
  },
} as const;

/** Unknown until the first word on the channel. */
function wayOf(way: string): FileWay | "unknown" {
  return way === "to-customer" || way === "from-customer" ? way : "unknown";
}

const failures = {
  en: {
    changed: "Not saved: it did not arrive as it was sent.",
    "disk-full": "Not saved: the disk is full.",
    failed: "Not saved: it cannot be written.",
  },
  fr: {
    changed: "Non enregistré : il n’est pas arrivé tel qu’il a été envoyé.",
    "disk-full": "Non enregistré : le disque est plein.",
    failed: "Non enregistré : il ne peut pas être écrit.",
  },
} as const;
