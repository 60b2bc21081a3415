import { part, type Sentence } from "./fact.ts";

/** What the audit log says of programs, services and special actions, in English. */
export const en = {
  "system-act.opened": () => "Began to work with programs and services of the customer’s computer",
  "system-act.begun": (f) => `Began: ${f("act")} ${f("name")}${f("service")}`,
  "system-act.done": (f) =>
    `${f("act")} ${f("name")}${f("service")}${part(" (process ", f("processId"), ")")}: ${f("outcome")}`,
  "system-act.closed": () => "Finished with programs and services of the customer’s computer",
  "action.begun": (f) => `Began: ${f("act")}`,
  "action.done": (f) =>
    `${f("act")}: ${f("outcome")}${part(" (", f("command"), ")")}${part(", exit code ", f("exitCode"))}`,
  "customer.restarting": () => "The customer’s computer restarts",
  "customer.not-restarting": () => "The customer’s computer does not restart after all",
  "customer.restarted": () => "The customer’s computer has restarted, and the client is back",
  "special-action.added": (f) =>
    `Defined the special action ${f("name")} for ${f("platform")}: ${f("command")}`,
  "special-action.changed": (f) =>
    `Changed the special action ${f("name")}${part(", called before ", f("nameBefore"))}, now ${f("command")}${part(", before ", f("commandBefore"))}`,
  "special-action.removed": (f) => `Deleted the special action ${f("name")} (${f("command")})`,
} satisfies Readonly<Record<string, Sentence>>;

/** The same in French. */
export const fr: typeof en = {
  "system-act.opened": () =>
    "A commencé à agir sur des programmes et services de l’ordinateur du client",
  "system-act.begun": (f) => `A commencé : ${f("act")} ${f("name")}${f("service")}`,
  "system-act.done": (f) =>
    `${f("act")} ${f("name")}${f("service")}${part(" (processus ", f("processId"), ")")} : ${f("outcome")}`,
  "system-act.closed": () =>
    "A fini d’agir sur des programmes et services de l’ordinateur du client",
  "action.begun": (f) => `A commencé : ${f("act")}`,
  "action.done": (f) =>
    `${f("act")} : ${f("outcome")}${part(" (", f("command"), ")")}${part(", code de sortie ", f("exitCode"))}`,
  "customer.restarting": () => "L’ordinateur du client redémarre",
  "customer.not-restarting": () => "L’ordinateur du client ne redémarre finalement pas",
  "customer.restarted": () => "L’ordinateur du client a redémarré, et le programme est revenu",
  "special-action.added": (f) =>
    `A défini l’action spéciale ${f("name")} pour ${f("platform")} : ${f("command")}`,
  "special-action.changed": (f) =>
    `A modifié l’action spéciale ${f("name")}${part(", appelée avant ", f("nameBefore"))}, désormais ${f("command")}${part(", avant ", f("commandBefore"))}`,
  "special-action.removed": (f) => `A supprimé l’action spéciale ${f("name")} (${f("command")})`,
};

/** What is done to programs and services, and what special actions do, in English. */
export const acts = {
  en: {
    "end-process": "end the program",
    "kill-process": "kill the program",
    start: "start the service",
    stop: "stop the service",
    restart: "restart the service",
    lock: "lock the screen",
    "log-out": "log the customer out",
    terminal: "open a terminal",
    "task-list": "open the list of programs",
    reboot: "restart the computer",
    elevate: "begin the client anew with an administrator’s rights",
  },
  fr: {
    "end-process": "arrêter le programme",
    "kill-process": "tuer le programme",
    start: "démarrer le service",
    stop: "arrêter le service",
    restart: "redémarrer le service",
    lock: "verrouiller l’écran",
    "log-out": "fermer la session du client",
    terminal: "ouvrir un terminal",
    "task-list": "ouvrir la liste des programmes",
    reboot: "redémarrer l’ordinateur",
    elevate: "recommencer avec les droits d’un administrateur",
  },
};

/** And what came of it. */
export const outcomes = {
  en: {
    done: "done",
    alive: "still running",
    gone: "no longer there",
    own: "refused: the support program itself",
    forbidden: "the customer’s rights do not suffice",
    "no-service": "no such service",
    "no-systemd": "the computer has no systemd",
    "too-slow": "took too long",
    failed: "failed",
    refused: "the customer said no",
    unavailable: "not possible on this computer",
  },
  fr: {
    done: "fait",
    alive: "toujours en cours",
    gone: "n’est plus là",
    own: "refusé : le programme d’assistance lui-même",
    forbidden: "les droits du client ne suffisent pas",
    "no-service": "ce service n’existe pas",
    "no-systemd": "l’ordinateur n’a pas systemd",
    "too-slow": "trop long",
    failed: "échec",
    refused: "le client a dit non",
    unavailable: "impossible sur cet ordinateur",
  },
};
