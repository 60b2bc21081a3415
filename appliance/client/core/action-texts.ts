import type { ActionOutcome, BuiltInAction } from "@handrail/protocol";

/** What the customer reads about special actions. */
export interface ActionTexts {
  names: Readonly<Record<BuiltInAction, string>>;
  /** What a site calls an action of its own, in the customer's language. */
  nameOf: (name: Readonly<Record<"en" | "fr", string>>) => string;
  outcomes: Readonly<Record<ActionOutcome, string>>;
  doing: (name: string, action: string) => string;
  /** Before what was done, in place of who speaks. */
  doneBy: (name: string) => string;
  asksFor: (name: string, action: string) => string;
  reboot: (name: string) => { title: string; body: string };
  logOut: (name: string) => { title: string; body: string };
  allow: string;
  refuse: string;
  /** Last words before the computer goes down. */
  restarting: { title: string; body: string };
}

/** In English. */
export const en: ActionTexts = {
  names: {
    lock: "Lock the screen",
    "log-out": "Log out",
    terminal: "Open a terminal",
    "task-list": "Open the list of programs",
    reboot: "Restart the computer",
    elevate: "Go on with an administrator’s rights",
  },
  nameOf: ({ en: name }) => name,
  outcomes: {
    done: "done",
    refused: "you said no",
    unavailable: "not possible on this computer",
    "too-slow": "takes long, and goes on",
    failed: "did not work",
  },
  doing: (name, action) => `${name} does this now: ${action}`,
  doneBy: (name) => `Done by ${name}`,
  asksFor: (name, action) => `${name} would like to do this: ${action}`,
  reboot: (name) => ({
    title: `${name} would like to restart your computer`,
    body:
      "Save your work first: programs are closed. After the restart, log in as always; the help " +
      "goes on by itself, and you are asked again before anything can be seen.",
  }),
  logOut: (name) => ({
    title: `${name} would like to log you out`,
    body: "Save your work first: programs are closed, and this help ends unless you come back soon.",
  }),
  allow: "_Allow",
  refuse: "_Refuse",
  restarting: {
    title: "Your computer is restarting",
    body: "Log in as always. The help then goes on by itself.",
  },
};

/** In French. */
export const fr: ActionTexts = {
  names: {
    lock: "Verrouiller l’écran",
    "log-out": "Fermer la session",
    terminal: "Ouvrir un terminal",
    "task-list": "Ouvrir la liste des programmes",
    reboot: "Redémarrer l’ordinateur",
    elevate: "Continuer avec les droits d’un administrateur",
  },
  nameOf: ({ fr: name }) => name,
  outcomes: {
    done: "fait",
    refused: "vous avez dit non",
    unavailable: "impossible sur cet ordinateur",
    "too-slow": "c’est long, et continue",
    failed: "cela n’a pas fonctionné",
  },
  doing: (name, action) => `${name} fait ceci : ${action}`,
  doneBy: (name) => `Fait par ${name}`,
  asksFor: (name, action) => `${name} souhaite faire ceci : ${action}`,
  reboot: (name) => ({
    title: `${name} souhaite redémarrer votre ordinateur`,
    body:
      "Enregistrez d’abord votre travail : les programmes se ferment. Après le redémarrage, " +
      "connectez-vous comme toujours ; l’aide reprend d’elle-même, et on vous demandera de nouveau " +
      "avant que quoi que ce soit ne soit visible.",
  }),
  logOut: (name) => ({
    title: `${name} souhaite fermer votre session`,
    body:
      "Enregistrez d’abord votre travail : les programmes se ferment, et cette aide se termine si " +
      "vous ne revenez pas bientôt.",
  }),
  allow: "_Autoriser",
  refuse: "_Refuser",
  restarting: {
    title: "Votre ordinateur redémarre",
    body: "Connectez-vous comme toujours. L’aide reprend ensuite d’elle-même.",
  },
};
