/**
 * The help window as the client sees it. The window lives in a process of its own, so that it stays
 * alive and answers whatever the client is busy with. When that process ends by itself, the customer
 * has lost their Stop button: that counts as Stop. Unless it was the display that went: then there is
 * nobody to press it and nothing to be seen, and the window can be opened again when it is back.
 */
import type {
  HelpAnswer,
  HelpChatMessage,
  HelpEnding,
  HelpQuestion,
  HelpSurvey,
  HelpWindow,
  HelpWindowState,
  HelpWindowTexts,
  KeyQuestion,
} from "../../core/host.ts";
import type { DesktopStart } from "../desktop-user.ts";
import { type DisplayWatch, watchDisplay } from "../x11/display-watch.ts";
import type { Order, Report } from "./message.ts";
import { WindowProgram } from "./window-program.ts";

/** How the help window is opened. */
export interface GtkWindowOptions {
  texts: HelpWindowTexts;
  /** What the site is called before a state says so. */
  siteName: string;
  /** For instance ":0"; without it the environment's DISPLAY. */
  display?: string | undefined;
  /** Language of the times shown, such as "fr"; default: the environment's. */
  locale?: string | undefined;
  /** The window's program; default: the one beside the code of this one. */
  program?: string | undefined;
  /** As whom it is started; default: as this program. */
  desktop?: DesktopStart | undefined;
  /** Whether what GTK complains of is seen where this program was started; default: it is not. */
  isVerbose?: boolean | undefined;
}

interface Answer {
  resolve(isAllowed: boolean): void;
}

/** So much of a conversation is shown again in a window that is opened again. */
const keptMessages = 500;

class GtkWindow implements HelpWindow {
  readonly #options: GtkWindowOptions;
  readonly #time: Intl.DateTimeFormat;
  readonly #answers = new Map<number, Answer>();
  readonly #chat: ((text: string) => void)[] = [];
  readonly #typing: (() => void)[] = [];
  readonly #saveFile: ((id: number) => void)[] = [];
  readonly #pickFile: ((path: string) => void)[] = [];
  readonly #takeBack: (() => void)[] = [];
  readonly #stop: (() => void)[] = [];
  readonly #displayLost: (() => void)[] = [];
  #program: WindowProgram | undefined;
  #watch: DisplayWatch | undefined;
  /** Questions are asked one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #key: ((key: string | undefined) => void) | undefined;
  #closed: ((isByCustomer: boolean) => void) | undefined;
  #answered: ((answers: readonly HelpAnswer[]) => Promise<void>) | undefined;
  #siteName: string;
  #lastId = 0;
  /** The last state, and the conversation: for a window that is opened again. */
  #shown: Order | undefined;
  #said: Order[] = [];
  #isOver = false;

  constructor(options: GtkWindowOptions) {
    this.#options = options;
    this.#siteName = options.siteName;
    this.#time = new Intl.DateTimeFormat(options.locale, { timeStyle: "short" });
  }

  /** Opens it for the first time. @throws as `openGtkWindow` */
  async open(): Promise<void> {
    const { display, texts, program, desktop, isVerbose } = this.#options;
    using guard = new DisposableStack();
    const watch = guard.use(
      watchDisplay({ display }, () => {
        if (this.#watch === watch) this.#lost();
      }),
    );
    const opened = guard.use(
      await WindowProgram.start(
        { texts: { ...texts }, display, program, desktop, isVerbose },
        {
          reported: (report) => this.#receive(report),
          ended: () => {
            if (this.#program === opened) this.#ended();
          },
        },
      ),
    );
    if (this.#isOver || opened.isOver || watch.isGone()) throw new Error("the display has gone");
    guard.move();
    [this.#watch, this.#program] = [watch, opened];
  }

  async reopen(): Promise<boolean> {
    if (this.#isOver || this.#program) return this.#program !== undefined;
    try {
      await this.open();
    } catch {
      // The usual answer, many times over, of a display that is not back.
      return false;
    }
    for (const order of [...(this.#shown ? [this.#shown] : []), ...this.#said]) this.#order(order);
    return true;
  }

  show(state: HelpWindowState): void {
    this.#siteName = state.siteName;
    const order: Order = {
      order: "show",
      title: this.#title(),
      site: state.siteName,
      representatives: state.representatives.join(", "),
      status: state.status,
      allowed: state.allowed.map((line) => `•  ${line}`).join("\n"),
      isRecording: state.recording,
      warning: state.warning ?? "",
      maySendFiles: state.maySendFiles ?? false,
      mayWrite: state.mayWrite ?? true,
    };
    if (JSON.stringify(order) === JSON.stringify(this.#shown)) return;
    this.#shown = order;
    this.#order(order);
  }

  ask(question: HelpQuestion, signal?: AbortSignal): Promise<boolean> {
    const answer = this.#queue.then(() => this.#askNow(question, signal));
    this.#queue = answer;
    return answer;
  }

  askKey(question: KeyQuestion, error = ""): Promise<string | undefined> {
    this.#key?.(undefined);
    if (!this.#program) return Promise.resolve(undefined);
    // The page of the session comes back with the next state, even if it is the last one again.
    this.#shown = undefined;
    const { title, body, okLabel, cancelLabel } = question;
    this.#order({
      ...{ order: "ask-key", window: this.#title() },
      ...{ title, body, ok: okLabel, cancel: cancelLabel, error },
    });
    return new Promise((resolve) => (this.#key = resolve));
  }

  end(
    { title, body, note, closeLabel, survey }: HelpEnding,
    answered?: (answers: readonly HelpAnswer[]) => Promise<void>,
  ): Promise<boolean> {
    this.#refuseAll();
    if (!this.#program) return Promise.resolve(false);
    this.#answered = async (answers) => {
      if (!survey || !answered) return;
      this.#answered = undefined;
      const text = await answered(answers).then(
        () => survey.thanks,
        () => survey.failed,
      );
      this.#order({ order: "survey-result", text });
    };
    this.#order({
      ...{ order: "end", window: this.#title(), title, body, note, close: closeLabel },
      ...(survey ? { survey: surveyOrder(survey) } : {}),
    });
    return new Promise((resolve) => (this.#closed = resolve));
  }

  addChat(message: HelpChatMessage): void {
    const from = message.mine ? this.#options.texts.you : message.from;
    const heading = `${from} · ${this.#time.format(message.at)}`;
    const { text, mine: isMine } = message;
    const offer = message.isOffer ? this.#options.texts.offered : "";
    const isDeed = message.isDeed ?? false;
    const { fileId, canSave = false } = message;
    const save = canSave ? this.#options.texts.saveFile : "";
    const order: Order = { order: "chat", heading, offer, text, isMine, isDeed, save };
    this.#say(fileId === undefined ? order : { ...order, fileId });
  }

  setFile(id: number, { text, canSave }: { text: string; canSave: boolean }): void {
    this.#said = this.#said.filter((each) => each.order !== "file" || each.id !== id);
    this.#say({ order: "file", id, text, canSave });
  }

  /** Shown again in a window that is opened again. */
  #say(order: Order): void {
    this.#said = [...this.#said.slice(1 - keptMessages), order];
    this.#order(order);
  }

  nudge(name: string): void {
    const text = this.#options.texts.nudged.replace("{name}", () => name);
    this.#order({ order: "nudge", text });
  }

  setTyping(name: string | undefined): void {
    const { typing } = this.#options.texts;
    const text = name === undefined ? "" : typing.replace("{name}", () => name);
    this.#order({ order: "typing", text });
  }

  onChat(listener: (text: string) => void): void {
    this.#chat.push(listener);
  }

  onTyping(listener: () => void): void {
    this.#typing.push(listener);
  }

  onSaveFile(listener: (id: number) => void): void {
    this.#saveFile.push(listener);
  }

  onPickFile(listener: (path: string) => void): void {
    this.#pickFile.push(listener);
  }

  onTakeBack(listener: () => void): void {
    this.#takeBack.push(listener);
  }

  onStop(listener: () => void): void {
    this.#stop.push(listener);
  }

  onDisplayLost(listener: () => void): void {
    this.#displayLost.push(listener);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#letGo();
  }

  #title(): string {
    return this.#options.texts.title.replace("{site}", () => this.#siteName);
  }

  #receive(message: Report): void {
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
      case "save-file":
        for (const listener of this.#saveFile) listener(message.id);
        break;
      case "pick-file":
        for (const listener of this.#pickFile) listener(message.path);
        break;
      case "take-back":
        for (const listener of this.#takeBack) listener();
        break;
      case "stop":
        this.#stopped();
        break;
      case "survey":
        void this.#answered?.(message.answers);
        break;
      case "close":
        this.#closed?.(true);
        break;
      case "failed":
        // Its process ends next, and that counts as Stop.
        process.emitWarning(`the help window failed: ${message.reason}`);
        break;
      case "ready":
        break;
    }
  }

  /** The window's process has ended by itself. */
  #ended(): void {
    if (this.#watch?.isGone()) return this.#lost();
    this.#letGo();
    this.#stopped();
  }

  #lost(): void {
    if (!this.#watch) return;
    this.#letGo();
    for (const listener of this.#displayLost) listener();
  }

  #askNow(question: HelpQuestion, signal: AbortSignal | undefined): Promise<boolean> {
    if (signal?.aborted || !this.#program) return Promise.resolve(false);
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

  /** There is no window any more. */
  #letGo(): void {
    const [program, watch] = [this.#program, this.#watch];
    [this.#program, this.#watch] = [undefined, undefined];
    this.#refuseAll();
    program?.[Symbol.dispose]();
    watch?.[Symbol.dispose]();
  }

  #refuseAll(): void {
    for (const answer of [...this.#answers.values()]) answer.resolve(false);
    this.#key?.(undefined);
    this.#key = undefined;
    this.#closed?.(false);
    this.#closed = undefined;
  }

  #order(order: Order): void {
    this.#program?.order(order);
  }
}

function surveyOrder({ title, send, questions, ...words }: HelpSurvey) {
  const { worst, best, yes, no } = words;
  return {
    ...{ title, send, questions: [...questions] },
    scale: { worst, best },
    yesNo: [
      { value: "yes", label: yes },
      { value: "no", label: no },
    ],
  };
}

/**
 * Opens the help window; it shows itself with the first `show`, `ask` or `askKey`. Rejects with
 * MissingLibraryError where GTK 3 is not installed, or Error when there is no display.
 */
export async function openGtkWindow(options: GtkWindowOptions): Promise<HelpWindow> {
  const window = new GtkWindow(options);
  await window.open();
  return window;
}
