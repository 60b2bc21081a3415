/** A fact of an event by its name, in the reader's words; empty when there is none. */
export type Fact = (name: string) => string;

/** What happened, after the name of who did it. */
type Sentence = (fact: Fact) => string;

/** A part of a sentence that is left out when there is nothing to say in it. */
function part(before: string, fact: string, behind = ""): string {
  return fact === "" ? "" : before + fact + behind;
}

/** What the audit log says in English. `fr` has the same keys: else it does not compile. */
export const en = {
  page: {
    text: "Who did what, the newest first. Rows are only ever appended; each carries a hash of all before it.",
    filter: "Choose rows",
    row: "Row",
    time: "Time",
    who: "Who",
    what: "What",
    session: "Session",
    kind: "Kind",
    anyKind: "Everything",
    person: "Representative",
    anyone: "Anyone",
    from: "From",
    to: "To",
    search: "Search",
    searchHint: "Name, address, event or session ID",
    clear: "Show all",
    none: "There are no rows.",
    noneFound: "No row matches.",
    export: "Export",
    exportHint: "The rows chosen here, in the order of the log",
    csv: "As a table (CSV)",
    jsonl: "As JSON lines",
  },
  endedBy: {
    customer: (name: string) =>
      name === "" ? "Ended by the customer" : `Ended by the customer ${name}`,
    representative: (name: string) => `Ended by ${name}`,
    orphaned:
      "Ended by the appliance: the customer or the last representative did not come back in time",
    closed: "Ended by the appliance: nobody had come",
  },
  kinds: {
    sessions: "Sessions and keys",
    permissions: "Permissions and control",
    recordings: "Recordings",
    signIns: "Sign-ins and consoles",
    administration: "Administration",
  },
  /** Who causes what no account causes. */
  actors: {
    appliance: "The appliance",
    customer: "The customer",
    operator: "The appliance’s operator",
    unknown: "Somebody unknown",
  },
  customerNamed: (name: string) => `${name} (customer)`,
  queues: {
    general: "the general queue",
    personal: (name: string) => `the queue of ${name}`,
    team: (name: string) => `the queue “${name}”`,
  },
  because: {
    left: "on their own",
    "connection lost": "the connection was lost",
    "account revoked": "the account was disabled or signed out",
    no: "said no",
    "no answer": "no answer",
    "password-wrong": "wrong name or password",
    "account-disabled": "the account is disabled",
    "taken back": "the customer took it back",
    "an observer only watches": "an observer only watches",
    "not something a customer does": "not something a customer does",
    "the session is not accepted yet": "the session is not accepted yet",
    "nothing allows it": "no rule allows it",
    "site default": "the rules of the site",
    representative: "rules of their own",
    "disk-full": "the disk is full",
  },
  /** Why a session ended, where who ended it does not say enough. */
  ending: {
    orphaned: "the customer or the last representative did not come back in time",
    closed: "nobody had come",
  },
  /** What of system information was read. */
  categories: {
    computer: "the computer",
    processor: "processor",
    memory: "memory",
    disks: "disks",
    network: "network",
    users: "users",
    processes: "processes",
    services: "services",
    software: "installed software",
    errors: "recent errors",
  },
  by: {
    browser: "through the browser",
    device: "with a code for another device",
    "console-credential": "with a credential that was handed out",
  },
  changes: {
    displayName: (before: string, now: string) => `name from “${before}” to “${now}”`,
    role: (before: string, now: string) => `role from ${before} to ${now}`,
    disabled: "disabled",
    enabled: "enabled",
    rule: (permission: string, setting: string) => `${permission}: ${setting}`,
    nothing: "nothing that shows",
  },
  events: {
    "site.set-up": () => "Set the site up as its first administrator",
    "account.added": (f) => `Added the account ${f("account")} (${f("role")})`,
    "account.changed": (f) => `Changed the account ${f("account")}: ${f("changes")}`,
    "account.signed-out": (f) => `Signed ${f("account")} out everywhere`,
    "password.reset": (f) => `Set a new password for ${f("account")}`,
    "team.added": (f) => `Added the team ${f("team")}${part(" with ", f("members"))}`,
    "team.changed": (f) =>
      `Changed the team ${f("team")}${part(", now called ", f("name"))}${part(", now with ", f("members"))}`,
    "team.removed": (f) => `Deleted the team ${f("team")}`,
    "audit.exported": (f) => `Took the audit log away as a file (${f("format")})`,
    "sign-in.succeeded": (f) => `Signed in${part(" from ", f("address"))}`,
    "sign-in.refused": (f) =>
      `Was refused at the sign-in${part(" from ", f("address"))}: ${f("code")}`,
    "console.signed-in": (f) => `Signed a console in ${f("by")}`,
    "console.signed-out": () => "Signed a console out",
    "console.token-reused": () =>
      "An old token of a console came again: that console was signed out",
    "console.connected": () => "Console connected",
    "console.disconnected": () => "Console disconnected",
    "console-credential.made": (f) => `Made a credential for consoles of ${f("account")}`,
    "one-time-password.made": (f) => `Made a password for one sign-in of ${f("account")}`,
    "key.created": (f) =>
      `Created a session key for ${f("queue")}${part(", valid for ", f("lifetimeMs"))}`,
    "key.redeemed": (f) => `Used the session key${part(", from ", f("address"))}`,
    "key.cancelled": () => "Withdrew the session key",
    "key.expired": () => "The session key expired unused",
    "customer.joined": (f) =>
      `Connected${part(" with ", f("computer"))}${part(" (", f("platform"), ")")}`,
    "customer.disconnected": () => "The customer’s connection was interrupted",
    "customer.returned": () => "Is connected again",
    "session.accepted": (f) => `Accepted the session${part(" from ", f("queue"))}`,
    "shell.opened": () => "Opened a shell on the customer’s computer",
    "shell.closed": () => "Closed the shell on the customer’s computer",
    "shell.command": (f) =>
      `Ran in the shell: ${f("command")}${part(", in ", f("directory"))}${part(", exit code ", f("exitCode"))}${part(", ", f("durationMs"))}`,
    "system.opened": () => "Began to read information about the customer’s computer",
    "system.read": (f) => `Read about the customer’s computer: ${f("category")}`,
    "system.closed": () => "Finished reading information about the customer’s computer",
    "session.transferred": (f) => `Transferred the session to ${f("queue")}`,
    "session.shared": (f) => `Asked ${f("with")} in${part(", as ", f("observer"))}`,
    "session.left": (f) => `${f("representative")} left the session: ${f("because")}`,
    "session.orphaned": (f) => `Nobody was left in the session: it waits in ${f("queue")}`,
    "session.moved": (f) => `The session’s queue was deleted: it waits in ${f("queue")}`,
    "session.ended": (f) => `Ended the session${part(": ", f("reason"))}`,
    "control.taken": (f) => `Took mouse and keyboard${part(" from ", f("from"))}`,
    "control.released": (f) => `Mouse and keyboard were given back${part(" by ", f("holder"))}`,
    "permission.asked": (f) => `Asked for permission: ${f("permission")}`,
    "permission.granted": (f) =>
      `Allowed: ${f("permission")}${part(", for ", f("representative"))}`,
    "permission.refused": (f) => `Refused: ${f("permission")}${part(" – ", f("because"))}`,
    "permission.revoked": (f) => `Took back: ${f("permission")}`,
    "permission.denied": (f) =>
      `Tried what is not allowed: ${f("permission")}${part(" – ", f("because"))}`,
    "recording.started": (f) =>
      `Recording started${part("; mouse and keyboard: ", f("controller"))}`,
    "recording.stopped": () => "Recording stopped",
    "recording.failed": (f) => `Recording failed${part(": ", f("code"))}`,
    "recording.opened": () => "Opened the recording",
    "screen.watched": () => "Began to watch the screen",
    "screen.left": () => "No longer watches the screen",
    "screen.available": () => "The screen is back",
    "screen.unavailable": () => "The screen cannot be shown",
    "screen.given-up": () => "The screen did not come back",
  } satisfies Record<string, Sentence>,
};

/** The texts of the audit log in one language. */
export type AuditTexts = typeof en;

/** What the audit log says in French. */
export const fr: AuditTexts = {
  page: {
    text: "Qui a fait quoi, le plus récent d’abord. Les lignes ne font que s’ajouter ; chacune porte une empreinte de toutes les précédentes.",
    filter: "Choisir des lignes",
    row: "Ligne",
    time: "Heure",
    who: "Qui",
    what: "Quoi",
    session: "Session",
    kind: "Genre",
    anyKind: "Tout",
    person: "Représentant",
    anyone: "N’importe qui",
    from: "Du",
    to: "Au",
    search: "Chercher",
    searchHint: "Nom, adresse, événement ou identifiant de session",
    clear: "Tout afficher",
    none: "Il n’y a pas de lignes.",
    noneFound: "Aucune ligne ne correspond.",
    export: "Exporter",
    exportHint: "Les lignes choisies ici, dans l’ordre du journal",
    csv: "En tableau (CSV)",
    jsonl: "En lignes JSON",
  },
  endedBy: {
    customer: (name) => (name === "" ? "Terminée par le client" : `Terminée par le client ${name}`),
    representative: (name) => `Terminée par ${name}`,
    orphaned:
      "Terminée par le serveur : le client ou le dernier représentant n’est pas revenu à temps",
    closed: "Terminée par le serveur : personne n’était venu",
  },
  kinds: {
    sessions: "Sessions et clés",
    permissions: "Autorisations et contrôle",
    recordings: "Enregistrements",
    signIns: "Connexions et consoles",
    administration: "Administration",
  },
  actors: {
    appliance: "Le serveur",
    customer: "Le client",
    operator: "L’exploitant du serveur",
    unknown: "Un inconnu",
  },
  customerNamed: (name) => `${name} (client)`,
  queues: {
    general: "la file générale",
    personal: (name) => `la file de ${name}`,
    team: (name) => `la file « ${name} »`,
  },
  because: {
    left: "de son plein gré",
    "connection lost": "la connexion a été perdue",
    "account revoked": "le compte a été désactivé ou déconnecté",
    no: "a dit non",
    "no answer": "pas de réponse",
    "password-wrong": "nom ou mot de passe faux",
    "account-disabled": "le compte est désactivé",
    "taken back": "le client l’a repris",
    "an observer only watches": "un observateur ne fait que regarder",
    "not something a customer does": "ce n’est pas au client de le faire",
    "the session is not accepted yet": "la session n’est pas encore acceptée",
    "nothing allows it": "aucune règle ne l’autorise",
    "site default": "les règles du site",
    representative: "ses règles propres",
    "disk-full": "le disque est plein",
  },
  ending: {
    orphaned: "le client ou le dernier représentant n’est pas revenu à temps",
    closed: "personne n’était venu",
  },
  categories: {
    computer: "l’ordinateur",
    processor: "le processeur",
    memory: "la mémoire",
    disks: "les disques",
    network: "le réseau",
    users: "les utilisateurs",
    processes: "les processus",
    services: "les services",
    software: "les logiciels installés",
    errors: "les erreurs récentes",
  },
  by: {
    browser: "par le navigateur",
    device: "avec un code pour un autre appareil",
    "console-credential": "avec un identifiant qui lui a été remis",
  },
  changes: {
    displayName: (before, now) => `nom de « ${before} » à « ${now} »`,
    role: (before, now) => `rôle de ${before} à ${now}`,
    disabled: "désactivé",
    enabled: "activé",
    rule: (permission, setting) => `${permission} : ${setting}`,
    nothing: "rien de visible",
  },
  events: {
    "site.set-up": () => "A mis le site en service comme premier administrateur",
    "account.added": (f) => `A ajouté le compte ${f("account")} (${f("role")})`,
    "account.changed": (f) => `A modifié le compte ${f("account")} : ${f("changes")}`,
    "account.signed-out": (f) => `A déconnecté ${f("account")} partout`,
    "password.reset": (f) => `A changé le mot de passe de ${f("account")}`,
    "team.added": (f) => `A ajouté l’équipe ${f("team")}${part(" avec ", f("members"))}`,
    "team.changed": (f) =>
      `A modifié l’équipe ${f("team")}${part(", désormais ", f("name"))}${part(", désormais avec ", f("members"))}`,
    "team.removed": (f) => `A supprimé l’équipe ${f("team")}`,
    "audit.exported": (f) => `A exporté le journal d’audit (${f("format")})`,
    "sign-in.succeeded": (f) => `Connexion${part(" depuis ", f("address"))}`,
    "sign-in.refused": (f) => `Connexion refusée${part(" depuis ", f("address"))} : ${f("code")}`,
    "console.signed-in": (f) => `A connecté une console ${f("by")}`,
    "console.signed-out": () => "A déconnecté une console",
    "console.token-reused": () =>
      "Un ancien jeton d’une console est revenu : cette console a été déconnectée",
    "console.connected": () => "Console en ligne",
    "console.disconnected": () => "Console hors ligne",
    "console-credential.made": (f) => `A créé un identifiant pour les consoles de ${f("account")}`,
    "one-time-password.made": (f) =>
      `A créé un mot de passe pour une seule connexion de ${f("account")}`,
    "key.created": (f) =>
      `A créé une clé de session pour ${f("queue")}${part(", valable ", f("lifetimeMs"))}`,
    "key.redeemed": (f) => `A utilisé la clé de session${part(", depuis ", f("address"))}`,
    "key.cancelled": () => "A retiré la clé de session",
    "key.expired": () => "La clé de session a expiré sans avoir servi",
    "customer.joined": (f) =>
      `Connexion établie${part(" avec ", f("computer"))}${part(" (", f("platform"), ")")}`,
    "customer.disconnected": () => "La connexion du client a été interrompue",
    "customer.returned": () => "Connexion rétablie",
    "session.accepted": (f) => `A accepté la session${part(" de ", f("queue"))}`,
    "shell.opened": () => "A ouvert un terminal sur l’ordinateur du client",
    "shell.closed": () => "A fermé le terminal sur l’ordinateur du client",
    "shell.command": (f) =>
      `A exécuté dans le terminal : ${f("command")}${part(", dans ", f("directory"))}${part(", code de sortie ", f("exitCode"))}${part(", ", f("durationMs"))}`,
    "system.opened": () => "A commencé à lire des informations sur l’ordinateur du client",
    "system.read": (f) => `A lu, sur l’ordinateur du client : ${f("category")}`,
    "system.closed": () => "A fini de lire des informations sur l’ordinateur du client",
    "session.transferred": (f) => `A transféré la session à ${f("queue")}`,
    "session.shared": (f) => `A invité ${f("with")}${part(", comme ", f("observer"))}`,
    "session.left": (f) => `${f("representative")} a quitté la session : ${f("because")}`,
    "session.orphaned": (f) => `Plus personne dans la session : elle attend dans ${f("queue")}`,
    "session.moved": (f) =>
      `La file de la session a été supprimée : elle attend dans ${f("queue")}`,
    "session.ended": (f) => `A mis fin à la session${part(" : ", f("reason"))}`,
    "control.taken": (f) => `A pris la souris et le clavier${part(" à ", f("from"))}`,
    "control.released": (f) =>
      `La souris et le clavier ont été rendus${part(" par ", f("holder"))}`,
    "permission.asked": (f) => `A demandé l’autorisation : ${f("permission")}`,
    "permission.granted": (f) =>
      `A autorisé : ${f("permission")}${part(", pour ", f("representative"))}`,
    "permission.refused": (f) => `A refusé : ${f("permission")}${part(" – ", f("because"))}`,
    "permission.revoked": (f) => `A repris : ${f("permission")}`,
    "permission.denied": (f) =>
      `A tenté ce qui n’est pas autorisé : ${f("permission")}${part(" – ", f("because"))}`,
    "recording.started": (f) =>
      `Enregistrement démarré${part(" ; souris et clavier : ", f("controller"))}`,
    "recording.stopped": () => "Enregistrement arrêté",
    "recording.failed": (f) => `Échec de l’enregistrement${part(" : ", f("code"))}`,
    "recording.opened": () => "A ouvert l’enregistrement",
    "screen.watched": () => "A commencé à regarder l’écran",
    "screen.left": () => "Ne regarde plus l’écran",
    "screen.available": () => "L’écran est de retour",
    "screen.unavailable": () => "L’écran ne peut pas être montré",
    "screen.given-up": () => "L’écran n’est pas revenu",
  },
};
