/**
 * The screen of an X server. Everything is driven by the server's events (damage, cursor, pointer,
 * monitors): while nothing happens, nothing runs. Only damaged rectangles are read, through shared
 * memory where possible.
 */
import type { CursorShape, Display, Rect, ScreenSource } from "../../core/host.ts";
import { addressOf, memoryAt } from "../native.ts";
import { Connection, type ConnectionOptions } from "../x11/connection.ts";
import { screenExtensions, xinput, type ExtensionQuery } from "../x11/extensions.ts";
import { readCursor } from "./cursor.ts";
import { openImageReader, type ImageReader } from "./image-reader.ts";
import { readMonitors } from "./monitors.ts";

const CONFIGURE_NOTIFY = 22;
const GENERIC_EVENT = 35;
const STRUCTURE_NOTIFY_MASK = 1 << 17;
const DAMAGE_REPORT_NON_EMPTY = 3;
const CURSOR_NOTIFY = 1;
const RANDR_ALL_MASK = 7;
const XI_ALL_MASTER_DEVICES = 1;
const XI_RAW_MOTION = 17;
/** More rectangles than this cost more in round trips than their bounding box in pixels. */
const MAX_READS = 16;

type Pending = "damage" | "cursor" | "pointer";

function boundsOf(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}

class X11Screen implements ScreenSource {
  readonly #connection: Connection;
  readonly #extensions = screenExtensions();
  readonly #damage: number;
  readonly #region: number;
  readonly #base: { damage: number; fixes: number; randr: number; xinput: number };
  readonly #layoutEvents: Set<number>;
  readonly #pending = new Set<Pending>(["damage", "cursor", "pointer"]);
  readonly #changed: (() => void)[] = [];
  readonly #resized: (() => void)[] = [];
  #width = 0;
  #height = 0;
  #pixels: Uint32Array = new Uint32Array();
  #displays: Display[] = [];
  #reader: ImageReader | undefined;
  #everything = true;
  #layoutIsStale = false;
  #notify = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { display, root } = connection;
    this.#base = {
      damage: this.#eventBase("DAMAGE", this.#extensions.damageQuery),
      fixes: this.#eventBase("XFIXES", this.#extensions.fixesQuery),
      randr: this.#eventBase("RANDR", this.#extensions.randrQuery),
      xinput: this.#selectPointer(),
    };
    // The root window's size, and RandR's two events.
    const { randr } = this.#base;
    this.#layoutEvents = new Set([CONFIGURE_NOTIFY, randr, randr + 1]);
    connection.x.selectInput(display, root, STRUCTURE_NOTIFY_MASK);
    this.#extensions.randrSelect(display, root, RANDR_ALL_MASK);
    this.#extensions.fixesSelectCursor(display, root, 1);
    this.#region = this.#extensions.fixesCreateRegion(display, null, 0);
    this.#damage = this.#extensions.damageCreate(display, root, DAMAGE_REPORT_NON_EMPTY);
    connection.onEvent(
      (type, event) => this.#onEvent(type, event),
      () => this.#onDrained(),
    );
    this.#readLayout();
    connection.flush();
    // Everything is new to the first listener.
    this.#notify = true;
    setImmediate(() => this.#onDrained());
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get pixels(): Uint32Array {
    return this.#pixels;
  }

  displays(): Display[] {
    return this.#displays.map((display) => ({ ...display }));
  }

  takeDamage(): Rect[] {
    this.#pending.delete("damage");
    if (this.#connection.isLost) return [];
    const { display } = this.#connection;
    this.#extensions.damageSubtract(display, this.#damage, 0, this.#region);
    const count = [0];
    const rects = this.#extensions.fixesFetchRegion(display, this.#region, count);
    this.#connection.settle();
    if (rects === null) return this.#takeEverything([]);
    const shorts = new DataView(memoryAt(rects, (count[0] ?? 0) * 8));
    const taken: Rect[] = [];
    for (let at = 0; at < shorts.byteLength; at += 8) {
      const clipped = this.#clip({
        x: shorts.getInt16(at, true),
        y: shorts.getInt16(at + 2, true),
        width: shorts.getUint16(at + 4, true),
        height: shorts.getUint16(at + 6, true),
      });
      if (clipped) taken.push(clipped);
    }
    this.#connection.x.free(rects);
    return this.#takeEverything(taken);
  }

  grab(rects: readonly Rect[]): void {
    if (this.#connection.isLost) return;
    const inside = rects.map((rect) => this.#clip(rect)).filter((rect) => rect !== undefined);
    if (inside.length > MAX_READS) this.#readInto(boundsOf(inside), inside);
    else for (const rect of inside) this.#readInto(rect, [rect]);
    this.#connection.settle();
  }

  cursor(): CursorShape | undefined {
    if (this.#connection.isLost || !this.#pending.delete("cursor")) return undefined;
    return readCursor(this.#connection);
  }

  pointer(): { x: number; y: number } {
    this.#pending.delete("pointer");
    const [x, y] = [[0], [0]];
    if (!this.#connection.isLost) {
      const { display, root } = this.#connection;
      this.#connection.x.queryPointer(display, root, [0], [0], x, y, [0], [0], [0]);
      this.#connection.settle();
    }
    return { x: x[0] ?? 0, y: y[0] ?? 0 };
  }

  onChange(listener: () => void): void {
    this.#changed.push(listener);
  }

  onResize(listener: () => void): void {
    this.#resized.push(listener);
  }

  onLost(listener: (reason: string) => void): void {
    this.#connection.onLost(listener);
  }

  [Symbol.dispose](): void {
    this.#reader?.[Symbol.dispose]();
    this.#reader = undefined;
    this.#connection[Symbol.dispose]();
  }

  #eventBase(name: string, query: ExtensionQuery): number {
    const base = [0];
    if (!query(this.#connection.display, base, [0])) {
      throw new Error(`The X server has no ${name} extension; it is needed to show the screen.`);
    }
    return base[0] ?? 0;
  }

  /** Asks for the pointer's movements; answers XInput's number, or -1 where it is missing. */
  #selectPointer(): number {
    const { display, root, x } = this.#connection;
    const xi = xinput();
    const opcode = [0];
    if (!xi || !x.queryExtension(display, "XInputExtension", opcode, [0], [0])) return -1;
    if (xi.queryVersion(display, [2], [2]) !== 0) return -1;
    const bits = Buffer.alloc(4);
    bits.writeUInt32LE(1 << XI_RAW_MOTION);
    const mask = Buffer.alloc(16);
    mask.writeInt32LE(XI_ALL_MASTER_DEVICES, 0);
    mask.writeInt32LE(bits.length, 4);
    mask.writeBigUInt64LE(addressOf(bits), 8);
    xi.selectEvents(display, root, mask, 1);
    return opcode[0] ?? -1;
  }

  #onEvent(type: number, event: Buffer): void {
    if (type === this.#base.damage) this.#mark("damage");
    else if (type === this.#base.fixes + CURSOR_NOTIFY) this.#mark("cursor");
    else if (type === GENERIC_EVENT) {
      if (event.readInt32LE(32) === this.#base.xinput) this.#mark("pointer");
    } else if (this.#layoutEvents.has(type)) this.#layoutIsStale = true;
  }

  #mark(kind: Pending): void {
    if (this.#pending.has(kind)) return;
    this.#pending.add(kind);
    this.#notify = true;
  }

  #onDrained(): void {
    if (this.#connection.isLost) return;
    if (this.#layoutIsStale && this.#readLayout()) {
      for (const listener of this.#resized) listener();
      this.#mark("damage");
    }
    if (!this.#notify) return;
    this.#notify = false;
    for (const listener of this.#changed) listener();
  }

  /** True when size or monitors differ from what was known. */
  #readLayout(): boolean {
    this.#layoutIsStale = false;
    const { width, height } = this.#readSize();
    if (width === 0) return false;
    const displays = readMonitors(this.#connection, width, height);
    const isSameSize = width === this.#width && height === this.#height;
    const isSame = isSameSize && JSON.stringify(displays) === JSON.stringify(this.#displays);
    this.#displays = displays;
    if (!isSameSize) {
      this.#reader?.[Symbol.dispose]();
      this.#reader = openImageReader(this.#connection, width, height);
      this.#width = width;
      this.#height = height;
      this.#pixels = new Uint32Array(new SharedArrayBuffer(width * height * 4));
    }
    if (!isSame) this.#everything = true;
    return !isSame;
  }

  /** Asked for, not remembered by Xlib: the events about monitors come before those about size. */
  #readSize(): { width: number; height: number } {
    const [width, height] = [[0], [0]];
    const { x, display, root } = this.#connection;
    x.getGeometry(display, root, [0], [0], [0], width, height, [0], [0]);
    return { width: width[0] ?? 0, height: height[0] ?? 0 };
  }

  #takeEverything(rects: Rect[]): Rect[] {
    if (!this.#everything) return rects;
    this.#everything = false;
    return [{ x: 0, y: 0, width: this.#width, height: this.#height }];
  }

  #clip(rect: Rect): Rect | undefined {
    const x = Math.max(0, rect.x);
    const y = Math.max(0, rect.y);
    const width = Math.min(this.#width, rect.x + rect.width) - x;
    const height = Math.min(this.#height, rect.y + rect.height) - y;
    return width > 0 && height > 0 ? { x, y, width, height } : undefined;
  }

  /** Reads `box` once and takes over only the parts of it that were asked for. */
  #readInto(box: Rect, parts: readonly Rect[]): void {
    const stride = this.#width;
    this.#reader?.read(box, (source) => {
      for (const part of parts) {
        let from = (part.y - box.y) * box.width + part.x - box.x;
        let to = part.y * stride + part.x;
        for (let row = 0; row < part.height; row += 1, from += box.width, to += stride) {
          this.#pixels.set(source.subarray(from, from + part.width), to);
        }
      }
    });
  }
}

/**
 * Opens the screen of an X server; `display` defaults to the environment's. Throws
 * MissingLibraryError, or Error when the display, or something it must be able to do, is missing.
 */
export function openX11Screen(options: ConnectionOptions = {}): ScreenSource {
  const connection = new Connection(options);
  try {
    return new X11Screen(connection);
  } catch (cause) {
    connection[Symbol.dispose]();
    throw cause;
  }
}
