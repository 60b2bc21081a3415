import type { Permission, PermissionState, PersonLanguage } from "@handrail/protocol";

/** What panes and administration both say, in English: permissions, and where each stands. */
export const en = {
  permission: {
    view: "See the screen",
    control: "Mouse and keyboard",
    shell: "Shell",
    files: "Read files",
    "files-write": "Change files",
    system: "System information",
    snapshot: "Record at the start",
    scripts: "Run scripts",
    "system-act": "Programs and services",
    actions: "Special actions",
    reboot: "Restart",
    elevate: "Administrator’s rights",
    "clipboard-to-customer": "Send to the clipboard",
    "clipboard-from-customer": "Get the clipboard",
    draw: "Draw on the screen",
    "chat-file": "Send files in the chat",
    chat: "Chat",
    "push-url": "Offer web pages",
    record: "Recording",
    share: "Ask colleagues in",
    transfer: "Transfer",
  } satisfies Record<Permission, string>,
  languages: { en: "English", fr: "French" } satisfies Record<PersonLanguage, string>,
  permissionState: {
    "not-asked": "not asked",
    asked: "being asked",
    granted: "granted",
    refused: "refused",
    revoked: "taken back",
    denied: "not allowed",
  } satisfies Record<PermissionState, string>,
  /** Beside the states: what policy gives without a question to the customer. */
  unasked: "allowed without asking",
  /** In place of that, where the customer's client asks by itself. */
  asksItself: asking({
    elevate: "the customer is asked each time",
    reboot: "the customer is asked each time",
  }),
};

/** The same in French. */
export const fr: typeof en = {
  permission: {
    view: "Voir l’écran",
    control: "Souris et clavier",
    shell: "Terminal",
    files: "Lire des fichiers",
    "files-write": "Modifier des fichiers",
    system: "Informations système",
    snapshot: "Relevé au début",
    scripts: "Exécuter des scripts",
    "system-act": "Programmes et services",
    actions: "Actions spéciales",
    reboot: "Redémarrage",
    elevate: "Droits d’administrateur",
    "clipboard-to-customer": "Envoyer au presse-papiers",
    "clipboard-from-customer": "Obtenir le presse-papiers",
    draw: "Dessiner sur l’écran",
    "chat-file": "Envoyer des fichiers dans la conversation",
    chat: "Discussion",
    "push-url": "Proposer des pages web",
    record: "Enregistrement",
    share: "Inviter des collègues",
    transfer: "Transfert",
  },
  languages: { en: "Anglais", fr: "Français" },
  permissionState: {
    "not-asked": "non demandé",
    asked: "demande en cours",
    granted: "accordé",
    refused: "refusé",
    revoked: "repris",
    denied: "non autorisé",
  },
  unasked: "autorisé sans demander",
  asksItself: asking({
    elevate: "on demande au client à chaque fois",
    reboot: "on demande au client à chaque fois",
  }),
};

function asking(texts: Partial<Record<Permission, string>>): Partial<Record<Permission, string>> {
  return texts;
}
