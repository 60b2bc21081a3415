import { piecesOf } from "@handrail/protocol";
import type { Pointer } from "../native.ts";
import type { Gtk } from "./gtk.ts";
import type { Order } from "./message.ts";

const ALIGN_START = 1;
const ALIGN_END = 2;
const WRAP_WORD_CHAR = 2;
/** So many addresses of one message are offered as links. */
const maxLinks = 8;

/** What the conversation needs of the window that it is part of. */
export interface ChatLogPlace {
  readonly gtk: Gtk;
  readonly window: Pointer;
  /** The box of the messages. */
  readonly box: Pointer;
  /** How many messages came while the customer was elsewhere. */
  readonly unread: (count: number) => void;
}

/** The messages of the help window, and how many of them nobody has seen. */
export class ChatLog {
  readonly #place: ChatLogPlace;
  #unread = 0;
  #isEmpty = true;

  constructor(place: ChatLogPlace) {
    this.#place = place;
    const { gtk, box } = place;
    const log = gtk.accessible(box);
    gtk.setAccessibleRole(log, gtk.accessibleRole("log"));
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  add(order: Extract<Order, { order: "chat" }>): void {
    const { gtk, window, box } = this.#place;
    const { heading, text, offer, isMine } = order;
    this.#isEmpty = false;
    gtk.add(box, this.#newLabel(heading, "sender", isMine));
    const label = this.#newLabel(offer || text, offer === "" ? "bubble" : "strong", isMine);
    gtk.setSelectable(label, 1);
    const said = gtk.accessible(label);
    gtk.setAccessibleName(said, `${heading}\n${offer || text}`);
    // Screen readers say a notification when it appears, wherever the keyboard is.
    if (!isMine) gtk.setAccessibleRole(said, gtk.accessibleRole("notification"));
    if (isMine) gtk.addClass(gtk.styleContext(label), "mine");
    gtk.add(box, label);
    for (const address of addressesIn(text)) gtk.add(box, this.#newLink(address, isMine));
    if (isMine) return;
    gtk.setUrgent(window, 1);
    if (gtk.isActive(window)) return;
    this.#unread += 1;
    this.#place.unread(this.#unread);
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
