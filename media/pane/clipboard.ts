import { pngSize } from "@handrail/protocol";
import type { PaneEnd, SessionPane } from "./contract.ts";
import type { Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";

const pngType = "image/png";

/** What the clipboard needs of its pane. */
export interface PaneClipboardPlace {
  readonly end: PaneEnd<SessionPane>;
  readonly stage: Stage;
  readonly texts: Texts;
  /** Shows what an attempt is refused for. */
  readonly attempt: (attempt: Promise<unknown>) => void;
}

/**
 * The part of the clipboard that only a page can do: images. Text goes through the host, whose own
 * clipboard it is. What is pasted into the pane, and not into a box for text, is for the customer.
 */
export class PaneClipboard {
  readonly #place: PaneClipboardPlace;

  constructor(place: PaneClipboardPlace) {
    this.#place = place;
    addEventListener("paste", (event) => this.#pasted(event));
  }

  /** Sends what is on the clipboard: text, or else an image. */
  send(): void {
    const { end, attempt } = this.#place;
    attempt(
      end.request("clipboard.send", { png: null }).then(async ({ done }) => {
        if (!done) await this.#sendImage();
      }),
    );
  }

  /** Gets what the customer has copied. */
  get(): void {
    this.#place.attempt(this.#place.end.request("clipboard.get", null));
  }

  /** The host has found no text: perhaps there is an image. */
  read(): void {
    this.#place.attempt(this.#sendImage());
  }

  /** An image from the customer: onto the clipboard, at once where the browser allows it. */
  async take(png: Uint8Array): Promise<void> {
    const { stage, texts } = this.#place;
    if (await copied(png)) return stage.say(texts.clipboard.imageCopied);
    stage.warn(texts.clipboard.imageCame, {
      label: texts.clipboard.copyImage,
      run: () => void this.#copyOrSave(png),
    });
  }

  async #copyOrSave(png: Uint8Array): Promise<void> {
    const { stage, texts, attempt } = this.#place;
    if (await copied(png)) return stage.say(texts.clipboard.imageCopied);
    stage.warn(texts.clipboard.imageKept, {
      label: texts.clipboard.saveImage,
      run: () => attempt(this.#save(png)),
    });
  }

  async #save(png: Uint8Array): Promise<void> {
    const { end, stage, texts } = this.#place;
    const { path } = await end.request("screenshot.save", { png, ...pngSize(png) });
    if (path !== null) stage.say(texts.clipboard.imageSaved(path));
  }

  async #sendImage(): Promise<void> {
    const png = await imageCopied();
    if (!png) return this.#place.stage.warn(this.#place.texts.clipboard.noneToSend);
    await this.#place.end.request("clipboard.send", { png });
  }

  #pasted(event: ClipboardEvent): void {
    const { target, clipboardData } = event;
    if (!clipboardData || (isForText(target) && clipboardData.types.includes("text/plain"))) return;
    event.preventDefault();
    const image = [...clipboardData.files].find(({ type }) => type === pngType);
    if (!image || clipboardData.types.includes("text/plain")) return this.send();
    const { end, attempt } = this.#place;
    attempt(bytesOf(image).then((png) => end.request("clipboard.send", { png })));
  }
}

/** Whether one writes there; the screen's own box takes keys for the customer's computer. */
function isForText(target: EventTarget | null): boolean {
  const isBox = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
  return isBox && target.closest(".screen") === null;
}

async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}

/** The image on this computer's clipboard; undefined: none that this page may see. */
async function imageCopied(): Promise<Uint8Array | undefined> {
  try {
    const items = await navigator.clipboard.read();
    const item = items.find(({ types }) => types.includes(pngType));
    return item && (await bytesOf(await item.getType(pngType)));
  } catch {
    // The person, the browser or VS Code does not let pages read it: the usual case in a browser.
    return undefined;
  }
}

async function copied(png: Uint8Array): Promise<boolean> {
  try {
    const blob = new Blob([png.slice()], { type: pngType });
    await navigator.clipboard.write([new ClipboardItem({ [pngType]: blob })]);
    return true;
  } catch {
    // Not allowed here, or not without a click.
    return false;
  }
}
