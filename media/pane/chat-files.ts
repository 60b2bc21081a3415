import { type ChatFile, maxChatFileBytes, type SessionEvent, sizeText } from "@handrail/protocol";
import type { PaneLanguage } from "./contract.ts";
import { element } from "./element.ts";
import type { Texts } from "./texts.ts";

/** A file that was dropped into the conversation. */
export interface PaneFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the files of a conversation need of it. */
export interface ChatFilesPlace {
  readonly texts: Texts;
  readonly language: PaneLanguage;
  /** Null: the host asks which file. */
  readonly send: (file: PaneFile | null) => void;
  readonly save: (seq: number) => void;
  /** What is wrong with what was dropped. */
  readonly fault: (text: string) => void;
}

/** The files of a conversation: their lines, and those that are dropped into it. */
export class ChatFiles {
  readonly #place: ChatFilesPlace;
  /** Those that save, by the number of the message. */
  readonly #buttons = new Map<number, HTMLButtonElement>();
  /** What is said of those that the representatives have sent, by their hash. */
  readonly #sent = new Map<string, HTMLElement[]>();
  /** Hashes of what the customer has saved. */
  readonly #saved = new Set<string>();
  #isEnabled = false;
  #maySave = false;

  constructor(place: ChatFilesPlace) {
    this.#place = place;
  }

  set isEnabled(isEnabled: boolean) {
    this.#isEnabled = isEnabled;
  }

  /** Whether the customer's files can still be fetched: they lie on the customer's computer. */
  set maySave(maySave: boolean) {
    this.#maySave = maySave;
    for (const button of this.#buttons.values()) button.disabled = !maySave;
  }

  /** The lines that were given are shown no more. */
  forget(): void {
    this.#buttons.clear();
    this.#sent.clear();
  }

  /** The line of a file; one of the customer's is saved by a press. */
  line(seq: number, file: ChatFile, isCustomers: boolean): Node[] {
    const { texts, language, save } = this.#place;
    const words = `${file.name} (${sizeText(file.sizeBytes, language)})`;
    const hash = `SHA-256 ${file.sha256}`;
    if (!isCustomers) {
      const isSaved = this.#saved.has(file.sha256);
      const state = element("span", { className: "saved" }, isSaved ? texts.file.saved : "");
      this.#sent.set(file.sha256, [...(this.#sent.get(file.sha256) ?? []), state]);
      return [element("span", { title: hash }, `${texts.file.sent} ${words}`), state];
    }
    const label = texts.file.save(words);
    const button = element("button", { type: "button", className: "save", title: hash }, label);
    button.disabled = !this.#maySave;
    button.addEventListener("click", () => save(seq));
    this.#buttons.set(seq, button);
    return [button];
  }

  /** Takes notice of a file that the customer has saved. */
  learn({ event, detail }: SessionEvent): void {
    if (event !== "chat-file.saved" || typeof detail.sha256 !== "string") return;
    this.#saved.add(detail.sha256);
    const states = this.#sent.get(detail.sha256) ?? [];
    for (const state of states) state.textContent = this.#place.texts.file.saved;
  }

  /** Lets files be dropped on a part of the page. */
  takeDrops(place: HTMLElement): void {
    const isFile = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") ?? false;
    place.addEventListener("dragover", (event) => {
      if (!this.#isEnabled || !isFile(event)) return;
      event.preventDefault();
      place.dataset.drop = "true";
    });
    place.addEventListener("dragleave", () => delete place.dataset.drop);
    place.addEventListener("drop", (event) => {
      delete place.dataset.drop;
      if (!this.#isEnabled || !isFile(event)) return;
      event.preventDefault();
      for (const file of event.dataTransfer?.files ?? []) void this.#dropped(file);
    });
  }

  async #dropped(file: File): Promise<void> {
    const { texts, language, send, fault } = this.#place;
    if (file.size > maxChatFileBytes) {
      return fault(texts.file.tooLarge(file.name, sizeText(maxChatFileBytes, language)));
    }
    try {
      send({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      // A folder, or a file that has gone.
      fault(texts.file.unreadable(file.name));
    }
  }
}
