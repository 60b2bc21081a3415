import {
  type Surface,
  type SurfaceMessage,
  SurfacePicture,
  type SurfaceRect,
} from "@handrail/protocol";
import { Inflater } from "./inflate.ts";

export type { Surface } from "@handrail/protocol";

type Message<T extends SurfaceMessage["type"]> = Extract<SurfaceMessage, { type: T }>;

/**
 * The picture of a surface stream with the zstd stream that it comes in. After an exception the
 * epoch cannot be continued.
 * Every method throws HandrailError `protocol-violation` for a message that does not fit.
 */
export class Decoder {
  readonly #picture = new SurfacePicture();
  #inflater = new Inflater();

  /** The picture so far; undefined before the first epoch. */
  get surface(): Surface | undefined {
    return this.#picture.surface;
  }

  /** A new, black picture. */
  begin(message: Message<"epoch">): Surface {
    this.#inflater = new Inflater();
    return this.#picture.begin(message);
  }

  /** The picture stays; what comes next is packed by a new zstd stream. */
  restart(): void {
    this.#inflater = new Inflater();
  }

  /** Copies, then rectangles; returns what changed, in that order. */
  update(message: Message<"update">): SurfaceRect[] {
    const limitBytes = this.#picture.admit(message);
    return this.#picture.update(message, this.#inflater.inflate(message.packed, limitBytes));
  }

  /** A coarse rectangle, enlarged in place. */
  preview(message: Message<"preview">): SurfaceRect[] {
    const limitBytes = this.#picture.admit(message);
    return this.#picture.preview(message, this.#inflater.inflate(message.packed, limitBytes));
  }
}
