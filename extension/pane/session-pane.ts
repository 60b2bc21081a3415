import {
  type FieldDefinition,
  type FieldValue,
  type ErrorCode,
  type Lsid,
  type SessionView,
} from "@handrail/protocol";
import * as vscode from "vscode";
import type {
  HostEnd,
  HostHandlers,
  SessionPane as Contract,
  SessionPaneState,
} from "../../media/pane/contract.ts";
import { setContext } from "../context-keys.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Entry } from "../session/journal.ts";
import type { LinkState } from "../site/reconnect.ts";
import { attachPane, paneLanguage } from "./host.ts";
import type { PanePlace } from "./pane-place.ts";
import { PenLine } from "./pen-line.ts";
import { ScreenFeed } from "./screen-feed.ts";
import { sessionRequests } from "./session-requests.ts";
import { openSocketStream, PostedStream } from "./stream.ts";

/** The editor tab of one session: keeps nothing itself, so that it can be shown anew at any time. */
export class SessionPane implements vscode.Disposable {
  readonly lsid: Lsid;
  readonly panel: vscode.WebviewPanel;
  readonly #place: PanePlace;
  readonly #end: HostEnd<Contract>;
  readonly #feed: ScreenFeed;
  readonly #pen: PenLine;
  readonly #subscriptions: { dispose(): void }[];
  #session: SessionView;
  #fields: readonly FieldDefinition[] = [];
  #posted: PostedStream | undefined;
  #isReady = false;
  #isGrabbed = false;
  /** Why the appliance last let this console in no more; what signs out then knows nothing of it. */
  #refusal: ErrorCode | undefined;

  constructor(panel: vscode.WebviewPanel, session: SessionView, place: PanePlace) {
    this.panel = panel;
    this.lsid = session.lsid;
    this.#session = session;
    this.#place = place;
    const { lsid } = session;
    const { end, subscription } = attachPane<Contract>(panel.webview, {
      pane: "session",
      title: customerName(session),
      extensionUri: place.extensionUri,
      log: place.log,
      handlers: this.#handlers(),
      fromStream: (channel, bytes) => this.#fromPosted?.message(channel, bytes),
      taken: () => this.#posted?.drain(),
    });
    this.#end = end;
    this.#feed = new ScreenFeed({
      openChannel: (kind) => place.link.open(kind, lsid),
      openStream: (events) => this.#openStream(events),
      offer: (offer) => end.command("stream", offer),
      stopped: (code) => end.command("stream.closed", { code }),
      clock: place.clock,
    });
    const { link, conduct } = place;
    const ended = () => end.command("pen.ended", null);
    this.#pen = new PenLine({ link, conduct, session: () => this.#session, ended }, lsid);
    this.#subscriptions = [
      subscription,
      this.#pen,
      panel.onDidChangeViewState(() => this.#shown()),
      place.board.sessionChanged.on((change) => {
        if (change.lsid === lsid) this.#changed(change.session);
      }),
      place.conduct.askingChanged.on((asked) => {
        if (asked === lsid) this.#sendState();
      }),
      place.unread.changed.on((changed) => {
        if (changed === lsid) this.#title();
      }),
      place.journal.added.on((added) => {
        if (added.lsid === lsid) this.#add(added.entry);
      }),
    ];
    this.#title();
  }

  get session(): SessionView {
    return this.#session;
  }

  /** Whether the pane takes the keyboard for the customer's computer now. */
  get isGrabbed(): boolean {
    return this.#isGrabbed;
  }

  /** Whether the conversation is in front of the representative. */
  get showsChat(): boolean {
    const { side } = this.#place.views.of(this.lsid);
    return this.#isReady && this.panel.visible && vscode.window.state.focused && side === "chat";
  }

  /** Tells the pane to do something. */
  command<N extends keyof Contract["commands"]>(name: N, command: Contract["commands"][N]): void {
    this.#end.command(name, command);
  }

  /** Changes one thing about how the session is looked at. */
  toggleView(what: "zoom" | "viewOnly"): void {
    const { zoom, viewOnly } = this.#place.views.of(this.lsid);
    const change =
      what === "viewOnly"
        ? { viewOnly: !viewOnly }
        : { zoom: zoom === "fit" ? ("actual" as const) : ("fit" as const) };
    this.#end.command("view.set", change);
  }

  /** The link came or went: channels of before are gone. */
  linkChanged(isNew: boolean): void {
    if (isNew) {
      // After a sign-out the board does not know which sessions it showed before.
      this.#changed(this.#place.board.session(this.lsid));
      this.#feed.restart();
      this.#readFields();
    } else this.#sendState();
    this.#follow();
  }

  /** Sets the context keys that key bindings and menus ask about; called for the active pane. */
  setContexts(): void {
    setContext("handrail.sessionActive", this.#session.state === "active");
    setContext("handrail.sessionHasSnapshot", this.#session.snapshot === "taken");
    setContext("handrail.keyboardGrabbed", this.#isGrabbed);
    setContext("handrail.sessionHasControl", this.#place.board.holdsControl(this.#session));
  }

  dispose(): void {
    this.#feed.dispose();
    for (const each of this.#subscriptions) each.dispose();
    this.#place.journal.forget(this.lsid);
  }

  #fromPosted: Parameters<typeof openSocketStream>[1] | undefined;

  async #openStream(events: Parameters<typeof openSocketStream>[1]) {
    if (this.#place.panesAreHere()) return openSocketStream(this.#place.loopback, events);
    this.#fromPosted = events;
    this.#posted = new PostedStream(this.#end, events);
    return this.#posted;
  }

  #handlers(): HostHandlers<Contract> {
    const { lsid } = this;
    const { link, log } = this.#place;
    return {
      requests: sessionRequests({
        lsid,
        place: this.#place,
        pane: this,
        feed: () => this.#feed,
        pen: () => this.#pen,
        session: () => this.#session,
        fillIn: (field) => this.#fillIn(field),
      }),
      notifications: {
        ready: () => this.#begin(),
        "keyboard.grabbed": ({ grabbed }) => this.#grabbed(grabbed),
        "chat.typing": () => link.tell("chat.typing", { lsid }),
        "view.changed": (view) => {
          this.#place.views.set(lsid, view);
          this.#place.unread.look();
        },
        "pen.message": ({ bytes }) => this.#pen.send(bytes),
        "pen.stop": () => this.#pen.stop(),
        "pointer.at": ({ at }) => link.tell("pointer.at", { lsid, at }),
        statistics: (measured) => log.debug("screen.painted", { lsid, ...measured }),
        failed: ({ code, message }) => log.warn("pane.failed", { lsid, code, message }),
      },
    };
  }

  async #fillIn(field: Pick<FieldValue, "id" | "value">): Promise<void> {
    await this.#place.talk.fillIn(this.lsid, field);
    if (this.#session.state !== "ended") return;
    // Of a session that is over nobody tells.
    const { name = "" } = this.#fields.find(({ id }) => id === field.id) ?? {};
    const others = (this.#session.fields ?? []).filter(({ id }) => id !== field.id);
    this.#session = { ...this.#session, fields: [...others, { ...field, name }] };
    this.#sendState();
  }

  #begin(): void {
    this.#isReady = true;
    this.#end.reset();
    this.#sendState();
    this.#sendHistory();
    this.#feed.restart();
    this.#follow();
    this.#readHistory();
    this.#readFields();
  }

  #readFields(): void {
    const { link, log, talk } = this.#place;
    if (link.state.phase !== "online") return;
    const known = (fields: readonly FieldDefinition[]) => {
      this.#fields = fields;
      this.#sendState();
    };
    talk.fields().then(known, (error: unknown) => {
      log.error("fields.load-failed", error, { lsid: this.lsid });
    });
  }

  #readHistory(): void {
    const { board, journal, log } = this.#place;
    if (!board.takesPart(this.#session) || this.#session.state !== "active") return;
    void journal.load(this.lsid).catch((error: unknown) => {
      log.error("history.load-failed", error, { lsid: this.lsid });
    });
  }

  #changed(session: SessionView | undefined): void {
    const { board } = this.#place;
    const wasMine = board.takesPart(this.#session);
    const before = JSON.stringify(this.#session.permissions) + this.#session.customerConnected;
    this.#session = lastView(this.#session, session);
    const after = JSON.stringify(this.#session.permissions) + this.#session.customerConnected;
    this.#title();
    this.#sendState();
    if (before !== after) this.#feed.forgive();
    this.#follow();
    if (!wasMine && board.takesPart(this.#session)) this.#readHistory();
    if (this.panel.active) this.setContexts();
  }

  #add(entry: Entry): void {
    switch (entry.kind) {
      case "chat":
        return this.#end.command("chat.message", entry.message);
      case "note":
        return this.#end.command("note.kept", entry.note);
      case "event":
        return this.#end.command("session.event", entry.event);
      case "typing":
        return this.#end.command("chat.typing", { name: entry.name });
      case "warning": {
        const { code, text } = entry;
        return this.#end.command("warning", { code, text, at: this.#place.clock.now() });
      }
      case "history":
        return this.#sendHistory();
    }
  }

  #grabbed(grabbed: boolean): void {
    this.#isGrabbed = grabbed;
    if (this.panel.active) this.setContexts();
    this.#place.activity.fire();
  }

  // What was posted while it was hidden did not arrive.
  #shown(): void {
    this.#place.unread.look();
    if (this.panel.visible && this.#isReady) {
      this.#sendState();
      this.#sendHistory();
    }
    this.#follow();
  }

  #follow(): void {
    const { board, link } = this.#place;
    const session = this.#session;
    const isOn = this.#isReady && link.state.phase === "online" && session.state === "active";
    const mayWatch = board.takesPart(session) && session.permissions.view === "granted";
    this.#feed.follow({
      watch: isOn && mayWatch && session.customerConnected && this.panel.visible,
      control: isOn && board.holdsControl(session) && session.customerConnected,
    });
  }

  #sendState(): void {
    const state = this.#state();
    if (state) this.#end.command("state", state);
  }

  #sendHistory(): void {
    this.#end.command("history", this.#place.journal.of(this.lsid));
  }

  #state(): SessionPaneState | undefined {
    const { board, conduct, link, views } = this.#place;
    if (!board.self) return undefined;
    const { state } = link;
    if (state.phase === "refused") this.#refusal = state.code;
    else if (state.phase === "online") this.#refusal = undefined;
    return {
      language: paneLanguage(),
      lsid: this.lsid,
      me: board.self,
      session: this.#session,
      connection: connectionOf(state.phase),
      refusal: this.#refusal,
      view: views.of(this.lsid),
      asking: conduct.asking(this.lsid),
      fields: this.#fields,
    };
  }

  #title(): void {
    const plain = customerName(this.#session);
    const { isElevated } = this.#session.customer;
    const name = isElevated ? vscode.l10n.t("{0} (administrator)", plain) : plain;
    const isOver = this.#session.state === "ended" && this.#session.endedAt !== undefined;
    const unread = this.#place.unread.of(this.lsid);
    const mark = unread === 0 ? "" : `(${unread}) `;
    const isWatching = this.#place.board.onlyWatches(this.#session);
    const live = isWatching ? vscode.l10n.t("{0} (watching)", name) : name;
    this.panel.title = mark + (isOver ? vscode.l10n.t("{0} (ended)", name) : live);
  }
}

// Where the site lets nobody in, waiting does not help: one has to sign in again.
function connectionOf(phase: LinkState["phase"]): SessionPaneState["connection"] {
  if (phase === "online") return "connected";
  return phase === "off" || phase === "refused" ? "signed-out" : "reconnecting";
}

/** How a session that is over is shown: a recording that was made is there to be played. */
function lastView(before: SessionView, now: SessionView | undefined): SessionView {
  if (now && now.state !== "ended") return now;
  const last = now ?? before;
  const recording = last.recording === "off" ? before.recording : last.recording;
  return { ...last, state: "ended", recording };
}
