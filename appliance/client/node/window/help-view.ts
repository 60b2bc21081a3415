/**
 * The help window's widgets, and what they do when orders arrive and when the customer presses
 * something. Runs in the window's own process, on GTK's main loop.
 */
import { memoryAt, type Pointer } from "../native.ts";
import { ChatLog } from "./chat-log.ts";
import { FilePicker } from "./file-picker.ts";
import { type Gtk, handlers } from "./gtk.ts";
import { Keystroke } from "./keystroke.ts";
import { layout, style } from "./layout.ts";
import type { Order, Report } from "./message.ts";
import { Prompt, settleMs } from "./prompt.ts";
import { heightsOn, rowHeight, rowsOf } from "./room.ts";
import { SurveyView } from "./survey-view.ts";

type OrderOf<Name extends Order["order"]> = Extract<Order, { order: Name }>;

/** Offset of `new_window_state` in GdkEventWindowState, and the bit of a minimised window. */
const WINDOW_STATE = 24;
const ICONIFIED = 1 << 1;
const APPLICATION_PRIORITY = 600;
/** Move, resize and close, but not minimise: the window has to stay in sight. */
const WINDOW_FUNCTIONS = (1 << 1) | (1 << 2) | (1 << 5);
/** As in the layout. */
const WIDTH = 400;
const HEIGHT = 440;
const MARGIN = 24;
const TYPING_EVERY_MS = 1000;
/** GtkPolicyType. */
const POLICY_AUTOMATIC = 1;
const POLICY_NEVER = 2;

/** What is of no use once the session is over. */
const onlyDuringSession = [
  ...["prompt", "representatives-title", "representatives", "status", "recording", "warning"],
  ...["allowed-title", "allowed-scroll", "take-back", "typing", "compose", "stop", "nudge"],
];

function numberAt(event: Pointer, offset: number): number {
  return new DataView(memoryAt(event, offset + 4)).getUint32(offset, true);
}

export class HelpView {
  readonly #gtk: Gtk;
  readonly #builder: Pointer;
  readonly #texts: Record<string, string>;
  readonly #report: (report: Report) => void;
  readonly #prompt: Prompt;
  readonly #chat: ChatLog;
  readonly #survey: SurveyView;
  readonly #filePicker: FilePicker;
  #page: "session" | "key" | "end" = "session";
  /** When writing was last told, and when a key of it was last pressed. */
  #typedAt = -Infinity;
  #wroteAt = -Infinity;
  #endedAt = 0;
  #title = "";
  #allowed = "";
  /** Of the screen, in pixels; unknown, it is taken for a small one. */
  #screenHeight = 0;
  #unread = 0;

  constructor(gtk: Gtk, texts: Record<string, string>, report: (report: Report) => void) {
    this.#gtk = gtk;
    this.#texts = texts;
    this.#report = report;
    this.#builder = gtk.newBuilder();
    if (!gtk.build(this.#builder, layout, -1, null)) throw new Error("the layout is not valid");
    const css = gtk.newStyle();
    if (!gtk.loadStyle(css, style, -1, null)) throw new Error("the style is not valid");
    gtk.useStyle(gtk.gdkScreen(), css, APPLICATION_PRIORITY);
    this.#prompt = new Prompt({
      gtk,
      widget: (name) => this.#widget(name),
      line: (name, text) => this.#line(name, text),
      secondsLeft: this.#text("secondsLeft"),
      name: (widget, name) => this.#name(widget, name),
      hasDraft: () => this.#gtk.entryText(this.#widget("chat-entry")) !== "",
      wroteAt: () => this.#wroteAt,
      closed: () => {
        this.#fit();
        this.#focusFirst();
      },
    });
    this.#chat = new ChatLog({
      gtk,
      window: this.#widget("window"),
      box: this.#widget("chat-log"),
      save: (id) => this.#report({ report: "save-file", id }),
      unread: (count) => {
        this.#unread = count;
        this.#setTitle(this.#title);
      },
    });
    this.#survey = new SurveyView({
      gtk,
      widget: (name) => this.#widget(name),
      line: (name, text) => this.#line(name, text),
      show: (name, isShown) => this.#show(name, isShown),
      name: (widget, name) => gtk.setAccessibleName(gtk.accessible(widget), name),
      answered: (answers) => this.#report({ report: "survey", answers }),
    });
    this.#filePicker = new FilePicker({
      gtk,
      window: this.#widget("window"),
      texts: {
        title: this.#text("pickFileTitle"),
        cancel: this.#text("pickFileCancel"),
        send: this.#text("send"),
      },
      picked: (path) => report({ report: "pick-file", path }),
    });
    this.#fillIn();
    this.#connect();
    this.#place();
  }

  show(state: OrderOf<"show">): void {
    this.#turnTo("session");
    this.#setTitle(state.title);
    // A window manager cuts a long title; here the site's name is whole.
    const helping = state.representatives && ` · ${this.#text("representatives")}`;
    this.#line("representatives-title", state.site + helping);
    this.#line("representatives", state.representatives);
    this.#line("status", state.status);
    this.#showAllowed(state.allowed);
    this.#line("warning", state.warning);
    this.#show("recording", state.isRecording);
    this.#show("chat-file", state.maySendFiles);
    // A password that is meant for another window must not be seen in this one.
    this.#gtk.setSensitive(this.#widget("compose"), Number(state.mayWrite));
    this.#gtk.show(this.#widget("window"));
  }

  ask(order: OrderOf<"ask">): void {
    const { id, seconds } = order;
    this.#fit(true);
    this.#prompt.open(order, {
      id,
      seconds,
      answer: (isAllowed) => {
        this.#line("nudge", "");
        this.#report({ report: "answered", id, isAllowed });
      },
    });
  }

  withdraw(id: number): void {
    this.#prompt.withdraw(id);
  }

  askKey(order: OrderOf<"ask-key">): void {
    const { setButton, grabFocus } = this.#gtk;
    this.#line("key-title", order.title);
    this.#line("key-body", order.body);
    this.#line("key-error", order.error);
    setButton(this.#widget("key-cancel"), order.cancel);
    setButton(this.#widget("key-ok"), order.ok);
    this.#name("key-entry", order.title);
    this.#setTitle(order.window);
    this.#turnTo("key");
    this.#gtk.show(this.#widget("window"));
    grabFocus(this.#widget("key-entry"));
    // With the server's time the window also gets the keyboard: the customer has just started it.
    const now = this.#gtk.serverTimeMs(this.#gtk.gdkWindow(this.#widget("window")));
    this.#gtk.presentAt(this.#widget("window"), now);
  }

  addChat(order: OrderOf<"chat">): void {
    const isFirst = this.#chat.isEmpty;
    this.#chat.add(order);
    if (isFirst) this.#fit();
  }

  /** Says how the file of a line stands. */
  setFile(order: OrderOf<"file">): void {
    this.#chat.setFile(order);
  }

  /** A representative asks the customer to look here. Who types elsewhere keeps the keyboard. */
  nudge({ text }: OrderOf<"nudge">): void {
    if (this.#page !== "session") return;
    const gtk = this.#gtk;
    const window = this.#widget("window");
    this.#line("nudge", text);
    this.#name("nudge", text);
    gtk.deiconify(window);
    gtk.setUrgent(window, 1);
    gtk.present(window);
    gtk.beep(gtk.gdkDisplay());
  }

  setTyping(text: string): void {
    if (this.#page !== "end") this.#line("typing", text);
  }

  /** The last words: what was said stays readable, and all there is to do is to close. */
  end(order: OrderOf<"end">): void {
    const gtk = this.#gtk;
    const window = this.#widget("window");
    this.#setTitle(order.window);
    this.#turnTo("end");
    this.#endedAt = performance.now();
    for (const name of onlyDuringSession) this.#show(name, false);
    this.#filePicker.hide();
    this.#fit();
    this.#line("end-title", order.title);
    this.#line("end-body", order.body);
    this.#line("end-note", order.note);
    if (order.survey) this.#survey.ask(order.survey);
    this.#show("chat", !this.#chat.isEmpty);
    gtk.setButton(this.#widget("close"), order.close);
    this.#show("close", true);
    gtk.grabDefault(this.#widget("close"));
    gtk.grabFocus(this.#widget("close"));
    // Without a conversation there is less to show.
    gtk.resize(window, WIDTH, !this.#chat.isEmpty ? HEIGHT : 1);
    gtk.show(window);
    gtk.present(window);
  }

  #showAllowed(allowed: string): void {
    this.#allowed = allowed;
    this.#line("allowed-title", allowed && this.#text("allowed"));
    this.#line("allowed", allowed);
    this.#fit();
    for (const name of ["allowed-scroll", "take-back"]) this.#show(name, allowed !== "");
  }

  /** All that is allowed as long as it is little; then it scrolls, and the rest keeps its place. */
  #fit(isAsking = this.#prompt.isOpen): void {
    const isFull = isAsking || this.#page === "end";
    const { rows, chat } = heightsOn(isFull ? 0 : this.#screenHeight);
    const isLong = rowsOf(this.#allowed) > rows + 1;
    const place = this.#widget("allowed-scroll");
    this.#gtk.setScrolling(place, POLICY_NEVER, isLong ? POLICY_AUTOMATIC : POLICY_NEVER);
    this.#gtk.setMinHeight(place, isLong ? Math.round(rows * rowHeight) : -1);
    const log = this.#chat.isEmpty ? heightsOn(0).chat : chat;
    this.#gtk.setMinHeight(this.#widget("chat-scroll"), log);
  }

  /** The title, with how many messages nobody has seen. */
  #setTitle(title: string): void {
    this.#title = title;
    const mark = this.#unread === 0 ? "" : `(${this.#unread}) `;
    this.#gtk.setTitle(this.#widget("window"), mark + title);
  }

  /** What has become of the answers to the survey. */
  surveyResult(text: string): void {
    this.#survey.tell(text);
  }

  #text(name: string): string {
    return this.#texts[name] ?? "";
  }

  #widget(name: string): Pointer {
    const widget = this.#gtk.object(this.#builder, name);
    if (widget === null) throw new Error(`the layout has no ${name}`);
    return widget;
  }

  /** A line of text, hidden while empty. */
  #line(name: string, text: string): void {
    this.#gtk.setLabel(this.#widget(name), text);
    this.#show(name, text !== "");
  }

  #show(name: string, isShown: boolean): void {
    this.#gtk.setVisible(this.#widget(name), isShown ? 1 : 0);
  }

  #name(widget: string, name: string): void {
    this.#gtk.setAccessibleName(this.#gtk.accessible(this.#widget(widget)), name);
  }

  #fillIn(): void {
    for (const name of ["end-title", "end-body", "end-note"]) this.#line(name, "");
    this.#gtk.setLabel(this.#widget("recording-text"), this.#text("recording"));
    this.#gtk.setButton(this.#widget("chat-send"), this.#text("send"));
    this.#gtk.setButton(this.#widget("chat-file"), this.#text("pickFile"));
    this.#name("chat-file", this.#text("pickFileTitle"));
    this.#gtk.setButton(this.#widget("stop"), this.#text("stop"));
    this.#gtk.setButton(this.#widget("take-back"), this.#text("takeBack"));
    // Screen readers say a notification when it appears, wherever the keyboard is.
    for (const name of ["prompt", "nudge"]) {
      const place = this.#gtk.accessible(this.#widget(name));
      this.#gtk.setAccessibleRole(place, this.#gtk.accessibleRole("notification"));
    }
    for (const name of ["nudge", "survey-title", "survey-result"]) this.#line(name, "");
    this.#gtk.setHint(this.#widget("chat-entry"), this.#text("chatEntry"));
    this.#name("chat-entry", this.#text("chatEntry"));
    this.#name("chat-log", this.#text("chat"));
  }

  #connect(): void {
    const on = (widget: string, signal: string, run: () => void): void => {
      const handler = handlers.signal(run);
      this.#gtk.connect(this.#widget(widget), signal, handler, null, null, 0);
    };
    on("prompt-allow", "clicked", () => this.#prompt.press(true));
    on("prompt-refuse", "clicked", () => this.#prompt.press(false));
    on("stop", "clicked", () => this.#report({ report: "stop" }));
    on("close", "clicked", () => this.#closePressed());
    on("take-back", "clicked", () => this.#report({ report: "take-back" }));
    on("chat-send", "clicked", () => this.#send());
    on("chat-entry", "activate", () => this.#send());
    on("chat-file", "clicked", () => this.#filePicker.show());
    on("chat-entry", "changed", () => this.#typed());
    on("key-ok", "clicked", () => this.#enterKey());
    on("key-entry", "activate", () => this.#enterKey());
    on("key-cancel", "clicked", () => this.#report({ report: "key" }));
    const adjustment = this.#gtk.adjustment(this.#widget("chat-scroll"));
    const toEnd = handlers.signal(() =>
      this.#gtk.scrollTo(adjustment, this.#gtk.adjustmentEnd(adjustment)),
    );
    this.#gtk.connect(adjustment, "changed", toEnd, null, null, 0);
    this.#connectWindow();
  }

  #connectWindow(): void {
    const window = this.#widget("window");
    const on = (signal: string, run: (event: Pointer) => number): void => {
      const handler = handlers.event((_widget, event) => run(event));
      this.#gtk.connect(window, signal, handler, null, null, 0);
    };
    on("delete-event", () => this.#closing());
    on("key-press-event", (event) => this.#keyPressed(event));
    on("focus-in-event", () => {
      this.#gtk.setUrgent(window, 0);
      this.#chat.seen();
      return 0;
    });
    // Some window managers minimise a window that asked not to be.
    on("window-state-event", (event) => {
      if (numberAt(event, WINDOW_STATE) & ICONIFIED) this.#gtk.deiconify(window);
      return 0;
    });
  }

  /** At the right edge, above everything, on every workspace, and without a minimise button. */
  #place(): void {
    const gtk = this.#gtk;
    const window = this.#widget("window");
    gtk.keepAbove(window, 1);
    gtk.stick(window);
    const monitor = gtk.primaryMonitor(gtk.gdkDisplay());
    if (monitor !== null) {
      const area = Buffer.alloc(16);
      gtk.workArea(monitor, area);
      this.#screenHeight = area.readInt32LE(12);
      const right = area.readInt32LE(0) + area.readInt32LE(8);
      gtk.move(window, right - WIDTH - MARGIN, area.readInt32LE(4) + MARGIN);
    }
    gtk.realize(window);
    gtk.setFunctions(gtk.gdkWindow(window), WINDOW_FUNCTIONS);
    gtk.grabFocus(this.#widget("chat-entry"));
  }

  #turnTo(page: "session" | "key" | "end"): void {
    this.#page = page;
    this.#gtk.showPage(this.#widget("pages"), page === "key" ? "key" : "session");
  }

  /** Where one writes, when nothing is asked. */
  #focusFirst(): void {
    if (this.#page === "end") return;
    const entry = this.#widget(this.#page === "key" ? "key-entry" : "chat-entry");
    if (this.#gtk.isFocus(entry)) return;
    // What is written there goes on at its end: a selection would be lost with the next key.
    this.#gtk.focusEntry(entry);
    this.#gtk.setCaret(entry, -1);
  }

  /** What was meant for Stop, which was in the same place, closes nothing. */
  #closePressed(): void {
    if (performance.now() - this.#endedAt >= settleMs) this.#report({ report: "close" });
  }

  #closing(): number {
    if (this.#page === "key") {
      this.#report({ report: "key" });
      return 1;
    }
    if (this.#page === "end") {
      this.#closePressed();
      return 1;
    }
    this.#prompt.answer(false);
    this.#fit(true);
    this.#prompt.open(
      {
        title: this.#text("closeTitle"),
        body: this.#text("closeBody"),
        allow: this.#text("closeStop"),
        refuse: this.#text("closeKeep"),
      },
      {
        id: undefined,
        seconds: 0,
        answer: (isConfirmed) => {
          if (isConfirmed) this.#report({ report: "stop" });
        },
      },
    );
    return 1;
  }

  #keyPressed(event: Pointer): number {
    const key = new Keystroke(event);
    const isInEntry = this.#gtk.isFocus(this.#widget("chat-entry")) !== 0;
    if (key.isWriting(isInEntry)) this.#wroteAt = performance.now();
    if (!key.isEscape) return 0;
    if (this.#prompt.isOpen) this.#prompt.press(false);
    else if (this.#page === "key") this.#report({ report: "key" });
    else if (this.#page === "end") this.#closePressed();
    return 1;
  }

  #send(): void {
    const entry = this.#widget("chat-entry");
    const text = this.#gtk.entryText(entry).trim();
    if (text === "") return;
    this.#gtk.setEntry(entry, "");
    this.#line("nudge", "");
    this.#report({ report: "chat", text });
  }

  #typed(): void {
    if (this.#gtk.entryText(this.#widget("chat-entry")) === "") return;
    const now = performance.now();
    if (now - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = now;
    this.#report({ report: "typing" });
  }

  #enterKey(): void {
    const key = this.#gtk.entryText(this.#widget("key-entry")).trim();
    if (key !== "") this.#report({ report: "key", key });
  }
}
