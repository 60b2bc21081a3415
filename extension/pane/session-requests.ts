import type { ChatMessage, FieldValue, Lsid, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { HostHandlers, PaneTool, SessionPane as Contract } from "../../media/pane/contract.ts";
import type { DroppedFile } from "../chat-files/desk.ts";
import type { ImageTaker } from "../clipboard/clipboard-desk.ts";
import type { CommandId } from "../command-ids.ts";
import { saveScreenshot } from "../session/screenshots.ts";
import type { PanePlace } from "./pane-place.ts";
import type { PenLine } from "./pen-line.ts";
import type { ScreenFeed } from "./screen-feed.ts";
import { openWebLink } from "./web-link.ts";

/** What the requests of one session's tab act on. */
export interface SessionTab {
  readonly lsid: Lsid;
  readonly place: PanePlace;
  /** The tab itself. */
  readonly pane: ImageTaker & { readonly panel: vscode.WebviewPanel };
  readonly feed: () => ScreenFeed;
  readonly pen: () => PenLine;
  /** The session as it was last heard of. */
  readonly session: () => SessionView;
  readonly fillIn: (field: Pick<FieldValue, "id" | "value">) => Promise<void>;
}

/** What opens each tool that the tab offers. */
const toolCommands: Readonly<Record<PaneTool, CommandId>> = {
  actions: "handrail.session.doAction",
  shell: "handrail.session.openShell",
  files: "handrail.files.browse",
  system: "handrail.system.read",
  scripts: "handrail.script.run",
};

/** What a session's tab asks for, each carried out. Faults become the pane's answer. */
export function sessionRequests(tab: SessionTab): HostHandlers<Contract>["requests"] {
  const { lsid, place, feed, pen, session, fillIn, pane } = tab;
  const { conduct, talk } = place;
  // The session goes on without this representative: its tab has nothing more to show.
  const closing = (done: boolean): { done: boolean } => {
    if (done) pane.panel.dispose();
    return { done };
  };
  return {
    "chat.send": ({ text }) => say(place, lsid, text),
    "chat.canned": () => talk.pickCanned(lsid),
    "chat.push-url": async () => ({ done: await talk.pushUrl(lsid) }),
    "chat.send-file": ({ file }) => sendFile(place, lsid, file),
    "chat.save-file": ({ seq }) => saveFile(place, lsid, seq),
    "chat.nudge": async () => nothing(await talk.nudge(lsid)),
    "note.keep": async ({ text }) => nothing(await talk.keepNote(lsid, text)),
    "session.fill-in": async (field) => nothing(await fillIn(field)),
    "transcript.save": async () => nothing(await talk.saveTranscript(session())),
    "permission.request": async ({ permission }) => ({
      granted: await conduct.request(lsid, permission),
    }),
    "control.take": async ({ force }) => nothing(await conduct.takeControl(lsid, force)),
    "control.ask": async () => nothing(await conduct.askControl(lsid)),
    "control.release": async () => nothing(await conduct.releaseControl(lsid)),
    "tool.use": async ({ tool }) => {
      await vscode.commands.executeCommand(toolCommands[tool], lsid);
      return null;
    },
    "record.start": async () => nothing(await conduct.setRecording(lsid, true)),
    "record.stop": async () => nothing(await conduct.setRecording(lsid, false)),
    "session.accept": async () => nothing(await conduct.accept(lsid)),
    "session.transfer": async () => closing(await conduct.transfer(lsid)),
    "session.share": async () => ({ done: await conduct.share(lsid) }),
    "session.ask-part": async () => nothing(await conduct.askPart(lsid)),
    "pen.start": async () => {
      await pen().start();
      return { done: true };
    },
    "session.leave": async () => closing(await conduct.leave(lsid)),
    "session.end": async () => ({ done: await conduct.end(lsid) }),
    "screenshot.save": async ({ png }) => ({
      path: await saveScreenshot(png, session().customer.computer),
    }),
    "recording.open": async () => nothing(await place.openRecording(session())),
    "link.open": async ({ url }) => nothing(await openWebLink(url)),
    "text.copy": async ({ text }) => nothing(await copyText(text)),
    "clipboard.send": ({ png }) => sendClipboard(place, lsid, png),
    "clipboard.get": async () => nothing(await place.clipboard.get(lsid, pane)),
    "tab.close": () => {
      pane.panel.dispose();
      return null;
    },
    "stream.request": () => nothing(feed().restart()),
  };
}

async function say({ link, journal }: PanePlace, lsid: Lsid, text: string): Promise<ChatMessage> {
  const message = await link.call("chat.send", { lsid, text });
  journal.addMessage(lsid, message);
  return message;
}

async function sendFile(
  { chatFiles }: PanePlace,
  lsid: Lsid,
  file: DroppedFile | null,
): Promise<null> {
  if (file) await chatFiles.send(lsid, file);
  else await chatFiles.pick(lsid);
  return null;
}

async function saveFile({ chatFiles, journal }: PanePlace, lsid: Lsid, seq: number): Promise<null> {
  const message = journal.of(lsid).chat.find((each) => each.seq === seq);
  if (message) await chatFiles.save(lsid, message);
  return null;
}

async function sendClipboard(
  { clipboard }: PanePlace,
  lsid: Lsid,
  png: Uint8Array | null,
): Promise<{ done: boolean }> {
  if (!png) return { done: await clipboard.sendText(lsid) };
  await clipboard.sendImage(lsid, png);
  return { done: true };
}

async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
}

function nothing(_done: void): null {
  return null;
}
