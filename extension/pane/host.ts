import { randomBytes } from "node:crypto";
import { toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import {
  HostEnd,
  type HostHandlers,
  type PaneDocument,
  paneDocument,
  type PaneLanguage,
  type PaneTable,
  type StreamChannel,
} from "../../media/pane/contract.ts";
import { errorText, isCancelled } from "../error-text.ts";
import type { Log } from "../log.ts";

/** What a webview becomes a pane with. */
export interface PaneOptions<T extends PaneTable> {
  readonly pane: PaneDocument["pane"];
  readonly title: string;
  readonly extensionUri: vscode.Uri;
  readonly log: Log;
  readonly handlers: HostHandlers<T>;
  readonly fromStream?: (channel: StreamChannel, message: Uint8Array) => void;
  readonly taken?: () => void;
}

/** The console's language, as far as panes speak it. */
export function paneLanguage(): PaneLanguage {
  return vscode.env.language.toLowerCase().startsWith("fr") ? "fr" : "en";
}

/** What a pane may load: its own bundles and nothing else of this computer. */
export function paneResources(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [mediaOf(extensionUri)] };
}

/**
 * Fills a webview with a pane and joins the two. Themes come from VS Code by themselves, as style
 * variables; the document is made anew with a new nonce each time.
 */
export function attachPane<T extends PaneTable>(
  webview: vscode.Webview,
  options: PaneOptions<T>,
): { end: HostEnd<T>; subscription: vscode.Disposable } {
  const { extensionUri, log } = options;
  webview.options = paneResources(extensionUri);
  const end = new HostEnd<T>({
    handlers: options.handlers,
    // A pane that is hidden or gone hears nothing, and is told everything when it is back.
    post: (message) => void webview.postMessage(message),
    refusalOf: (error) => {
      if (!isCancelled(error)) log.error("pane.request-failed", error, { pane: options.pane });
      return { code: toHandrailError(error).code, message: errorText(error) };
    },
    ...(options.fromStream ? { fromStream: options.fromStream } : {}),
    ...(options.taken ? { taken: options.taken } : {}),
  });
  const subscription = webview.onDidReceiveMessage((message: unknown) => end.receive(message));
  webview.html = paneDocument({
    pane: options.pane,
    language: paneLanguage(),
    title: options.title,
    nonce: randomBytes(16).toString("hex"),
    cspSource: webview.cspSource,
    asset: (file) =>
      webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", file)).toString(),
  });
  return { end, subscription };
}

function mediaOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, "dist", "media");
}
