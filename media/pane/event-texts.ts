import type { SessionEvent } from "@handrail/protocol";
import type { PaneLanguage } from "./contract.ts";

type Names = Readonly<Record<string, readonly [english: string, french: string]>>;

/** What each event is called; `who` is shown beside it. */
const names: Names = {
  "session.accepted": ["Session accepted", "Session acceptée"],
  "shell.opened": ["Shell opened", "Terminal ouvert"],
  "shell.closed": ["Shell closed", "Terminal fermé"],
  "shell.command": ["Command run", "Commande exécutée"],
  "files.opened": ["Files opened", "Fichiers ouverts"],
  "files.searched": ["Searched for files", "Recherche de fichiers"],
  "files.listed": ["Looked into folders", "Dossiers consultés"],
  "file.hashed": ["File checked", "Fichier vérifié"],
  "files.closed": ["Files closed", "Fichiers fermés"],
  "download.opened": ["Download opened", "Téléchargement ouvert"],
  "download.closed": ["Download closed", "Téléchargement fermé"],
  "file.downloaded": ["File downloaded", "Fichier téléchargé"],
  "file.download-stopped": ["Download stopped", "Téléchargement interrompu"],
  "files.downloaded": ["Files downloaded", "Fichiers téléchargés"],
  "files-write.opened": ["Changing of files opened", "Modification de fichiers ouverte"],
  "files-write.closed": ["Changing of files closed", "Modification de fichiers fermée"],
  "file.saved": ["File saved", "Fichier enregistré"],
  "files.saved": ["Files saved", "Fichiers enregistrés"],
  "folder.made": ["Folder made", "Dossier créé"],
  "file.renamed": ["Renamed", "Renommé"],
  "file.copied": ["Copied", "Copié"],
  "file.removed": ["Deleted", "Supprimé"],
  "file.linked": ["Link made", "Lien créé"],
  "file.changed": ["Rights or time changed", "Droits ou date modifiés"],
  "script.opened": ["Script started", "Script lancé"],
  "script.ran": ["Script ended", "Script terminé"],
  "script.closed": ["Script over", "Fin du script"],
  "note.kept": ["Note kept", "Note conservée"],
  "system.opened": ["System information opened", "Informations système ouvertes"],
  "system.read": ["System information read", "Informations système lues"],
  "system.closed": ["System information closed", "Informations système fermées"],
  "snapshot.taken": ["Computer’s state kept", "État de l’ordinateur gardé"],
  "snapshot.refused": ["Refused a record of the computer", "A refusé le relevé de l’ordinateur"],
  "snapshot.failed": ["Computer’s state not kept", "État de l’ordinateur non gardé"],
  "snapshot.opened": ["Record of the computer opened", "Relevé de l’ordinateur ouvert"],
  "system-act.opened": ["Programs and services opened", "Programmes et services ouverts"],
  "system-act.begun": ["Began with a program or service", "A agi sur un programme ou service"],
  "system-act.done": ["Program or service", "Programme ou service"],
  "action.begun": ["Special action begun", "Action spéciale commencée"],
  "action.done": ["Special action", "Action spéciale"],
  "elevate.opened": ["Began to ask for rights", "A commencé à demander des droits"],
  "elevation.asked": ["Asked for administrator’s rights", "A demandé des droits d’administrateur"],
  "elevation.granted": ["Got administrator’s rights", "A obtenu des droits d’administrateur"],
  "elevation.refused": ["Got no administrator’s rights", "N’a pas obtenu ces droits"],
  "elevation.wrong-password": ["Typed a wrong password", "A tapé un mot de passe faux"],
  "elevation.ended": ["Administrator’s rights ended", "Fin des droits d’administrateur"],
  "elevate.closed": ["Finished with rights", "A fini avec ces droits"],
  "customer.restarting": ["Computer restarts", "L’ordinateur redémarre"],
  "customer.not-restarting": ["Computer does not restart", "L’ordinateur ne redémarre pas"],
  "customer.elevating": ["Client restarts with rights", "Le programme redémarre avec ces droits"],
  "customer.not-elevated": ["Client got no rights", "Le programme n’a pas ces droits"],
  "customer.elevated": ["Client is administrator", "Le programme est administrateur"],
  "customer.restarted": ["Computer has restarted", "L’ordinateur a redémarré"],
  "system-act.closed": ["Programs and services closed", "Programmes et services fermés"],
  "clipboard-to-customer.opened": ["Sends to the clipboard", "Envoie au presse-papiers"],
  "clipboard-to-customer.placed": ["Put on the clipboard", "Mis dans le presse-papiers"],
  "clipboard-to-customer.refused": ["Clipboard not sent", "Presse-papiers non envoyé"],
  "clipboard-to-customer.closed": ["Sent to the clipboard", "A envoyé au presse-papiers"],
  "clipboard-from-customer.opened": ["Gets the clipboard", "Obtient le presse-papiers"],
  "clipboard-from-customer.given": ["Got from the clipboard", "Obtenu du presse-papiers"],
  "clipboard-from-customer.refused": ["Clipboard not given", "Presse-papiers non obtenu"],
  "clipboard-from-customer.closed": ["Got the clipboard", "A obtenu le presse-papiers"],
  "draw.opened": ["Draws on the screen", "Dessine sur l’écran"],
  "draw.closed": ["Draws no more", "Ne dessine plus"],
  "chat-file.offered": ["File in the chat", "Fichier dans la discussion"],
  "chat-file.opened": ["File of the chat begun", "Fichier de la discussion commencé"],
  "chat-file.saved": ["File saved by the customer", "Fichier enregistré par le client"],
  "chat-file.given": ["File got from the customer", "Fichier reçu du client"],
  "chat-file.refused": ["File of the chat not saved", "Fichier de la discussion non enregistré"],
  "chat-file.closed": ["File of the chat over", "Fin du fichier de la discussion"],
  "session.kept": ["Kept for ever", "Gardée pour toujours"],
  "session.no-longer-kept": ["No longer kept for ever", "N’est plus gardée pour toujours"],
  "session.transferred": ["Session transferred", "Session transférée"],
  "session.invited": ["Colleague asked in", "Collègue invité"],
  "session.shared": ["Colleague joined", "Collègue entré"],
  "session.declined": ["Did not join", "N’a pas rejoint"],
  "session.part-asked": ["Watches and asks to take part", "Regarde et demande à participer"],
  "session.part-declined": ["Still only watches", "Ne fait toujours que regarder"],
  "session.promoted": ["Takes part now", "Participe désormais"],
  "session.left": ["Left the session", "A quitté la session"],
  "session.orphaned": ["Nobody left in the session", "Plus personne dans la session"],
  "session.moved": ["Queue deleted, moved", "File d’attente supprimée, déplacée"],
  "session.ended": ["Session ended", "Session terminée"],
  "key.created": ["Session key created", "Clé de session créée"],
  "key.mailed": ["Session key sent by e-mail", "Clé de session envoyée par e-mail"],
  "key.mail-failed": ["E-mail with the key did not go", "E-mail avec la clé non parti"],
  "key.redeemed": ["Session key used", "Clé de session utilisée"],
  "customer.joined": ["Customer connected", "Client connecté"],
  "customer.nudged": ["Asked the customer to look", "A demandé l’attention du client"],
  "survey.answered": ["Survey answered", "Questionnaire rempli"],
  "fields.filled-in": ["Fields filled in", "Champs remplis"],
  "url.pushed": ["Web page offered", "Page web proposée"],
  "customer.disconnected": ["Customer not connected", "Client non connecté"],
  "customer.returned": ["Customer is back", "Client de retour"],
  "console.connected": ["Representative connected", "Représentant connecté"],
  "console.disconnected": ["Representative not connected", "Représentant non connecté"],
  "control.taken": ["Took mouse and keyboard", "A pris la souris et le clavier"],
  "control.asked": ["Asked for mouse and keyboard", "A demandé la souris et le clavier"],
  "control.handed-over": ["Handed over mouse and keyboard", "A passé la souris et le clavier"],
  "control.declined": ["Kept mouse and keyboard", "A gardé la souris et le clavier"],
  "control.released": ["Released mouse and keyboard", "A rendu la souris et le clavier"],
  "recording.started": ["Recording started", "Enregistrement démarré"],
  "recording.stopped": ["Recording stopped", "Enregistrement arrêté"],
  "recording.failed": ["Recording failed", "Échec de l’enregistrement"],
  "recording.opened": ["Recording played", "Enregistrement lu"],
  "screen.watched": ["Watches the screen", "Regarde l’écran"],
  "screen.left": ["No longer watches the screen", "Ne regarde plus l’écran"],
  "screen.available": ["Screen is back", "L’écran est de retour"],
  "screen.unavailable": ["Screen cannot be shown", "L’écran ne peut pas être montré"],
  "screen.given-up": ["Screen did not come back", "L’écran n’est pas revenu"],
};

/** What happened to a permission, with the permission's name put in. */
const permissionNames: Names = {
  asked: ["Asked for", "Demande"],
  granted: ["Granted", "Accordé"],
  refused: ["Refused", "Refusé"],
  "no answer": ["Did not answer", "N’a pas répondu"],
  "customer away": ["Was not connected, could not answer", "Non connecté, sans réponse possible"],
  revoked: ["Taken back", "Repris"],
  denied: ["Not allowed", "Non autorisé"],
};

/** Who causes events and has no name. */
const others: Names = {
  customer: ["Customer", "Client"],
  appliance: ["Appliance", "Serveur"],
};

const generalQueue = ["General queue", "File générale"] as const;

/**
 * An event as people read it. One that this version does not know keeps its own name: better an
 * odd word than a line that is missing.
 */
export function eventText(
  happening: SessionEvent,
  language: PaneLanguage,
  permission: (name: string) => string,
): string {
  const { event, detail } = happening;
  const at = language === "fr" ? 1 : 0;
  const [subject, verb = ""] = event.split(".");
  const isPermission = subject === "permission" || subject === "consent";
  const name = isPermission ? undefined : names[event];
  const separator = language === "fr" ? " : " : ": ";
  if (name && event === "shell.command") return name[at] + separator + String(detail.command ?? "");
  const thing = aboutWhat(happening);
  if (name && thing !== undefined) return name[at] + separator + thing;
  if (name) return name[at] + aboutWhom(happening, at);
  const because = isPermission && verb === "refused" ? String(detail.because ?? "") : "";
  const happened = permissionNames[because] ?? permissionNames[verb];
  if (!happened) return event;
  const about = isPermission ? detail.permission : subject;
  return happened[at] + separator + permission(String(about ?? ""));
}

/**
 * Who caused an event, as people read it: names as they are, and words for a customer without one
 * and for the appliance.
 */
export function whoText({ who }: SessionEvent, language: PaneLanguage): string {
  return others[who]?.[language === "fr" ? 1 : 0] ?? who;
}

/** The script, the file of the conversation, or the file or folder of the customer's, as it is called. */
function aboutWhat({ event, detail }: SessionEvent): string | undefined {
  const { folder, name, path, to } = detail;
  const [subject = ""] = event.split(".");
  if ((subject === "script" || subject === "chat-file") && typeof name === "string") return name;
  if (!/^(files?|folder|download)$/.test(subject)) return undefined;
  const file = lastPart(path) ?? lastPart(folder);
  const renamed = lastPart(to);
  return renamed === undefined || renamed === file ? file : `${file ?? ""} → ${renamed}`;
}

/** A path's last part; all of it where it has one only, as `/`. */
function lastPart(path: unknown): string | undefined {
  if (typeof path !== "string" || path === "") return undefined;
  return /[^/]+(?=\/*$)/.exec(path)?.[0] ?? path;
}

/** To which queue, with whom, or whom it befell; nobody is named twice. */
function aboutWhom({ who, detail }: SessionEvent, language: 0 | 1): string {
  const { queue, queueKind, with: colleague, to, representative, holder } = detail;
  const target = queueKind === "general" ? generalQueue[language] : (colleague ?? to ?? queue);
  if (typeof target === "string" && target !== "" && target !== who) return ` → ${target}`;
  const whom = representative ?? holder;
  return typeof whom === "string" && whom !== "" && whom !== who ? ` (${whom})` : "";
}
