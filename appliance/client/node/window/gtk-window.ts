/**
 * The help window as the client sees it. The window lives in a process of its own, so that it stays
 * alive and answers whatever the client is busy with. When that process ends by itself, the customer
 * has lost their Stop button: that counts as Stop.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type {
  HelpChatMessage,
  HelpQuestion,
  HelpWindow,
  HelpWindowState,
  HelpWindowTexts,
  KeyQuestion,
} from "../../core/host.ts";
import { MissingLibraryError } from "../native.ts";
import { Lines, type Order, Report } from "./message.ts";

/** How the help window is opened. */
export interface GtkWindowOptions {
  texts: HelpWindowTexts;
  /** For instance ":0"; without it the environment's DISPLAY. */
  display?: string | undefined;
  /** Language of the times shown, such as "fr"; default: the environment's. */
  locale?: string | undefined;
  /** The window's program; default: the one beside this file. */
  program?: string | undefined;
}

interface Answer {
  resolve(isAllowed: boolean): void;
}

const KILL_AFTER_MS = 2000;

/** The window's program lies beside this one, in the form this one is run in. */
function besideThis(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./window-process.${extension}`, import.meta.url));
}

class GtkWindow implements HelpWindow {
  readonly #child: ChildProcess;
  readonly #texts: HelpWindowTexts;
  readonly #time: Intl.DateTimeFormat;
  readonly #answers = new Map<number, Answer>();
  readonly #chat: ((text: string) => void)[] = [];
  readonly #typing: (() => void)[] = [];
  readonly #takeBack: (() => void)[] = [];
  readonly #stop: (() => void)[] = [];
  /** Questions are asked one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #key: ((key: string | undefined) => void) | undefined;
  #lastId = 0;
  #shown = "";
  #isOver = false;

  constructor(child: ChildProcess, options: GtkWindowOptions) {
    this.#child = child;
    this.#texts = options.texts;
    this.#time = new Intl.DateTimeFormat(options.locale, { timeStyle: "short" });
  }

  show(state: HelpWindowState): void {
    const order: Order = {
      order: "show",
      title: this.#texts.title.replace("{site}", () => state.siteName),
      representatives: state.representatives.join(", "),
      status: state.status,
      allowed: state.allowed.map((line) => `•  ${line}`).join("\n"),
      isRecording: state.recording,
      warning: state.warning ?? "",
    };
    const shown = JSON.stringify(order);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#order(order);
  }

  ask(question: HelpQuestion, signal?: AbortSignal): Promise<boolean> {
    const answer = this.#queue.then(() => this.#askNow(question, signal));
    this.#queue = answer;
    return answer;
  }

  askKey(question: KeyQuestion, error = ""): Promise<string | undefined> {
    this.#key?.(undefined);
    if (this.#isOver) return Promise.resolve(undefined);
    // The page of the session comes back with the next state, even if it is the last one again.
    this.#shown = "";
    const { title, body, okLabel, cancelLabel } = question;
    this.#order({ order: "ask-key", title, body, ok: okLabel, cancel: cancelLabel, error });
    return new Promise((resolve) => (this.#key = resolve));
  }

  addChat(message: HelpChatMessage): void {
    const from = message.mine ? this.#texts.you : message.from;
    const heading = `${from} · ${this.#time.format(message.at)}`;
    this.#order({ order: "chat", heading, text: message.text, isMine: message.mine });
  }

  setTyping(name: string | undefined): void {
    const text = name === undefined ? "" : this.#texts.typing.replace("{name}", () => name);
    this.#order({ order: "typing", text });
  }

  onChat(listener: (text: string) => void): void {
    this.#chat.push(listener);
  }

  onTyping(listener: () => void): void {
    this.#typing.push(listener);
  }

  onTakeBack(listener: () => void): void {
    this.#takeBack.push(listener);
  }

  onStop(listener: () => void): void {
    this.#stop.push(listener);
  }

  [Symbol.dispose](): void {
    this.#finish();
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), KILL_AFTER_MS);
    timer.unref();
    this.#child.once("exit", () => clearTimeout(timer));
  }

  /** To be called with each report of the window. */
  receive(message: Report): void {
    switch (message.report) {
      case "answered":
        this.#answers.get(message.id)?.resolve(message.isAllowed);
        break;
      case "key":
        this.#key?.(message.key);
        this.#key = undefined;
        break;
      case "chat":
        for (const listener of this.#chat) listener(message.text);
        break;
      case "typing":
        for (const listener of this.#typing) listener();
        break;
      case "take-back":
        for (const listener of this.#takeBack) listener();
        break;
      case "stop":
        this.#stopped();
        break;
      case "failed":
        // Its process ends next, and that counts as Stop.
        process.emitWarning(`the help window failed: ${message.reason}`);
        break;
      case "ready":
        break;
    }
  }

  /** To be called when the window's process has ended. */
  ended(): void {
    if (this.#isOver) return;
    this.#finish();
    this.#stopped();
  }

  #askNow(question: HelpQuestion, signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted || this.#isOver) return Promise.resolve(false);
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      const settle = (isAllowed: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", refuse);
        this.#answers.delete(id);
        this.#order({ order: "withdraw", id });
        resolve(isAllowed);
      };
      const refuse = (): void => settle(false);
      const timer = setTimeout(refuse, question.timeoutMs);
      signal?.addEventListener("abort", refuse);
      this.#answers.set(id, { resolve: settle });
      this.#order({
        order: "ask",
        id,
        title: question.title,
        body: question.body,
        allow: question.allowLabel,
        refuse: question.refuseLabel,
        seconds: Math.ceil(question.timeoutMs / 1000),
      });
    });
  }

  #stopped(): void {
    this.#refuseAll();
    for (const listener of this.#stop) listener();
  }

  #finish(): void {
    this.#isOver = true;
    this.#refuseAll();
  }

  #refuseAll(): void {
    for (const answer of [...this.#answers.values()]) answer.resolve(false);
    this.#key?.(undefined);
    this.#key = undefined;
  }

  #order(order: Order): void {
    if (this.#isOver) return;
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}

function start(options: GtkWindowOptions): ChildProcess {
  const display = options.display === undefined ? {} : { DISPLAY: options.display };
  const child = spawn(process.execPath, [options.program ?? besideThis()], {
    // Only X11 lets a window stay above the others, and it is the X screen that is shown.
    env: { ...process.env, ...display, GDK_BACKEND: "x11" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // Writing to a window that has just ended is no fault: its end is heard of otherwise.
  child.stdin.on("error", () => undefined);
  const open: Order = { order: "open", texts: { ...options.texts } };
  child.stdin.write(`${JSON.stringify(open)}\n`);
  return child;
}

function failure(message: Extract<Report, { report: "failed" }>): Error {
  const { missing, reason } = message;
  if (missing) return new MissingLibraryError(missing.library, missing.packages, reason);
  return new Error(`the help window cannot be opened: ${reason}`);
}

/**
 * Opens the help window; it shows itself with the first `show`, `ask` or `askKey`. Rejects with
 * MissingLibraryError where GTK 3 is not installed, or Error when there is no display.
 */
export function openGtkWindow(options: GtkWindowOptions): Promise<HelpWindow> {
  const child = start(options);
  const lines = new Lines();
  let window: GtkWindow | undefined;
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (bytes: Buffer) => {
      for (const line of lines.push(bytes)) {
        const message = Report.parse(JSON.parse(line));
        if (message.report === "failed" && !window) reject(failure(message));
        else if (message.report === "ready") resolve((window = new GtkWindow(child, options)));
        else window?.receive(message);
      }
    });
    child.once("error", reject);
    child.once("exit", () => {
      window?.ended();
      reject(new Error("the help window ended before it was open"));
    });
  });
}
