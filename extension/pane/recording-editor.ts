import { type FileHandle, open } from "node:fs/promises";
import { HandrailError, isLsid } from "@handrail/protocol";
import * as vscode from "vscode";
import type { HostEnd, HostHandlers, PlayerPane } from "../../media/pane/contract.ts";
import { setContext } from "../context-keys.ts";
import type { Log } from "../log.ts";
import { saveScreenshot } from "../session/screenshots.ts";
import { withProgress } from "../site/sign-in.ts";
import { attachPane, paneLanguage } from "./host.ts";
import type { RecordingAddress, Recordings } from "./recordings.ts";
import { openWebLink } from "./web-link.ts";

/**
 * Scheme of recordings that are on the appliance: `handrail-recording:/<title>.hrrec?<lsid>`, and
 * `handrail-recording:/<title>.cast?<lsid>/<number>` for those of shells.
 */
export const recordingScheme = "handrail-recording";
/** The custom editor of recordings. */
export const recordingEditorId = "handrail.recording";
/** The custom editor of recorded shells. */
export const shellRecordingEditorId = "handrail.shellRecording";

const maxReadBytes = 4 * 1024 * 1024;

/** A recording that is open: of a file, or of a copy that goes away with it. */
class RecordingDocument implements vscode.CustomDocument {
  readonly uri: vscode.Uri;
  readonly sizeBytes: number;
  readonly #file: FileHandle;
  readonly #gone: () => void;

  constructor(uri: vscode.Uri, file: FileHandle, options: { sizeBytes: number; gone: () => void }) {
    this.uri = uri;
    this.#file = file;
    this.sizeBytes = options.sizeBytes;
    this.#gone = options.gone;
  }

  async read(fromByte: number, maxBytes: number): Promise<Uint8Array> {
    const wanted = Math.min(maxBytes, maxReadBytes, Math.max(0, this.sizeBytes - fromByte));
    const buffer = new Uint8Array(wanted);
    const { bytesRead } = await this.#file.read(buffer, 0, wanted, fromByte);
    return buffer.subarray(0, bytesRead).slice();
  }

  dispose(): void {
    void this.#file.close().finally(this.#gone);
  }
}

/** Plays recordings, from files and from the appliance. */
export class RecordingEditor
  implements vscode.CustomReadonlyEditorProvider<RecordingDocument>, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #recordings: Recordings;
  readonly #log: Log;
  readonly #registration: vscode.Disposable;
  readonly #open = new Map<vscode.WebviewPanel, HostEnd<PlayerPane>>();

  constructor(options: { extensionUri: vscode.Uri; recordings: Recordings; log: Log }) {
    this.#extensionUri = options.extensionUri;
    this.#recordings = options.recordings;
    this.#log = options.log;
    const kept = { webviewOptions: { retainContextWhenHidden: true } };
    this.#registration = vscode.Disposable.from(
      ...[recordingEditorId, shellRecordingEditorId].map((id) =>
        vscode.window.registerCustomEditorProvider(id, this, kept),
      ),
    );
  }

  /** Tells the player in front to do something. */
  command<N extends keyof PlayerPane["commands"]>(
    name: N,
    command: PlayerPane["commands"][N],
  ): void {
    for (const [panel, end] of this.#open) if (panel.active) end.command(name, command);
  }

  async openCustomDocument(uri: vscode.Uri): Promise<RecordingDocument> {
    if (uri.scheme === "file") return openFile(uri, uri.fsPath, () => undefined);
    const address = uri.scheme === recordingScheme ? addressOf(uri.query) : undefined;
    if (!address) throw new HandrailError("not-found", "a recording is a file or on the appliance");
    const title = vscode.l10n.t("Fetching the recording");
    const copy = await withProgress(title, (report, signal) =>
      this.#recordings.fetch(address, (got, total) => report(progressText(got, total)), signal),
    );
    return openFile(uri, copy, () => void this.#recordings.remove(copy));
  }

  resolveCustomEditor(document: RecordingDocument, panel: vscode.WebviewPanel): void {
    const title = document.uri.path.split("/").pop() ?? "";
    const { end, subscription } = attachPane<PlayerPane>(panel.webview, {
      pane: title.endsWith(".cast") ? "shell-player" : "player",
      title,
      extensionUri: this.#extensionUri,
      log: this.#log,
      handlers: this.#handlers(document, () =>
        end.command("state", { language: paneLanguage(), title, sizeBytes: document.sizeBytes }),
      ),
    });
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, "media", "icons", "recording.svg");
    this.#open.set(panel, end);
    panel.onDidChangeViewState(() => this.#focused());
    panel.onDidDispose(() => {
      this.#open.delete(panel);
      subscription.dispose();
      this.#focused();
    });
    this.#focused();
  }

  dispose(): void {
    this.#registration.dispose();
  }

  #handlers(document: RecordingDocument, sendState: () => void): HostHandlers<PlayerPane> {
    return {
      requests: {
        "recording.read": async ({ fromByte, maxBytes }) => ({
          bytes: await document.read(fromByte, maxBytes),
        }),
        "screenshot.save": async ({ png }) => ({
          path: await saveScreenshot(png, vscode.l10n.t("recording")),
        }),
        "link.open": async ({ url }) => {
          await openWebLink(url);
          return null;
        },
      },
      notifications: {
        ready: sendState,
        failed: ({ code, message }) => this.#log.warn("player.failed", { code, message }),
      },
    };
  }

  #focused(): void {
    const isActive = [...this.#open.keys()].some((panel) => panel.active);
    setContext("handrail.recordingFocused", isActive);
  }
}

/** The address under which a recording on the appliance is opened; the title is its tab's. */
export function recordingUri({ lsid, shell }: RecordingAddress, title: string): vscode.Uri {
  const safe = title.replace(/[/\\:*?"<>|]+/g, ".");
  const path = `/${safe}.${shell === undefined ? "hrrec" : "cast"}`;
  const query = shell === undefined ? lsid : `${lsid}/${shell}`;
  return vscode.Uri.from({ scheme: recordingScheme, path, query });
}

function addressOf(query: string): RecordingAddress | undefined {
  const [, lsid = "", shell] = /^([0-9a-f]+)(?:\/(\d{1,9}))?$/.exec(query) ?? [];
  if (!isLsid(lsid)) return undefined;
  return shell === undefined ? { lsid } : { lsid, shell: Number(shell) };
}

async function openFile(
  uri: vscode.Uri,
  path: string,
  gone: () => void,
): Promise<RecordingDocument> {
  const file = await open(path, "r");
  const { size } = await file.stat();
  return new RecordingDocument(uri, file, { sizeBytes: size, gone });
}

function progressText(receivedBytes: number, totalBytes: number | undefined): string {
  const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);
  return totalBytes === undefined
    ? vscode.l10n.t("{0} MB", megabytes(receivedBytes))
    : vscode.l10n.t("{0} of {1} MB", megabytes(receivedBytes), megabytes(totalBytes));
}
