import "./session.css";
import { toHandrailError } from "@handrail/protocol";
import { Chat } from "./chat.ts";
import { PaneClipboard } from "./clipboard.ts";
import {
  type CommandHandlers,
  type DecodeStatistics,
  type PaneEnd,
  type SessionPane,
  type SessionPaneState,
  type ViewSettings,
} from "./contract.ts";
import { type ControlPlace, ControlWish } from "./control.ts";
import { Details, EventList } from "./details.ts";
import { PaneRefusal } from "./ends.ts";
import { element } from "./element.ts";
import { FieldForm } from "./fields.ts";
import { Hands, type HandsPlace } from "./hands.ts";
import { Notes } from "./notes.ts";
import { Picture, type PictureListener } from "./picture.ts";
import { Side } from "./side.ts";
import { askingText, type SituationAction, situationOf } from "./situation.ts";
import { Stage } from "./stage.ts";
import { type Texts, textsIn } from "./texts.ts";
import { Toolbar, type ToolbarActions } from "./toolbar.ts";
import { joinHost, paneRoot, remember } from "./webview.ts";

const refreshDetailsMs = 1000;

/**
 * The editor tab of a session. The host says what is (`state`), this draws it and asks for what the
 * person wants; nothing here decides who may do what. Built once the first state is known, because
 * that brings the language.
 */
class SessionView {
  readonly #end: PaneEnd<SessionPane>;
  readonly #texts: Texts;
  readonly #hands: Hands;
  readonly #control: ControlWish;
  readonly #picture: Picture;
  readonly #toolbar: Toolbar;
  readonly #stage: Stage;
  readonly #chat: Chat;
  readonly #clipboard: PaneClipboard;
  readonly #notes: Notes;
  readonly #fields: FieldForm;
  readonly #details: Details;
  readonly #events: EventList;
  readonly #side: Side;
  #state: SessionPaneState;
  /** As the host last said it: an echo of what was must not undo what the person just chose. */
  #hostView: string;
  #statistics: DecodeStatistics | undefined;

  constructor(end: PaneEnd<SessionPane>, state: SessionPaneState) {
    this.#end = end;
    this.#state = state;
    this.#hostView = JSON.stringify(state.view);
    const texts = textsIn(state.language);
    this.#texts = texts;
    this.#hands = new Hands(this.#place());
    this.#control = new ControlWish(this.#place());
    const listener: PictureListener = {
      changed: () => this.#draw(),
      grabbed: (isGrabbed) => {
        end.notify("keyboard.grabbed", { grabbed: isGrabbed });
        this.#stage.say(isGrabbed ? texts.hintRelease : "");
        this.#draw();
      },
      statistics: (statistics) => {
        this.#statistics = statistics;
        end.notify("statistics", statistics);
      },
      pressedIdle: () => {
        if (!this.#hands.pen.isOn) this.#control.pressedIdle();
      },
    };
    this.#picture = new Picture(end, listener, this.#hands.listener);
    this.#toolbar = new Toolbar(texts, this.#toolbarActions());
    const shown = document.createDocumentFragment();
    shown.append(this.#picture.screen.element, this.#hands.pen.element);
    this.#stage = new Stage(shown, texts, (action) => this.#act(action));
    this.#chat = new Chat({
      texts,
      language: state.language,
      me: state.me.id,
      send: (text) => end.request("chat.send", { text }),
      typing: () => end.notify("chat.typing", null),
      canned: () => end.request("chat.canned", null),
      pushUrl: () => void this.#try(end.request("chat.push-url", null)),
      sendFile: (file) => void this.#try(end.request("chat.send-file", { file })),
      saveFile: (seq) => void this.#try(end.request("chat.save-file", { seq })),
      nudge: () => void this.#try(end.request("chat.nudge", null)),
      save: () => void this.#try(end.request("transcript.save", null)),
      openLink: (url) => void this.#try(end.request("link.open", { url })),
    });
    this.#clipboard = new PaneClipboard({
      ...{ end, texts, stage: this.#stage },
      attempt: (attempt) => void this.#try(attempt),
    });
    this.#notes = new Notes({
      texts,
      language: state.language,
      keep: (text) => end.request("note.keep", { text }),
    });
    this.#fields = new FieldForm({
      texts,
      save: (field) => end.request("session.fill-in", field),
    });
    this.#details = new Details(texts);
    this.#events = new EventList(texts, state.language);
    this.#side = new Side(
      {
        chat: this.#chat.element,
        notes: this.#notes.element,
        information: element("div", {}, this.#fields.element, this.#details.element),
        events: this.#events.element,
      },
      texts,
      (part) => this.#setView({ side: part }),
    );
    const root = paneRoot();
    root.className = "session";
    document.documentElement.lang = state.language;
    root.replaceChildren(this.#toolbar.element, this.#stage.element, this.#side.element);
    setInterval(() => this.#drawDetails(), refreshDetailsMs);
    this.#draw();
  }

  /** What the host says of pointing and drawing. */
  get hands(): Hands["handlers"] {
    return this.#hands.handlers;
  }

  /** Everything else but `state`, which makes the view or is set by `setState`. */
  readonly handlers: Omit<CommandHandlers<SessionPane>, "state" | keyof Hands["handlers"]> = {
    history: ({ chat, events, notes }) => {
      this.#chat.setMessages(chat);
      this.#notes.setNotes(notes);
      this.#events.setEvents(events);
      for (const event of events) this.#chat.learn(event);
      this.#draw();
    },
    "chat.message": (message) => {
      this.#chat.add(message);
      if (message.from.id === this.#state.me.id) return;
      const unread = this.#side.countMessage();
      if (unread > 0) this.#stage.say(this.#texts.newMessages(unread));
    },
    "chat.typing": ({ name }) => this.#chat.showTyping(name),
    "note.kept": (note) => this.#notes.add(note),
    "chat.insert": ({ text }) => {
      this.#setView({ side: "chat" });
      this.#chat.insert(text);
    },
    "session.event": (event) => {
      this.#events.add(event);
      this.#chat.learn(event);
      this.#draw();
    },
    warning: ({ text }) => this.#stage.warn(text),
    notice: ({ text, isGood }) => (isGood ? this.#stage.note(text) : this.#stage.warn(text)),
    stream: (offer) => this.#picture.open(offer),
    "stream.closed": ({ code }) => this.#picture.close(code),
    "view.set": (view) => this.#setView(view),
    "clipboard.image": ({ png }) => void this.#try(this.#clipboard.take(png)),
    "clipboard.read": () => this.#clipboard.read(),
    "keys.send": ({ keys }) => this.#picture.screen.sendKeys(keys),
    "text.send": ({ text }) => this.#picture.screen.sendText(text),
    "screenshot.take": () => void this.#try(this.#screenshot()),
    "keyboard.grab": () => this.#picture.screen.grab(),
    "keyboard.release": () => this.#picture.screen.release(),
    focus: ({ part }) => {
      if (part === "screen") return this.#picture.screen.focus();
      this.#setView({ side: part });
      if (part === "chat") this.#chat.focus();
      else this.#notes.focus();
    },
  };

  setState(state: SessionPaneState): void {
    const hostView = JSON.stringify(state.view);
    const view = hostView === this.#hostView ? this.#state.view : state.view;
    this.#hostView = hostView;
    const before = this.#state.session.controller;
    const now = state.session.controller;
    if (before !== now) this.#stage.clearWarnings();
    this.#state = { ...state, view };
    if (before === state.me.id && now !== undefined && now !== before) {
      this.#stage.warn(this.#texts.takenBy(this.#control.holderName()));
    }
    this.#draw();
  }

  #draw(): void {
    const state = this.#state;
    const { session, view, connection, me } = state;
    const viewRefusal = this.#events.whyRefused("view");
    const situation = situationOf(state, this.#picture.state, this.#texts, viewRefusal);
    const isLive = session.state === "active" && connection === "connected";
    const isMine = session.controller === me.id && isLive && session.customerConnected;
    this.#hands.update(state, isLive && session.customerConnected && situation === undefined);
    const isDrawing = this.#hands.pen.isOn;
    const isControlling = isMine && !view.viewOnly && situation === undefined && !isDrawing;
    const { screen } = this.#picture;
    screen.setView(view);
    screen.setControlling(isControlling);
    screen.describe(
      this.#texts.screenOf(session.customer.computer),
      screen.isGrabbed ? this.#texts.hintRelease : this.#texts.hintGrab,
    );
    this.#toolbar.update(state, this.#picture.displays);
    this.#toolbar.setDrawing(isDrawing);
    this.#stage.show(situation);
    this.#stage.setHint(this.#hint(isControlling), screen.isGrabbed);
    this.#stage.setAsking(askingText(state, this.#texts));
    const mayWrite = this.#mayWrite();
    this.#notes.setEnabled(mayWrite);
    this.#fields.update(state.fields, session.fields ?? [], mayWrite);
    this.#chat.setEnabled(isLive, {
      pages: session.permissions["push-url"] !== "denied",
      files: session.permissions["chat-file"] !== "denied" && mayWrite,
    });
    this.#side.show(view.side);
    paneRoot().dataset.side = view.side === "none" ? "closed" : "open";
    this.#drawDetails();
  }

  /** Notes and fields belong to the record: also of a session that is over. */
  #mayWrite(): boolean {
    const { session, connection, me } = this.#state;
    const own = session.participants.find(({ id }) => id === me.id);
    const takesPart = session.state === "ended" || (own !== undefined && !own.observer);
    return connection === "connected" && session.state !== "waiting" && takesPart;
  }

  #drawDetails(): void {
    if (this.#state.view.side === "information") {
      this.#details.update(this.#state, this.#statistics);
    }
  }

  #hint(isControlling: boolean): string | undefined {
    if (this.#state.session.state !== "active") return undefined;
    if (this.#hands.pen.isOn) return this.#hands.pen.hint;
    if (this.#picture.screen.isGrabbed) return this.#texts.hintRelease;
    return isControlling ? this.#texts.hintGrab : "";
  }

  #setView(change: Partial<ViewSettings>): void {
    this.#state = { ...this.#state, view: { ...this.#state.view, ...change } };
    this.#end.notify("view.changed", this.#state.view);
    this.#draw();
  }

  /** What the parts of the view need of it; they are made before some of it is. */
  #place(): HandsPlace & ControlPlace {
    return {
      ...{ end: this.#end, texts: this.#texts },
      screen: () => this.#picture.screen,
      stage: () => this.#stage,
      state: () => this.#state,
      setView: (change) => this.#setView(change),
      focus: () => this.#picture.screen.focus(),
      attempt: (attempt) => void this.#try(attempt),
      changed: () => this.#draw(),
    };
  }

  #toolbarActions(): ToolbarActions {
    const end = this.#end;
    const ask = (
      name:
        | "control.release"
        | "session.share"
        | "session.ask-part"
        | "session.transfer"
        | "session.leave"
        | "session.end"
        | "record.start"
        | "record.stop",
    ) => {
      void this.#try(end.request(name, null));
    };
    return {
      zoom: (zoom) => this.#setView({ zoom }),
      monitor: (monitor) => this.#setView({ monitor }),
      viewOnly: (viewOnly) => this.#setView({ viewOnly }),
      takeControl: () => this.#control.take(),
      releaseControl: () => ask("control.release"),
      sendKeys: (keys) => this.#picture.screen.sendKeys(keys),
      screenshot: () => void this.#try(this.#screenshot()),
      pen: () => this.#hands.pen.toggle(),
      askPart: () => ask("session.ask-part"),
      sendClipboard: () => this.#clipboard.send(),
      getClipboard: () => this.#clipboard.get(),
      side: () => this.#setView({ side: this.#state.view.side === "none" ? "chat" : "none" }),
      record: (on) => ask(on ? "record.start" : "record.stop"),
      useTool: (name) => void this.#try(end.request("tool.use", { tool: name })),
      share: () => ask("session.share"),
      transfer: () => ask("session.transfer"),
      leave: () => ask("session.leave"),
      end: () => ask("session.end"),
    };
  }

  #act(action: SituationAction): void {
    const end = this.#end;
    switch (action) {
      case "accept":
        return void this.#try(end.request("session.accept", null));
      case "ask-view":
        return void this.#try(end.request("permission.request", { permission: "view" }));
      case "retry":
        return this.#picture.retry();
      case "close-tab":
        return void this.#try(end.request("tab.close", null));
      case "open-recording":
        return void this.#try(end.request("recording.open", null));
      case "chat":
        this.#setView({ side: "chat" });
        return this.#chat.focus();
    }
  }

  async #screenshot(): Promise<void> {
    const screenshot = await this.#picture.screen.screenshot();
    if (!screenshot) return this.#stage.warn(this.#texts.noPicture);
    const { path } = await this.#end.request("screenshot.save", screenshot);
    if (path !== null) this.#stage.say(this.#texts.screenshotSaved(path));
  }

  /** Shows a refusal to the person; a fault goes to the log as well. */
  async #try(attempt: Promise<unknown>): Promise<void> {
    try {
      await attempt;
    } catch (error) {
      const { code, message } = error instanceof PaneRefusal ? error : toHandrailError(error);
      if (code === "cancelled") return;
      this.#stage.warn(message);
      if (!(error instanceof PaneRefusal)) this.#end.notify("failed", { code, message });
    }
  }
}

let view: SessionView | undefined;
const later = <T>(handle: (shown: SessionView) => (command: T) => void) => {
  return (command: T) => {
    if (view) handle(view)(command);
  };
};
const end: PaneEnd<SessionPane> = joinHost<SessionPane>({
  state: (state) => {
    if (view) return view.setState(state);
    remember({ lsid: state.lsid });
    view = new SessionView(end, state);
  },
  history: later((shown) => shown.handlers.history),
  "chat.message": later((shown) => shown.handlers["chat.message"]),
  "chat.typing": later((shown) => shown.handlers["chat.typing"]),
  "note.kept": later((shown) => shown.handlers["note.kept"]),
  "chat.insert": later((shown) => shown.handlers["chat.insert"]),
  "session.event": later((shown) => shown.handlers["session.event"]),
  warning: later((shown) => shown.handlers.warning),
  notice: later((shown) => shown.handlers.notice),
  stream: later((shown) => shown.handlers.stream),
  "stream.closed": later((shown) => shown.handlers["stream.closed"]),
  "view.set": later((shown) => shown.handlers["view.set"]),
  "clipboard.image": later((shown) => shown.handlers["clipboard.image"]),
  "clipboard.read": later((shown) => shown.handlers["clipboard.read"]),
  "keys.send": later((shown) => shown.handlers["keys.send"]),
  "text.send": later((shown) => shown.handlers["text.send"]),
  "screenshot.take": later((shown) => shown.handlers["screenshot.take"]),
  "pen.toggle": later((shown) => shown.hands["pen.toggle"]),
  "pen.clear": later((shown) => shown.hands["pen.clear"]),
  "pen.ended": later((shown) => shown.hands["pen.ended"]),
  pointers: later((shown) => shown.hands.pointers),
  "keyboard.grab": later((shown) => shown.handlers["keyboard.grab"]),
  "keyboard.release": later((shown) => shown.handlers["keyboard.release"]),
  focus: later((shown) => shown.handlers.focus),
});
end.notify("ready", null);
