/**
 * The help window's widgets, and what they do when orders arrive and when the customer presses
 * something. Runs in the window's own process, on GTK's main loop.
 */
import { memoryAt, type Pointer } from "../native.ts";
import { type Gtk, handlers } from "./gtk.ts";
import { layout, style } from "./layout.ts";
import type { Order, Report } from "./message.ts";

type OrderOf<Name extends Order["order"]> = Extract<Order, { order: Name }>;

const ESCAPE = 0xff1b;
/** Offset of `keyval` in GdkEventKey. Source: gdkevents.h, 64-bit. */
const KEYVAL = 28;
/** Offset of `new_window_state` in GdkEventWindowState, and the bit of a minimised window. */
const WINDOW_STATE = 24;
const ICONIFIED = 1 << 1;
const APPLICATION_PRIORITY = 600;
const ALIGN_START = 1;
const ALIGN_END = 2;
const WRAP_WORD_CHAR = 2;
/** Move, resize and close, but not minimise: the window has to stay in sight. */
const WINDOW_FUNCTIONS = (1 << 1) | (1 << 2) | (1 << 5);
const MARGIN = 24;
/** A click or key that was on its way to something else must not answer a question. */
const SETTLE_MS = 500;
const TYPING_EVERY_MS = 1000;

/** The question on show; `answer` runs once. */
interface Question {
  id: number | undefined;
  shownAt: number;
  seconds: number;
  answer(isAllowed: boolean): void;
}

function numberAt(event: Pointer, offset: number): number {
  return new DataView(memoryAt(event, offset + 4)).getUint32(offset, true);
}

export class HelpView {
  readonly #gtk: Gtk;
  readonly #builder: Pointer;
  readonly #texts: Record<string, string>;
  readonly #report: (report: Report) => void;
  readonly #tickHandler = handlers.source(() => this.#tick());
  #question: Question | undefined;
  #timer: number | undefined;
  #page: "session" | "key" = "session";
  #typedAt = -Infinity;
  #sizeBefore = { width: 0, height: 0 };

  constructor(gtk: Gtk, texts: Record<string, string>, report: (report: Report) => void) {
    this.#gtk = gtk;
    this.#texts = texts;
    this.#report = report;
    this.#builder = gtk.newBuilder();
    if (!gtk.build(this.#builder, layout, -1, null)) throw new Error("the layout is not valid");
    const css = gtk.newStyle();
    if (!gtk.loadStyle(css, style, -1, null)) throw new Error("the style is not valid");
    gtk.useStyle(gtk.gdkScreen(), css, APPLICATION_PRIORITY);
    this.#fillIn();
    this.#connect();
    this.#place();
  }

  show(state: OrderOf<"show">): void {
    this.#turnTo("session");
    this.#gtk.setTitle(this.#widget("window"), state.title);
    this.#line("representatives-title", state.representatives && this.#text("representatives"));
    this.#line("representatives", state.representatives);
    this.#line("status", state.status);
    this.#line("allowed-title", state.allowed && this.#text("allowed"));
    this.#line("allowed", state.allowed);
    this.#gtk.setVisible(this.#widget("take-back"), state.allowed === "" ? 0 : 1);
    this.#line("warning", state.warning);
    this.#gtk.setVisible(this.#widget("recording"), state.isRecording ? 1 : 0);
    this.#gtk.show(this.#widget("window"));
  }

  ask(order: OrderOf<"ask">): void {
    const { id, seconds } = order;
    this.#open(order, {
      id,
      seconds,
      shownAt: performance.now(),
      answer: (isAllowed) => this.#report({ report: "answered", id, isAllowed }),
    });
  }

  withdraw(id: number): void {
    if (this.#question?.id === id) this.#close();
  }

  askKey(order: OrderOf<"ask-key">): void {
    const { setButton, grabFocus } = this.#gtk;
    this.#line("key-title", order.title);
    this.#line("key-body", order.body);
    this.#line("key-error", order.error);
    setButton(this.#widget("key-cancel"), order.cancel);
    setButton(this.#widget("key-ok"), order.ok);
    this.#name("key-entry", order.title);
    this.#gtk.setTitle(this.#widget("window"), order.title);
    this.#turnTo("key");
    this.#gtk.show(this.#widget("window"));
    grabFocus(this.#widget("key-entry"));
    // With the server's time the window also gets the keyboard: the customer has just started it.
    const now = this.#gtk.serverTimeMs(this.#gtk.gdkWindow(this.#widget("window")));
    this.#gtk.presentAt(this.#widget("window"), now);
  }

  addChat(order: OrderOf<"chat">): void {
    const heading = this.#newLabel(order.heading, "sender", order.isMine);
    const text = this.#newLabel(order.text, "bubble", order.isMine);
    this.#gtk.setSelectable(text, 1);
    if (order.isMine) this.#gtk.addClass(this.#gtk.styleContext(text), "mine");
    for (const label of [heading, text]) this.#gtk.add(this.#widget("chat-log"), label);
    if (!order.isMine) this.#gtk.setUrgent(this.#widget("window"), 1);
  }

  setTyping(text: string): void {
    this.#line("typing", text);
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
    this.#gtk.setVisible(this.#widget(name), text === "" ? 0 : 1);
  }

  #name(widget: string, name: string): void {
    this.#gtk.setAccessibleName(this.#gtk.accessible(this.#widget(widget)), name);
  }

  #newLabel(text: string, name: string, isMine: boolean): Pointer {
    const gtk = this.#gtk;
    const label = gtk.newLabel(text);
    gtk.setWrap(label, 1);
    gtk.setWrapMode(label, WRAP_WORD_CHAR);
    gtk.setMaxWidth(label, 34);
    gtk.setStart(label, 0);
    gtk.setAlignment(label, isMine ? ALIGN_END : ALIGN_START);
    gtk.addClass(gtk.styleContext(label), name);
    gtk.show(label);
    return label;
  }

  #fillIn(): void {
    this.#gtk.setLabel(this.#widget("recording-text"), this.#text("recording"));
    this.#gtk.setButton(this.#widget("chat-send"), this.#text("send"));
    this.#gtk.setButton(this.#widget("stop"), this.#text("stop"));
    this.#gtk.setButton(this.#widget("take-back"), this.#text("takeBack"));
    this.#gtk.setHint(this.#widget("chat-entry"), this.#text("chatEntry"));
    this.#name("chat-entry", this.#text("chatEntry"));
    this.#name("chat-log", this.#text("chat"));
  }

  #connect(): void {
    const on = (widget: string, signal: string, run: () => void): void => {
      const handler = handlers.signal(run);
      this.#gtk.connect(this.#widget(widget), signal, handler, null, null, 0);
    };
    on("prompt-allow", "clicked", () => this.#press(true));
    on("prompt-refuse", "clicked", () => this.#press(false));
    on("stop", "clicked", () => this.#report({ report: "stop" }));
    on("take-back", "clicked", () => this.#report({ report: "take-back" }));
    on("chat-send", "clicked", () => this.#send());
    on("chat-entry", "activate", () => this.#send());
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
      const right = area.readInt32LE(0) + area.readInt32LE(8);
      gtk.move(window, right - 360 - MARGIN, area.readInt32LE(4) + MARGIN);
    }
    gtk.realize(window);
    gtk.setFunctions(gtk.gdkWindow(window), WINDOW_FUNCTIONS);
    gtk.grabFocus(this.#widget("chat-entry"));
  }

  #turnTo(page: "session" | "key"): void {
    this.#page = page;
    this.#gtk.showPage(this.#widget("pages"), page);
  }

  /** The question pushes the window open; afterwards it is as large as before. */
  #rememberSize(): void {
    const [width, height] = [[0], [0]];
    this.#gtk.size(this.#widget("window"), width, height);
    this.#sizeBefore = { width: width[0] ?? 0, height: height[0] ?? 0 };
  }

  #open(
    { title, body, allow, refuse }: { title: string; body: string; allow: string; refuse: string },
    question: Question,
  ): void {
    const gtk = this.#gtk;
    if (!this.#question) this.#rememberSize();
    this.#question = question;
    this.#line("prompt-title", title);
    this.#line("prompt-body", body);
    gtk.setButton(this.#widget("prompt-allow"), allow);
    gtk.setButton(this.#widget("prompt-refuse"), refuse);
    this.#showSeconds();
    gtk.setVisible(this.#widget("prompt"), 1);
    gtk.show(this.#widget("window"));
    gtk.grabDefault(this.#widget("prompt-refuse"));
    gtk.grabFocus(this.#widget("prompt-refuse"));
    // Without a time the window manager raises the window, or flashes it while the customer types
    // elsewhere: what they type there must not answer.
    gtk.present(this.#widget("window"));
    if (question.id === undefined) return;
    gtk.setUrgent(this.#widget("window"), 1);
    this.#timer ??= gtk.everySeconds(1, this.#tickHandler, null);
  }

  #close(): void {
    this.#question = undefined;
    this.#gtk.setVisible(this.#widget("prompt"), 0);
    const { width, height } = this.#sizeBefore;
    this.#gtk.resize(this.#widget("window"), width, height);
    this.#gtk.setUrgent(this.#widget("window"), 0);
    if (this.#timer !== undefined) this.#gtk.removeSource(this.#timer);
    this.#timer = undefined;
    const next = this.#page === "key" ? "key-entry" : "chat-entry";
    this.#gtk.grabFocus(this.#widget(next));
  }

  #press(isAllowed: boolean): void {
    const question = this.#question;
    if (!question || performance.now() - question.shownAt < SETTLE_MS) return;
    this.#answer(isAllowed);
  }

  #answer(isAllowed: boolean): void {
    const question = this.#question;
    this.#close();
    question?.answer(isAllowed);
  }

  /** Runs each second while a question counts down; the client itself keeps the time. */
  #tick(): number {
    this.#showSeconds();
    return 1;
  }

  #showSeconds(): void {
    const question = this.#question;
    const passed = question ? Math.floor((performance.now() - question.shownAt) / 1000) : 0;
    const left = question?.id === undefined ? "" : String(Math.max(0, question.seconds - passed));
    this.#line("prompt-seconds", left && this.#text("secondsLeft").replace("{seconds}", left));
  }

  #closing(): number {
    if (this.#page === "key") {
      this.#report({ report: "key" });
      return 1;
    }
    if (this.#question) this.#answer(false);
    this.#open(
      {
        title: this.#text("closeTitle"),
        body: this.#text("closeBody"),
        allow: this.#text("closeStop"),
        refuse: this.#text("closeKeep"),
      },
      {
        id: undefined,
        seconds: 0,
        shownAt: performance.now(),
        answer: (isConfirmed) => {
          if (isConfirmed) this.#report({ report: "stop" });
        },
      },
    );
    return 1;
  }

  #keyPressed(event: Pointer): number {
    if (numberAt(event, KEYVAL) !== ESCAPE) return 0;
    if (this.#question) this.#press(false);
    else if (this.#page === "key") this.#report({ report: "key" });
    return 1;
  }

  #send(): void {
    const entry = this.#widget("chat-entry");
    const text = this.#gtk.entryText(entry).trim();
    if (text === "") return;
    this.#gtk.setEntry(entry, "");
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
