import {
  type ServiceVerb,
  type SystemAct,
  systemActShape,
  type SystemOutcome,
  systemOutcomes,
} from "@handrail/protocol";

/** Small facts of what was done; see `toolEventShape` of the protocol. */
export type DeedFacts = Readonly<Record<string, string | number | boolean>>;

/** What was done with a tool, in words, by its event; undefined: nothing worth a line. */
export type DeedTexts = Readonly<Record<string, (facts: DeedFacts) => string | undefined>>;

/** What the customer reads about ending programs and working services. */
export interface SystemActTexts {
  title: (wanted: SystemAct) => string;
  outcomes: Readonly<Record<SystemOutcome, string>>;
}

/** In English. */
export const enSystemActs: SystemActTexts = {
  title: titles("End the program", "Kill the program", {
    start: "Start the service",
    stop: "Stop the service",
    restart: "Restart the service",
  }),
  outcomes: {
    done: "done",
    alive: "it goes on",
    gone: "it was no longer there",
    own: "not done: it is this help itself",
    forbidden: "not done: your rights do not suffice",
    "no-service": "there is no such service",
    "no-systemd": "not possible on this computer",
    "too-slow": "it took too long",
    failed: "it did not work",
  },
};

/** In French. */
export const frSystemActs: SystemActTexts = {
  title: titles("Mettre fin au programme", "Tuer le programme", {
    start: "Démarrer le service",
    stop: "Arrêter le service",
    restart: "Redémarrer le service",
  }),
  outcomes: {
    done: "fait",
    alive: "il continue",
    gone: "il n’était plus là",
    own: "non fait : c’est l’aide elle-même",
    forbidden: "non fait : vos droits ne suffisent pas",
    "no-service": "ce service n’existe pas",
    "no-systemd": "impossible sur cet ordinateur",
    "too-slow": "c’était trop long",
    failed: "cela n’a pas fonctionné",
  },
};

/** In English. `frDeeds` has the same events. */
export const enDeeds = {
  "shell.opened": () => "Opened a command line",
  "script.ran": ({ name, exitCode, because }) =>
    `Ran the script “${name}” – ${exitCode === 0 && !because ? "done" : "it did not end well"}`,
  "system-act.done": (facts) => actText(facts, enSystemActs),
  "elevation.granted": () => "Got an administrator’s rights",
  "elevation.ended": () => "Has an administrator’s rights no longer",
  "file.downloaded": ({ path }) => `Copied from your computer: ${path}`,
  "files.downloaded": ({ count, folder }) => `Copied ${count} files of ${folder}`,
  "file.saved": ({ path }) => `Wrote ${path}`,
  "files.saved": ({ count, folder }) => `Wrote ${count} files into ${folder}`,
  "folder.made": ({ path }) => `Made the folder ${path}`,
  "file.renamed": ({ path, to }) => `Moved ${path} to ${to}`,
  "file.copied": ({ path, to }) => `Copied ${path} to ${to}`,
  "file.removed": ({ path }) => `Deleted ${path}`,
  "file.linked": ({ path, target }) => `Made ${path} a link to ${target}`,
  "file.changed": ({ path }) => `Changed rights or time of ${path}`,
  "clipboard-to-customer.placed": ({ format }) =>
    `Put ${format === "png" ? "an image" : "text"} on your clipboard`,
  "clipboard-from-customer.given": ({ format }) =>
    `Read ${format === "png" ? "an image" : "text"} that you had copied`,
} satisfies DeedTexts;

/** In French. */
export const frDeeds: Readonly<Record<keyof typeof enDeeds, DeedTexts[string]>> = {
  "shell.opened": () => "A ouvert une ligne de commande",
  "script.ran": ({ name, exitCode, because }) =>
    `A exécuté le script « ${name} » – ${exitCode === 0 && !because ? "fait" : "il s’est mal terminé"}`,
  "system-act.done": (facts) => actText(facts, frSystemActs),
  "elevation.granted": () => "A obtenu les droits d’un administrateur",
  "elevation.ended": () => "N’a plus les droits d’un administrateur",
  "file.downloaded": ({ path }) => `A copié depuis votre ordinateur : ${path}`,
  "files.downloaded": ({ count, folder }) => `A copié des fichiers de ${folder} : ${count}`,
  "file.saved": ({ path }) => `A écrit ${path}`,
  "files.saved": ({ count, folder }) => `A écrit des fichiers dans ${folder} : ${count}`,
  "folder.made": ({ path }) => `A créé le dossier ${path}`,
  "file.renamed": ({ path, to }) => `A déplacé ${path} vers ${to}`,
  "file.copied": ({ path, to }) => `A copié ${path} vers ${to}`,
  "file.removed": ({ path }) => `A supprimé ${path}`,
  "file.linked": ({ path, target }) => `A fait de ${path} un lien vers ${target}`,
  "file.changed": ({ path }) => `A modifié les droits ou la date de ${path}`,
  "clipboard-to-customer.placed": ({ format }) =>
    `A mis ${format === "png" ? "une image" : "du texte"} dans votre presse-papiers`,
  "clipboard-from-customer.given": ({ format }) =>
    `A lu ${format === "png" ? "une image que vous aviez copiée" : "du texte que vous aviez copié"}`,
};

/** What deeds have to do with, where many are counted. */
export type DeedKind = "copies" | "changes" | "clipboard" | "others";

/** What a deed has to do with, by its event. */
export function deedKindOf(event: string): DeedKind {
  if (event === "file.downloaded" || event === "files.downloaded") return "copies";
  if (/^(?:files?|folder)\./.test(event)) return "changes";
  return event.startsWith("clipboard-") ? "clipboard" : "others";
}

/** In English; of each kind there are at least two. */
export const enMoreOfIt = {
  copies: (count: number) => `… and ${count} more copies of files from your computer`,
  changes: (count: number) => `… and ${count} more changes to files`,
  clipboard: (count: number) => `… and ${count} more uses of your clipboard`,
  others: (count: number) => `… and ${count} more acts on your computer`,
} satisfies Record<DeedKind, unknown>;

/** In French. */
export const frMoreOfIt: typeof enMoreOfIt = {
  copies: (count) => `… et encore ${count} copies de fichiers de votre ordinateur`,
  changes: (count) => `… et encore ${count} modifications de fichiers`,
  clipboard: (count) => `… et encore ${count} utilisations de votre presse-papiers`,
  others: (count) => `… et encore ${count} actions sur votre ordinateur`,
};

function titles(
  end: string,
  kill: string,
  verbs: Readonly<Record<ServiceVerb, string>>,
): SystemActTexts["title"] {
  return (wanted) => {
    if (wanted.act !== "end-process") return `${verbs[wanted.act]} ${wanted.service}`;
    const { isForced, name, processId } = wanted;
    // One that is there no more has no name.
    return [isForced ? kill : end, name, `(${processId})`].filter(Boolean).join(" ");
  };
}

function actText(facts: DeedFacts, { title, outcomes }: SystemActTexts): string | undefined {
  const isForced = facts["act"] === "kill-process";
  const act = isForced ? "end-process" : facts["act"];
  const wanted = systemActShape.safeParse({ ...facts, act, isForced }).data;
  const outcome = systemOutcomes.find((each) => each === facts["outcome"]);
  return wanted && outcome && `${title(wanted)} – ${outcomes[outcome]}`;
}
