import { leaveChords } from "./chord.ts";
import { type CommandHandlers, PaneEnd, type PaneTable } from "./contract.ts";

/** What a webview gives to its script. Source: VS Code API, webviews. */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
};

const host = acquireVsCodeApi();

/** Joins the pane of this document to its host. */
export function joinHost<T extends PaneTable>(handlers: CommandHandlers<T>): PaneEnd<T> {
  const end = new PaneEnd<T>({ handlers, post: (message) => host.postMessage(message) });
  leaveChords();
  addEventListener("message", ({ data }: MessageEvent<unknown>) => end.receive(data));
  return end;
}

/** What VS Code hands back to the extension when it restores the pane's tab after a restart. */
export function remember(state: unknown): void {
  host.setState(state);
}

/** The place that the document keeps for the pane. */
export function paneRoot(): HTMLElement {
  const root = document.getElementById("pane");
  if (!root) throw new Error("the document has no place for a pane");
  return root;
}
