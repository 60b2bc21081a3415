import { isLsid, type Lsid, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { setContext } from "../context-keys.ts";
import { paneResources } from "./host.ts";
import type { PanePlace } from "./pane-place.ts";
import { SessionPane } from "./session-pane.ts";

const viewType = "handrail.session";

/** The open session tabs, at most one per session, any number side by side. */
export class SessionPanes implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #place: PanePlace;
  readonly #panes = new Map<Lsid, SessionPane>();
  /** Tabs of an earlier window that wait until the overview says what has become of them. */
  readonly #restored = new Map<Lsid, vscode.WebviewPanel>();
  readonly #registration: vscode.Disposable;

  constructor(place: PanePlace) {
    this.#place = place;
    this.#registration = vscode.window.registerWebviewPanelSerializer(viewType, this);
  }

  /** The pane in front, if it is a session's. */
  get active(): SessionPane | undefined {
    return [...this.#panes.values()].find(({ panel }) => panel.active);
  }

  /** Shows a session's tab, opening it when there is none. */
  show(session: SessionView): SessionPane {
    const open = this.#panes.get(session.lsid);
    if (open) {
      open.panel.reveal();
      return open;
    }
    const panel = vscode.window.createWebviewPanel(viewType, "Handrail", vscode.ViewColumn.Active, {
      ...paneResources(this.#place.extensionUri),
      // Coming back to a tab must not cost a second; the picture is paused while it is hidden.
      retainContextWhenHidden: true,
    });
    return this.#adopt(panel, session);
  }

  get(lsid: Lsid): SessionPane | undefined {
    return this.#panes.get(lsid);
  }

  /** Called by VS Code for tabs of the window's last life. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const lsid = lsidOf(state);
    const session = lsid && this.#place.board.session(lsid);
    if (session) this.#adopt(panel, session);
    else if (lsid && !this.#place.board.self) this.#restored.set(lsid, panel);
    else panel.dispose();
  }

  /** The link came or went. `isNew`: the overview has just been read. */
  linkChanged(isNew: boolean): void {
    for (const pane of this.#panes.values()) pane.linkChanged(isNew);
    if (!isNew) return;
    for (const [lsid, panel] of this.#restored) {
      const session = this.#place.board.session(lsid);
      if (session) this.#adopt(panel, session);
      else panel.dispose();
    }
    this.#restored.clear();
  }

  dispose(): void {
    this.#registration.dispose();
    for (const pane of this.#panes.values()) pane.dispose();
    this.#panes.clear();
  }

  #adopt(panel: vscode.WebviewPanel, session: SessionView): SessionPane {
    panel.iconPath = vscode.Uri.joinPath(this.#place.extensionUri, "media", "icons", "session.svg");
    const pane = new SessionPane(panel, session, this.#place);
    this.#panes.set(session.lsid, pane);
    panel.onDidChangeViewState(() => this.#focused());
    panel.onDidDispose(() => {
      this.#panes.delete(session.lsid);
      pane.dispose();
      this.#focused();
    });
    this.#focused();
    return pane;
  }

  #focused(): void {
    const active = this.active;
    this.#place.activity.fire();
    setContext("handrail.sessionFocused", active !== undefined);
    if (active) return active.setContexts();
    setContext("handrail.sessionActive", false);
    setContext("handrail.sessionHasSnapshot", false);
    setContext("handrail.keyboardGrabbed", false);
    setContext("handrail.sessionHasControl", false);
  }
}

function lsidOf(state: unknown): Lsid | undefined {
  if (typeof state !== "object" || state === null || !("lsid" in state)) return undefined;
  return typeof state.lsid === "string" && isLsid(state.lsid) ? state.lsid : undefined;
}
