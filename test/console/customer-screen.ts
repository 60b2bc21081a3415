import {
  type DrawMessage,
  drawMessage,
  type InputMessage,
  inputMessage,
  type ViewerMessage,
  viewerMessage,
} from "@handrail/protocol";
import type { Frame } from "../support/chromium.ts";
import type { CustomerEnd, Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Picture, SurfaceWriter } from "../unit/media/surface-writer.ts";

/** The screen of a customer who takes part by the protocol alone: four areas of plain colour. */
export class CustomerScreen {
  static readonly width = 640;
  static readonly height = 400;
  /** Top left, top right, bottom left, bottom right, as 0xRRGGBB. */
  static readonly colors = [0xc0392b, 0x27ae60, 0x2980b9, 0xf1c40f] as const;
  readonly #customer: CustomerEnd;
  readonly #colors: readonly number[];
  readonly #writer = new SurfaceWriter();
  readonly #drawn = new Set<Probe>();

  /** `colors`: of the four areas, where more than one screen is to be told apart. */
  constructor(customer: CustomerEnd, colors: readonly number[] = CustomerScreen.colors) {
    this.#customer = customer;
    this.#colors = colors;
  }

  /** Whether somebody watches now. Where nobody does, the appliance holds the stream or ends it. */
  get isWatched(): boolean {
    const last = this.#channels("screen").at(-1);
    if (!last || last.ended) return false;
    return !answersOn(last).findLast((answer) => answer.type === "hold")?.on;
  }

  /** Draws for whoever watches now, and waits until they have painted it. */
  async show(): Promise<void> {
    await poll("the picture is painted", async () => {
      const probe = this.#channels("screen").findLast(({ ended }) => ended === undefined);
      if (!probe) return false;
      if (!this.#drawn.has(probe)) await this.#draw(probe);
      return answersOn(probe).some((answer) => answer.type === "ack" && answer.seq === 1);
    });
  }

  /** Waits until a pane shows it: drawn now for whoever watches, or kept by the appliance. */
  async seenIn(pane: Frame): Promise<void> {
    await this.show();
    await poll("the pane shows the picture", async () => {
      const shown = await shownColors(pane);
      if (shown.join() !== this.#colors.join()) throw new Error(`it shows ${shown.join()}`);
      return pane.locator('[data-situation="live"]').isVisible();
    });
  }

  async #draw(probe: Probe): Promise<void> {
    this.#drawn.add(probe);
    const { width, height } = CustomerScreen;
    const display = { id: 1, x: 0, y: 0, width, height, primary: true, name: "VGA-1" };
    probe.send(this.#writer.epoch({ width, height }, [display]));
    const picture = new Picture(width, height);
    picture.fill({ x: 0, y: 0, width, height }, (x, y) => this.#colorAt(x, y));
    probe.send(await this.#writer.update(picture, [{ x: 0, y: 0, width, height }]));
  }

  /** Keysyms that were pressed, oldest first. */
  get keysyms(): number[] {
    return this.input.flatMap((each) => (each.type === "key" && each.down ? [each.keysym] : []));
  }

  /** Everything that was done with mouse and keyboard, oldest first. */
  get input(): InputMessage[] {
    return this.#channels("input")
      .flatMap(({ messages }) => messages)
      .map((bytes) => inputMessage.decode(bytes));
  }

  /** Everything that was drawn on it, oldest first. */
  get drawn(): DrawMessage[] {
    return this.#channels("draw")
      .flatMap(({ messages }) => messages)
      .map((bytes) => drawMessage.decode(bytes));
  }

  #channels(kind: "screen" | "input" | "draw"): Probe[] {
    return this.#customer.offered.filter(({ channel }) => channel.kind === kind);
  }

  #colorAt(x: number, y: number): number {
    const right = x < CustomerScreen.width / 2 ? 0 : 1;
    const bottom = y < CustomerScreen.height / 2 ? 0 : 2;
    return this.#colors[bottom + right] ?? 0;
  }
}

function answersOn({ messages }: Probe): ViewerMessage[] {
  return messages.map((bytes) => viewerMessage.decode(bytes));
}

/** The colours in the middle of the four areas as a pane shows them, as 0xRRGGBB. */
export function shownColors(pane: Frame): Promise<number[]> {
  return pane
    .locator("canvas")
    .first()
    .evaluate((shown: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(shown.width, shown.height);
      const context = copy.getContext("2d");
      context?.drawImage(shown, 0, 0);
      return [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ].map(([x = 0, y = 0]) => {
        const at = { x: x * shown.width, y: y * shown.height };
        const data = context?.getImageData(at.x, at.y, 1, 1).data ?? [];
        return ((data[0] ?? 0) << 16) | ((data[1] ?? 0) << 8) | (data[2] ?? 0);
      });
    });
}
