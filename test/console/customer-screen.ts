import {
  type InputMessage,
  inputMessage,
  type ViewerMessage,
  viewerMessage,
} from "@handrail/protocol";
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
  readonly #writer = new SurfaceWriter();
  readonly #drawn = new Set<Probe>();

  constructor(customer: CustomerEnd) {
    this.#customer = customer;
  }

  /** Whether somebody watches now. */
  get isWatched(): boolean {
    const last = this.#channels("screen").at(-1);
    return last !== undefined && last.ended === undefined;
  }

  /** Draws for whoever watches now, and waits until they have painted it. */
  async show(): Promise<void> {
    await poll("the picture is painted", async () => {
      const probe = this.#channels("screen").findLast(({ ended }) => ended === undefined);
      if (!probe) return false;
      if (!this.#drawn.has(probe)) await this.#draw(probe);
      return probe.messages
        .map((bytes): ViewerMessage => viewerMessage.decode(bytes))
        .some((answer) => answer.type === "ack" && answer.seq === 1);
    });
  }

  async #draw(probe: Probe): Promise<void> {
    this.#drawn.add(probe);
    const { width, height } = CustomerScreen;
    const display = { id: 1, x: 0, y: 0, width, height, primary: true, name: "VGA-1" };
    probe.send(this.#writer.epoch({ width, height }, [display]));
    const picture = new Picture(width, height);
    picture.fill({ x: 0, y: 0, width, height }, (x, y) => colorAt(x, y));
    probe.send(await this.#writer.update(picture, [{ x: 0, y: 0, width, height }]));
  }

  /** Everything that was done with mouse and keyboard, oldest first. */
  get input(): InputMessage[] {
    return this.#channels("input")
      .flatMap(({ messages }) => messages)
      .map((bytes) => inputMessage.decode(bytes));
  }

  #channels(kind: "screen" | "input"): Probe[] {
    return this.#customer.offered.filter(({ channel }) => channel.kind === kind);
  }
}

function colorAt(x: number, y: number): number {
  const [topLeft, topRight, bottomLeft, bottomRight] = CustomerScreen.colors;
  const isLeft = x < CustomerScreen.width / 2;
  if (y < CustomerScreen.height / 2) return isLeft ? topLeft : topRight;
  return isLeft ? bottomLeft : bottomRight;
}
