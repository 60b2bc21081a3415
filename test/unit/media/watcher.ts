import { type SurfaceDisplay, type SurfaceMessage, surfaceMessage } from "@handrail/protocol";
import { Decoder } from "../../../media/screen/decoder.ts";

/** Follows a surface stream and knows everything that it has said. */
export class Watcher {
  displays: SurfaceDisplay[] = [];
  cursor: Extract<SurfaceMessage, { type: "cursor" }> | undefined;
  pointer: { x: number; y: number } | undefined;
  epoch = 0;
  readonly #decoder = new Decoder();

  constructor(stream: readonly Uint8Array[] = []) {
    this.take(stream);
  }

  get pixels(): Buffer {
    const { surface } = this.#decoder;
    return surface ? Buffer.from(surface.pixels.buffer) : Buffer.alloc(0);
  }

  take(stream: readonly Uint8Array[]): void {
    for (const bytes of stream) this.#take(surfaceMessage.decode(bytes));
  }

  #take(message: SurfaceMessage): void {
    switch (message.type) {
      case "epoch":
        this.epoch = message.epoch;
        this.displays = message.displays;
        this.#decoder.begin(message);
        return;
      case "restart":
        return this.#decoder.restart();
      case "update":
        return void this.#decoder.update(message);
      case "preview":
        return void this.#decoder.preview(message);
      case "cursor":
        this.cursor = message;
        return;
      case "pointer":
        this.pointer = { x: message.x, y: message.y };
        return;
      case "displays":
        this.displays = message.displays;
    }
  }
}
