import type { SpecialKey } from "./contract.ts";

type Names = Readonly<Record<SpecialKey, string>>;

/** What the keys that a system keeps for itself are called, in English. */
export const en: Names = {
  "ctrl-alt-delete": "Ctrl+Alt+Del",
  "alt-tab": "Alt+Tab",
  "alt-f4": "Alt+F4",
  super: "Super (Windows key)",
  menu: "Menu key",
  escape: "Esc",
  "ctrl-escape": "Ctrl+Esc",
  "print-screen": "Print Screen",
  "ctrl-alt-t": "Ctrl+Alt+T",
  "ctrl-alt-f1": "Ctrl+Alt+F1",
  "ctrl-alt-f7": "Ctrl+Alt+F7",
};

/** The same in French. */
export const fr: Names = {
  "ctrl-alt-delete": "Ctrl+Alt+Suppr",
  "alt-tab": "Alt+Tab",
  "alt-f4": "Alt+F4",
  super: "Super (touche Windows)",
  menu: "Touche Menu",
  escape: "Échap",
  "ctrl-escape": "Ctrl+Échap",
  "print-screen": "Impr. écran",
  "ctrl-alt-t": "Ctrl+Alt+T",
  "ctrl-alt-f1": "Ctrl+Alt+F1",
  "ctrl-alt-f7": "Ctrl+Alt+F7",
};
