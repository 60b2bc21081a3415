import type { Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { specialKeys } from "../media/pane/contract.ts";
import type { Clock } from "./clock.ts";
import type { CommandTable } from "./commands.ts";
import { withProgress } from "./site/sign-in.ts";
import {
  type RecordingEditor,
  recordingEditorId,
  recordingUri,
  shellRecordingEditorId,
} from "./pane/recording-editor.ts";
import type { Recordings } from "./pane/recordings.ts";
import type { SessionPane } from "./pane/session-pane.ts";
import type { SessionPanes } from "./pane/session-panes.ts";
import type { Board } from "./queue/board.ts";
import { type PastSession, pastSessionOf, type PastTree, startText } from "./queue/past-tree.ts";
import { askAnswer } from "./queue/colleague-notice.ts";
import { joined } from "./queue/item.ts";
import { customerName } from "./queue/queue-tree.ts";
import type { Conduct } from "./session/conduct.ts";
import type { SessionKeys } from "./session/session-keys.ts";
import type { SpecialActions } from "./session/special-actions.ts";
import { pickSpecialKey } from "./session/special-keys.ts";
import type { ChatFileDesk } from "./chat-files/desk.ts";
import type { Talk } from "./session/talk.ts";
import type { ElevationDesk } from "./elevation/elevation-desk.ts";
import type { Shells } from "./shell/shells.ts";
import { lsidOf, pickKey, pickQueue, pickSession, questionOf, queueOf } from "./target.ts";

/** How far the player jumps, ms. */
const seekMs = 10_000;

/** What the commands about keys, sessions and recordings work with. */
export interface SessionPlace {
  readonly board: Board;
  readonly conduct: Conduct;
  readonly keys: SessionKeys;
  readonly panes: SessionPanes;
  readonly past: PastTree;
  readonly player: RecordingEditor;
  readonly recordings: Recordings;
  readonly shells: Shells;
  readonly elevations: ElevationDesk;
  readonly actions: SpecialActions;
  readonly talk: Talk;
  readonly chatFiles: ChatFileDesk;
  readonly clock: Clock;
}

type KeyCommands = Pick<CommandTable, Extract<keyof CommandTable, `handrail.key.${string}`>>;
type SessionCommands = Pick<
  CommandTable,
  Extract<keyof CommandTable, `handrail.session.${string}`>
>;
type RecordingCommands = Pick<
  CommandTable,
  Extract<keyof CommandTable, `handrail.recording.${string}` | `handrail.past.${string}`>
>;

/** The commands about session keys. */
export function keyCommands({ board, keys, clock }: SessionPlace): KeyCommands {
  const withKey = (act: (lsid: Lsid) => Promise<void>) => async (target?: unknown) => {
    const lsid = lsidOf(target) ?? (await pickKey(board, clock.now()));
    if (lsid) await act(lsid);
  };
  return {
    "handrail.key.create": async (target) => {
      // Whoever belongs to no team is not asked: it is the personal queue.
      const isAsked = board.queues.some(({ kind }) => kind === "team");
      const queue = queueOf(target) ?? (isAsked ? await pickQueue(board) : undefined);
      if (queue || !isAsked) await keys.create(queue);
    },
    "handrail.key.copy": withKey((lsid) => keys.copy(lsid)),
    "handrail.key.mail": withKey((lsid) => keys.mail(lsid)),
    "handrail.key.cancel": withKey((lsid) => keys.cancel(lsid)),
  };
}

/** Answers the question of the row, else the oldest. */
async function answerColleague({ board, conduct }: SessionPlace, target: unknown): Promise<void> {
  const question = questionOf(board, target);
  const answer = question && (await askAnswer(question, true));
  if (question && answer !== undefined) await conduct.answerColleague(question, answer);
}

/** The commands about sessions: of the row they are called for, else of the tab in front. */
export function sessionCommands(place: SessionPlace): SessionCommands {
  const { conduct } = place;
  const mine = (act: (lsid: Lsid) => Promise<unknown>) => async (target?: unknown) => {
    const lsid = await mineOf(place, target);
    if (lsid) await act(lsid);
  };
  const inPane = (act: (pane: SessionPane) => unknown) => async (target?: unknown) => {
    const pane = await paneOf(place, target);
    if (pane) await act(pane);
  };
  return {
    "handrail.session.accept": (target) => accept(place, target),
    "handrail.session.open": (target) => open(place, target),
    "handrail.session.transfer": mine((lsid) => closing(place, lsid, conduct.transfer(lsid))),
    "handrail.session.share": mine((lsid) => conduct.share(lsid)),
    "handrail.session.askToTakePart": mine((lsid) => conduct.askPart(lsid)),
    "handrail.session.answerColleague": (target) => answerColleague(place, target),
    "handrail.session.leave": mine((lsid) => closing(place, lsid, conduct.leave(lsid))),
    "handrail.session.end": mine((lsid) => conduct.end(lsid)),
    "handrail.session.requestView": mine((lsid) => conduct.request(lsid, "view")),
    "handrail.session.takeControl": mine((lsid) => takeControl(place, lsid)),
    "handrail.session.releaseControl": mine((lsid) => conduct.releaseControl(lsid)),
    "handrail.session.startRecording": mine((lsid) => conduct.setRecording(lsid, true)),
    "handrail.session.stopRecording": mine((lsid) => conduct.setRecording(lsid, false)),
    "handrail.session.sendKeys": inPane(sendKeys),
    "handrail.session.pasteText": inPane(pasteText),
    "handrail.session.doAction": inPane((pane) =>
      place.actions.choose(pane.lsid, () => pane.command("keys.send", { keys: "ctrl-alt-delete" })),
    ),
    "handrail.session.screenshot": inPane((pane) => pane.command("screenshot.take", null)),
    "handrail.session.draw": inPane((pane) => pane.command("pen.toggle", null)),
    "handrail.session.clearDrawing": inPane((pane) => pane.command("pen.clear", null)),
    "handrail.session.toggleViewOnly": inPane((pane) => pane.toggleView("viewOnly")),
    "handrail.session.toggleZoom": inPane((pane) => pane.toggleView("zoom")),
    "handrail.session.grabKeyboard": inPane((pane) => pane.command("keyboard.grab", null)),
    "handrail.session.releaseKeyboard": inPane((pane) => pane.command("keyboard.release", null)),
    "handrail.session.focusScreen": inPane((pane) => pane.command("focus", { part: "screen" })),
    "handrail.session.focusChat": inPane((pane) => pane.command("focus", { part: "chat" })),
    "handrail.session.cannedMessage": inPane(insertCanned(place)),
    "handrail.session.pushUrl": mine((lsid) => place.talk.pushUrl(lsid)),
    "handrail.session.sendFile": mine((lsid) => place.chatFiles.pick(lsid)),
    "handrail.session.nudge": mine((lsid) => place.talk.nudge(lsid)),
    "handrail.session.saveTranscript": (target) => saveTranscript(place, target),
    "handrail.session.writeNote": (target) => writeNote(place, target),
    "handrail.session.openShell": mine((lsid) => place.shells.open(lsid)),
    "handrail.session.openElevatedShell": mine((lsid) => place.shells.openElevated(lsid)),
    "handrail.session.elevate": mine((lsid) => place.elevations.restartClient(lsid)),
    "handrail.session.copyLsid": mine((lsid) => copyLsid(lsid)),
  };
}

/** The commands about past sessions and their recordings. */
export function recordingCommands(place: SessionPlace): RecordingCommands {
  const { past, player } = place;
  return {
    "handrail.past.refresh": () => past.refresh(),
    "handrail.recording.open": async (target) => {
      const session = await pastOf(past, target);
      if (session) await openRecording(session);
    },
    "handrail.recording.openShell": async (target) => {
      const session = await pastOf(past, target);
      if (session) await openShellRecording(place.recordings, session);
    },
    "handrail.recording.save": async (target) => {
      const session = await pastOf(past, target);
      if (session) await saveRecording(place.recordings, session);
    },
    "handrail.recording.toggle": () => player.command("play.toggle", null),
    "handrail.recording.back": () => player.command("play.seekBy", { ms: -seekMs }),
    "handrail.recording.forward": () => player.command("play.seekBy", { ms: seekMs }),
  };
}

/** Opens a session's recording in the player, fetching it first. */
export async function openRecording(session: SessionView): Promise<void> {
  const uri = recordingUri({ lsid: session.lsid }, recordingTitle(session));
  await vscode.commands.executeCommand("vscode.openWith", uri, recordingEditorId);
}

/** Opens a shell of a session that was recorded; asks which, where there are several. */
async function openShellRecording(recordings: Recordings, session: PastSession): Promise<void> {
  const shells = await recordings.shells(session.lsid);
  if (shells.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("No shell was recorded in this session."),
    );
    return;
  }
  const items = shells.map(({ number, startedAt, title }) => ({
    label: vscode.l10n.t("Shell {0}", number),
    description: new Date(startedAt).toLocaleTimeString(vscode.env.language),
    detail: title,
    number,
  }));
  const title = vscode.l10n.t("Which shell?");
  const picked =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  if (!picked) return;
  const { lsid } = session;
  const uri = recordingUri(
    { lsid, shell: picked.number },
    `${customerName(session)} ${picked.label}`,
  );
  await vscode.commands.executeCommand("vscode.openWith", uri, shellRecordingEditorId);
}

function recordingTitle(session: SessionView): string {
  return `${customerName(session)} ${startText(session)}`;
}

/** The session that a command is called for: of the row, else of the tab in front, else asks. */
export async function mineOf(
  place: Pick<SessionPlace, "board" | "panes">,
  target: unknown,
): Promise<Lsid | undefined> {
  const title = vscode.l10n.t("Which session?");
  return lsidOf(target) ?? place.panes.active?.lsid ?? (await pickSession(place.board.mine, title));
}

/** The same, of those of whose start a snapshot is kept; asks for one that is over as well. */
export async function keptOf(
  { board, panes, past }: Pick<SessionPlace, "board" | "panes" | "past">,
  target: unknown,
): Promise<Lsid | undefined> {
  const lsid = lsidOf(target) ?? panes.active?.lsid;
  if (lsid) return lsid;
  const live = board.mine.filter(({ snapshot }) => snapshot === "taken");
  const kept = [...live, ...(await past.withSnapshot())];
  return pickSession(kept, vscode.l10n.t("Which session?"), whenText);
}

/** The tab of the session that a command is called for, opened if need be. */
export async function paneOf(
  place: Pick<SessionPlace, "board" | "panes">,
  target: unknown,
): Promise<SessionPane | undefined> {
  const lsid = await mineOf(place, target);
  const session = lsid && place.board.session(lsid);
  return session && (place.panes.get(lsid) ?? place.panes.show(session));
}

async function accept(place: SessionPlace, target: unknown): Promise<void> {
  const { board, conduct, panes } = place;
  const isWaiting = panes.active?.session.state === "waiting";
  const lsid =
    lsidOf(target) ??
    (isWaiting ? panes.active?.lsid : undefined) ??
    (await pickSession(board.waiting, vscode.l10n.t("Accept which session?")));
  if (!lsid) return;
  await conduct.accept(lsid);
  const session = board.session(lsid);
  if (session) panes.show(session);
}

async function open({ board, panes }: SessionPlace, target: unknown): Promise<void> {
  const all = [...board.mine, ...board.waiting];
  const lsid = lsidOf(target) ?? (await pickSession(all, vscode.l10n.t("Open which session?")));
  const session = lsid && board.session(lsid);
  if (session) panes.show(session);
}

async function closing({ panes }: SessionPlace, lsid: Lsid, done: Promise<boolean>): Promise<void> {
  if (await done) panes.get(lsid)?.panel.dispose();
}

async function takeControl({ board, conduct }: SessionPlace, lsid: Lsid): Promise<void> {
  const holder = board.holderIn(board.session(lsid));
  if (!holder) return conduct.takeControl(lsid, false);
  const ask = vscode.l10n.t("Ask First");
  const take = vscode.l10n.t("Take Over");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("{0} holds mouse and keyboard. Take them over?", holder.name),
    { modal: true },
    ask,
    take,
  );
  if (chosen === ask) await conduct.askControl(lsid);
  if (chosen === take) await conduct.takeControl(lsid, true);
}

function insertCanned({ talk, conduct }: SessionPlace) {
  return async (pane: SessionPane): Promise<void> => {
    const { text, isAny } = await talk.pickCanned(pane.lsid);
    if (text !== null) pane.command("chat.insert", { text });
    const none = vscode.l10n.t(
      "There are no canned messages yet. Administrators write them at /login.",
    );
    if (!isAny) conduct.notices.tell(pane.lsid, none, false);
  };
}

/** Of the row it is called for, be the session over or not; else of the tab in front. */
async function saveTranscript(place: SessionPlace, target: unknown): Promise<void> {
  const past = pastSessionOf(target);
  const lsid = past?.lsid ?? (await mineOf(place, target));
  const session = past ?? (lsid && (place.board.session(lsid) ?? place.panes.get(lsid)?.session));
  if (session) await place.talk.saveTranscript(session);
}

/** In the session's tab; for a session that is over in a box of its own. */
async function writeNote(place: SessionPlace, target: unknown): Promise<void> {
  const past = pastSessionOf(target);
  if (past) return place.talk.writeNote(past);
  const lsid = await mineOf(place, target);
  const session = lsid && place.board.session(lsid);
  const pane = lsid && (place.panes.get(lsid) ?? (session && place.panes.show(session)));
  if (pane) pane.command("focus", { part: "notes" });
}

async function sendKeys(pane: SessionPane): Promise<void> {
  const keys = await pickSpecialKey(specialKeys);
  if (keys) pane.command("keys.send", { keys });
}

async function pasteText(pane: SessionPane): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  if (text !== "") pane.command("text.send", { text });
}

async function copyLsid(lsid: Lsid): Promise<void> {
  await vscode.env.clipboard.writeText(lsid);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Session ID copied"), 3_000);
}

/** On which computer a session was, and when. */
function whenText(session: SessionView): string {
  return joined(session.customer.computer, startText(session));
}

async function pastOf(past: PastTree, target: unknown): Promise<PastSession | undefined> {
  const recorded = await past.recorded();
  const title = vscode.l10n.t("Which recording?");
  const lsid = lsidOf(target) ?? (await pickSession(recorded, title, whenText));
  return recorded.find((session) => session.lsid === lsid);
}

async function saveRecording(recordings: Recordings, session: PastSession): Promise<void> {
  const name = recordingUri({ lsid: session.lsid }, recordingTitle(session)).path.slice(1);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t("Save Recording"),
    filters: { [vscode.l10n.t("Handrail recording")]: ["hrrec"] },
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
  });
  if (!target) return;
  await withProgress(vscode.l10n.t("Saving the recording"), async (_report, signal) => {
    const copy = await recordings.fetch({ lsid: session.lsid }, () => undefined, signal);
    try {
      await vscode.workspace.fs.copy(vscode.Uri.file(copy), target, { overwrite: true });
    } finally {
      await recordings.remove(copy);
    }
  });
}
