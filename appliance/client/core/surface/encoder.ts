import { type SurfaceCopy, surfaceMessage, type SurfaceRect } from "@handrail/protocol";
import type { Rect } from "../host.ts";
import { mergeTiles, tighten } from "./changed.ts";
import { Packer } from "./tiles.ts";
import { Picture } from "./picture.ts";
import { applyCopy, findScroll } from "./scroll.ts";
import { Backlog, type Point } from "./backlog.ts";

/** The zstd stream of one epoch. */
export interface Compressor extends Disposable {
  /** What the stream puts out for these bytes, flushed. One at a time. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
}

/** What the next message is made of. */
export interface EncodeRequest {
  /** What changed since the last request, and is up to date in the pixels. */
  readonly damage: readonly Rect[];
  /** Where the person looks: what is nearer goes first. */
  readonly focus: Point;
  /**
   * How long the message should be at most, bytes; it may miss this by a small factor. 0 asks for
   * an update of nothing, whose acknowledgement tells the bare round trip.
   */
  readonly budgetBytes: number;
  /** What the line carries, if known; undefined also where no line is slow enough to matter. */
  readonly bytesPerSecond: number | undefined;
  /** A steady clock, ms. */
  readonly now: number;
  readonly capturedMs: number;
}

/** What came of it. */
export interface Encoded {
  /** A message of the surface stream, to be sent; undefined when nothing has changed. */
  readonly message: Uint8Array | undefined;
  /** The message's sequence number. */
  readonly seq: number;
  /** In how many ms there is more to encode without new damage; undefined when all is sent. */
  readonly moreInMs: number | undefined;
}

/** Makes surface messages; where it works (a thread of its own) is the platform's affair. */
export interface Encoder extends Disposable {
  /** Begins an epoch: the viewer's picture is black. */
  begin(screen: { width: number; height: number; pixels: Uint32Array }): void;
  /** Ends the zstd stream and begins another; what the viewer has stays known. */
  restart(): void;
  /** One at a time; the pixels must not change meanwhile. */
  encode(request: EncodeRequest): Promise<Encoded>;
}

const smallestScrollPixels = 40_000;
const maxCopies = 16;
/** A message that is so much of the length asked for is full. */
const fullShare = 0.6;
const emptyPacked = new Uint8Array(0);

/**
 * The encoder itself: exact rectangles of what differs from the picture sent so far, after copies
 * for what merely moved; on a line too slow for that, coarse previews first. Remembers what it
 * could not send within a message's budget. Knows neither threads nor zstd.
 */
export class SurfaceEncoder implements Encoder {
  readonly #openCompressor: () => Compressor;
  readonly #packer = new Packer();
  #picture = new Picture(0, 0, new Uint32Array(0));
  #backlog = new Backlog(this.#picture);
  #compressor: Compressor | undefined;
  #seq = 0;
  /** The viewer has nothing of this epoch's picture yet, so that nothing in it can have moved. */
  #isBlank = true;

  constructor(openCompressor: () => Compressor) {
    this.#openCompressor = openCompressor;
  }

  begin(screen: { width: number; height: number; pixels: Uint32Array }): void {
    this.restart();
    this.#picture = new Picture(screen.width, screen.height, screen.pixels);
    this.#backlog = new Backlog(this.#picture);
    this.#seq = 0;
    this.#isBlank = true;
  }

  restart(): void {
    this.#compressor?.[Symbol.dispose]();
    this.#compressor = this.#openCompressor();
  }

  async encode(request: EncodeRequest): Promise<Encoded> {
    this.#backlog.damaged(request.damage, request);
    if (request.budgetBytes === 0) {
      const message = await this.#write(request, [], []);
      return { message, seq: this.#seq, moreInMs: 0 };
    }
    const copies = this.#isBlank ? [] : this.#copies(request.damage);
    const message = (await this.#preview(request, copies)) ?? (await this.#update(request, copies));
    this.#isBlank &&= message === undefined;
    return { message, seq: this.#seq, moreInMs: this.#backlog.moreIn(request) };
  }

  [Symbol.dispose](): void {
    this.#compressor?.[Symbol.dispose]();
    this.#compressor = undefined;
  }

  #copies(damage: readonly Rect[]): SurfaceCopy[] {
    const copies: SurfaceCopy[] = [];
    for (const rect of damage) {
      if (copies.length === maxCopies) break;
      if (rect.width * rect.height < smallestScrollPixels) continue;
      const copy = findScroll(this.#picture, rect);
      if (!copy) continue;
      applyCopy(this.#picture.sent, this.#picture.width, copy);
      copies.push(copy);
    }
    return copies;
  }

  async #preview(
    request: EncodeRequest,
    copies: readonly SurfaceCopy[],
  ): Promise<Uint8Array | undefined> {
    const choice = copies.length === 0 ? this.#backlog.choosePreview(request) : undefined;
    if (!choice) return undefined;
    const { rect, scale } = choice;
    const packed = this.#packer.packPreview(this.#picture, rect, scale);
    const message = surfaceMessage.encode({
      type: "preview",
      seq: ++this.#seq,
      capturedMs: request.capturedMs,
      scale,
      rect,
      packed: await this.#compress(packed),
    });
    this.#backlog.previewSent(choice, message.length, request);
    return message;
  }

  async #update(
    request: EncodeRequest,
    copies: readonly SurfaceCopy[],
  ): Promise<Uint8Array | undefined> {
    const chosen = this.#chooseRects(request);
    return chosen.length > 0 || copies.length > 0
      ? this.#write(request, copies, chosen)
      : undefined;
  }

  async #write(
    request: EncodeRequest,
    copies: readonly SurfaceCopy[],
    chosen: readonly Rect[],
  ): Promise<Uint8Array> {
    const seq = ++this.#seq;
    const { packed, rects } = await this.#fill(request, chosen);
    const { capturedMs } = request;
    return surfaceMessage.encode({
      type: "update",
      ...{ seq, capturedMs, copies: [...copies], rects, packed },
    });
  }

  /**
   * As many of the rectangles as make a message of the length asked for, piece by piece: only what
   * compression made of the last piece tells how much there is room for.
   */
  async #fill(request: EncodeRequest, chosen: readonly Rect[]) {
    const rects: Rect[] = [];
    const pieces: Uint8Array[] = [];
    let left = chosen;
    let sizeBytes = 0;
    do {
      const limitBytes = this.#backlog.packedLimit(request, sizeBytes);
      const piece = this.#packer.pack(this.#picture, left, limitBytes);
      const packedBytes = piece.bytes.length;
      const compressed = await this.#compress(piece.bytes);
      this.#backlog.pieceSent(packedBytes, compressed.length);
      rects.push(...piece.rects);
      pieces.push(compressed);
      left = piece.left;
      sizeBytes += compressed.length;
    } while (left.length > 0 && sizeBytes < request.budgetBytes * fullShare);
    this.#backlog.putBack(left);
    return { rects, packed: joined(pieces) };
  }

  /** The most urgent changed rectangles that fit; skips over tiles that have not changed at all. */
  #chooseRects(request: EncodeRequest): SurfaceRect[] {
    for (;;) {
      const isChosen = this.#backlog.chooseTiles(request);
      if (!isChosen) return [];
      const rects = mergeTiles(this.#picture, isChosen);
      const tight = rects.flatMap((rect) => tighten(this.#picture, rect) ?? []);
      if (tight.length > 0) return tight;
    }
  }

  async #compress(packed: Uint8Array): Promise<Uint8Array> {
    if (packed.length === 0 || !this.#compressor) return emptyPacked;
    return this.#compressor.compress(packed);
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
