import type { Pointer } from "../native.ts";
import { type Gtk, handlers } from "./gtk.ts";
import { chooserLayout } from "./layout.ts";

/** GtkResponseType. */
const RESPONSE_ACCEPT = -3;
/** Of the dialog, pixels: room for names, places and the button that sends. */
const WIDTH = 640;
const HEIGHT = 440;
const MARGIN = 24;

interface FilePickerOptions {
  readonly gtk: Gtk;
  /** The window that it belongs to and never lies on, where the screen has room beside it. */
  readonly window: Pointer;
  readonly texts: { readonly title: string; readonly cancel: string; readonly send: string };
  readonly picked: (path: string) => void;
}

/**
 * The system's own dialog for a file. It is made when it is first wanted, since GTK begins folders
 * of its own in the customer's home then; what it calls back is made before the main loop runs.
 */
export class FilePicker {
  readonly #options: FilePickerOptions;
  readonly #answered: Pointer;
  readonly #closing: Pointer;
  #dialog: Pointer | undefined;

  constructor(options: FilePickerOptions) {
    this.#options = options;
    const { gtk, picked } = options;
    this.#answered = handlers.response((dialog, response) => {
      const path = response === RESPONSE_ACCEPT ? gtk.chosenFile(dialog) : null;
      this.hide();
      if (path !== null) picked(path);
    });
    this.#closing = handlers.event(() => {
      this.hide();
      return 1;
    });
  }

  show(): void {
    const { gtk } = this.#options;
    const dialog = (this.#dialog ??= this.#make());
    gtk.present(dialog);
    // Only now: as it appears, GTK gives it a size of its own, which covers the window.
    this.#place(dialog);
  }

  hide(): void {
    if (this.#dialog !== undefined) this.#options.gtk.setVisible(this.#dialog, 0);
  }

  #make(): Pointer {
    const { gtk, window, texts } = this.#options;
    const builder = gtk.newBuilder();
    if (!gtk.build(builder, chooserLayout, -1, null)) throw new Error("the layout is not valid");
    const widget = (name: string): Pointer => {
      const found = gtk.object(builder, name);
      if (found === null) throw new Error(`the layout has no ${name}`);
      return found;
    };
    gtk.setButton(widget("chooser-cancel"), texts.cancel);
    gtk.setButton(widget("chooser-send"), texts.send);
    const dialog = widget("chooser");
    gtk.setTitle(dialog, texts.title);
    gtk.setParent(dialog, window);
    gtk.connect(dialog, "response", this.#answered, null, null, 0);
    gtk.connect(dialog, "delete-event", this.#closing, null, null, 0);
    return dialog;
  }

  /** Beside the window: at its left where that has room, else at its right. */
  #place(dialog: Pointer): void {
    const { gtk, window } = this.#options;
    const [x, y, width, height] = [[0], [0], [0], [0]];
    gtk.position(window, x, y);
    gtk.size(window, width, height);
    const [left = 0] = x;
    const [top = 0] = y;
    const [windowWidth = 0] = width;
    const beside = left - MARGIN - WIDTH;
    gtk.resize(dialog, WIDTH, HEIGHT);
    gtk.move(dialog, beside >= 0 ? beside : left + windowWidth + MARGIN, top);
  }
}
