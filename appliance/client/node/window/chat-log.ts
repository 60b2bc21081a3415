import { piecesOf } from "@handrail/protocol";
import type { Pointer } from "../native.ts";
import { type Gtk, handlers } from "./gtk.ts";
import type { Order } from "./message.ts";

const ALIGN_START = 1;
const ALIGN_END = 2;
const WRAP_WORD_CHAR = 2;
/** So many addresses of one message are offered as links. */
const maxLinks = 8;

/** Below the line of a file: the button to save it, where it can be, and how it stands. */
interface FileRow {
  readonly button: Pointer | undefined;
  readonly state: Pointer;
}

/** What the conversation needs of the window that it is part of. */
export interface ChatLogPlace {
  readonly gtk: Gtk;
  readonly window: Pointer;
  /** The box of the messages. */
  readonly box: Pointer;
  /** The customer wants the file of a line. */
  readonly save: (id: number) => void;
  /** How many messages came while the customer was elsewhere. */
  readonly unread: (count: number) => void;
}

/** The messages of the help window, and how many of them nobody has seen. */
export class ChatLog {
  readonly #place: ChatLogPlace;
  readonly #files = new Map<number, FileRow>();
  /** One for all: none can be made once the main loop runs. */
  readonly #pressed: Pointer;
  #unread = 0;
  #isEmpty = true;

  constructor(place: ChatLogPlace) {
    this.#place = place;
    const { gtk, box } = place;
    this.#pressed = handlers.signal((button) => {
      const [id] = [...this.#files].find(([, row]) => row.button === button) ?? [];
      if (id !== undefined) place.save(id);
    });
    const log = gtk.accessible(box);
    gtk.setAccessibleRole(log, gtk.accessibleRole("log"));
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  add(order: Extract<Order, { order: "chat" }>): void {
    const { gtk, window, box } = this.#place;
    const { heading, text, offer, isMine, isDeed } = order;
    this.#isEmpty = false;
    gtk.add(box, this.#newLabel(heading, "sender", isMine));
    const label = this.#newLabel(offer || text, offer === "" ? "bubble" : "strong", isMine);
    gtk.setSelectable(label, 1);
    const said = gtk.accessible(label);
    gtk.setAccessibleName(said, `${heading}\n${offer || text}`);
    // Screen readers say a notification when it appears, wherever the keyboard is.
    if (!isMine && !isDeed) gtk.setAccessibleRole(said, gtk.accessibleRole("notification"));
    if (isMine) gtk.addClass(gtk.styleContext(label), "mine");
    gtk.add(box, label);
    for (const address of addressesIn(text)) gtk.add(box, this.#newLink(address, isMine));
    this.#addFile(order);
    if (isMine || isDeed) return;
    gtk.setUrgent(window, 1);
    if (gtk.isActive(window)) return;
    this.#unread += 1;
    this.#place.unread(this.#unread);
  }

  /** Says how the file of a line stands. */
  setFile({ id, text, canSave }: Extract<Order, { order: "file" }>): void {
    const { gtk } = this.#place;
    const row = this.#files.get(id);
    if (!row) return;
    gtk.setLabel(row.state, text);
    gtk.setVisible(row.state, text === "" ? 0 : 1);
    if (row.button !== undefined) gtk.setVisible(row.button, canSave ? 1 : 0);
  }

  #addFile({ fileId, save, text, isMine }: Extract<Order, { order: "chat" }>): void {
    if (fileId === undefined) return;
    const { gtk, box } = this.#place;
    const state = this.#newLabel("", "sender", isMine);
    gtk.setVisible(state, 0);
    gtk.setAccessibleRole(gtk.accessible(state), gtk.accessibleRole("notification"));
    const button = save === "" ? undefined : gtk.newButton(save);
    this.#files.set(fileId, { button, state });
    if (button !== undefined) {
      gtk.setAccessibleName(gtk.accessible(button), `${save.replace("_", "")}: ${text}`);
      gtk.setAlignment(button, ALIGN_START);
      gtk.connect(button, "clicked", this.#pressed, null, null, 0);
      gtk.show(button);
      gtk.add(box, button);
    }
    gtk.add(box, state);
  }

  /** The customer is here. */
  seen(): void {
    if (this.#unread === 0) return;
    this.#unread = 0;
    this.#place.unread(0);
  }

  /** A button that says which page it opens; it is for GTK to find the customer's browser. */
  #newLink(address: string, isMine: boolean): Pointer {
    const { gtk } = this.#place;
    const link = gtk.newLink(address, address);
    this.#wrap(gtk.child(link));
    gtk.setAlignment(link, isMine ? ALIGN_END : ALIGN_START);
    gtk.addClass(gtk.styleContext(link), "address");
    gtk.show(link);
    return link;
  }

  #newLabel(text: string, name: string, isMine: boolean): Pointer {
    const { gtk } = this.#place;
    const label = gtk.newLabel(text);
    this.#wrap(label);
    gtk.setAlignment(label, isMine ? ALIGN_END : ALIGN_START);
    gtk.addClass(gtk.styleContext(label), name);
    gtk.show(label);
    return label;
  }

  #wrap(label: Pointer): void {
    const { gtk } = this.#place;
    gtk.setWrap(label, 1);
    gtk.setWrapMode(label, WRAP_WORD_CHAR);
    gtk.setMaxWidth(label, 34);
    gtk.setStart(label, 0);
  }
}

/** The web addresses in a message, each once, as they are opened. */
function addressesIn(text: string): string[] {
  const found = piecesOf(text).flatMap(({ url }) => (url === undefined ? [] : [url]));
  return [...new Set(found)].slice(0, maxLinks);
}
