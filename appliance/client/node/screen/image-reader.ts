/**
 * Two ways to read pixels of the root window: through memory shared with the X server, and over
 * the connection where the server is on another computer or has no MIT-SHM.
 */
import type { Rect } from "../../core/host.ts";
import { memoryAt, type Pointer } from "../native.ts";
import { screenExtensions, sharedSegments } from "../x11/extensions.ts";
import type { Connection } from "../x11/connection.ts";

const Z_PIXMAP = 2;
/** Leaves the unused byte of each pixel zero, which servers do not promise by themselves. */
const RGB_PLANES = 0xffffff;
const IPC_PRIVATE = 0;
const IPC_CREAT = 0o1000;
const IPC_RMID = 0;
const SHMAT_FAILED = BigInt.asUintN(64, -1n);

/** Offsets in XImage and in XShmSegmentInfo. Source: Xlib.h, XShm.h, 64-bit. */
const IMAGE = { width: 0, height: 4, data: 16, byteOrder: 24, bytesPerLine: 44, bits: 48, red: 56 };
const IMAGE_BYTES = 136;
const SEGMENT = { id: 8, address: 16, readOnly: 24 };
const SEGMENT_BYTES = 32;

/** Reads boxes of the root window. */
export interface ImageReader extends Disposable {
  /**
   * Reads `box`, which must lie inside the screen, and gives its pixels (rows packed, valid only
   * during the call) to `use`. False when the server refuses, as it does when the screen has just
   * become smaller.
   */
  read(box: Rect, use: (pixels: Uint32Array) => void): boolean;
}

function assertFormat(image: DataView): void {
  const fits =
    image.getInt32(IMAGE.byteOrder, true) === 0 &&
    image.getInt32(IMAGE.bits, true) === 32 &&
    image.getBigUint64(IMAGE.red, true) === 0xff0000n;
  if (!fits) {
    throw new Error("The X screen has no 24-bit colours in little-endian order; they are needed.");
  }
}

class SharedReader implements ImageReader {
  readonly #connection: Connection;
  readonly #segment: Buffer;
  readonly #address: Pointer;
  readonly #image: Pointer;
  readonly #header: DataView;
  readonly #pixels: Uint32Array;
  readonly #get = screenExtensions().shmGetImage;

  constructor(
    connection: Connection,
    memory: { segment: Buffer; address: Pointer },
    image: Pointer,
  ) {
    this.#connection = connection;
    this.#segment = memory.segment;
    this.#address = memory.address;
    this.#image = image;
    this.#header = new DataView(memoryAt(image, IMAGE_BYTES));
    assertFormat(this.#header);
    const count =
      this.#header.getInt32(IMAGE.width, true) * this.#header.getInt32(IMAGE.height, true);
    this.#pixels = new Uint32Array(memoryAt(memory.address, count * 4));
  }

  read(box: Rect, use: (pixels: Uint32Array) => void): boolean {
    const { display, root } = this.#connection;
    // XShmGetImage has no size arguments: it reads what the image's header says.
    this.#header.setInt32(IMAGE.width, box.width, true);
    this.#header.setInt32(IMAGE.height, box.height, true);
    this.#header.setInt32(IMAGE.bytesPerLine, box.width * 4, true);
    const isRead = this.#connection.attempt(() =>
      this.#get(display, root, this.#image, box.x, box.y, RGB_PLANES),
    );
    if (!isRead) return false;
    use(this.#pixels.subarray(0, box.width * box.height));
    return true;
  }

  [Symbol.dispose](): void {
    if (!this.#connection.isLost) {
      screenExtensions().shmDetach(this.#connection.display, this.#segment);
      this.#connection.x.sync(this.#connection.display, 0);
    }
    this.#connection.x.free(this.#image);
    sharedSegments().shmdt(this.#address);
  }
}

class WireReader implements ImageReader {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#withImage({ x: 0, y: 0, width: 1, height: 1 }, assertFormat);
  }

  read(box: Rect, use: (pixels: Uint32Array) => void): boolean {
    return this.#withImage(box, (header) => {
      const data = header.getBigUint64(IMAGE.data, true);
      use(new Uint32Array(memoryAt(data, box.width * box.height * 4)));
    });
  }

  [Symbol.dispose](): void {
    // Every image is freed where it is read.
  }

  #withImage(box: Rect, use: (header: DataView) => void): boolean {
    const { x, display, root } = this.#connection;
    const size = [box.x, box.y, box.width, box.height];
    const image = this.#connection.attempt(() =>
      x.getImage(display, root, ...size, RGB_PLANES, Z_PIXMAP),
    );
    if (image === null) return false;
    try {
      use(new DataView(memoryAt(image, IMAGE_BYTES)));
    } finally {
      x.destroyImage(image);
    }
    return true;
  }
}

function openShared(
  connection: Connection,
  width: number,
  height: number,
): ImageReader | undefined {
  const extensions = screenExtensions();
  const { x, display, screen } = connection;
  if (!extensions.shmQuery(display)) return undefined;
  const segments = sharedSegments();
  const id = segments.shmget(IPC_PRIVATE, width * height * 4, IPC_CREAT | 0o600);
  if (id < 0) return undefined;
  const address = segments.shmat(id, null, 0);
  const segment = Buffer.alloc(SEGMENT_BYTES);
  segment.writeInt32LE(id, SEGMENT.id);
  segment.writeBigUInt64LE(address, SEGMENT.address);
  // A server on another computer refuses to attach, or attaches something else of that number,
  // which the query above rules out for all but tunnels; those refuse.
  const refusals =
    address === SHMAT_FAILED
      ? undefined
      : connection.trap(() => extensions.shmAttach(display, segment));
  // Freed when both ends have let go, also when this process is killed.
  segments.shmctl(id, IPC_RMID, null);
  if (refusals === undefined) return undefined;
  const depth = x.defaultDepth(display, screen);
  const visual = x.defaultVisual(display, screen);
  const image =
    refusals.length > 0 || connection.isLost
      ? null
      : extensions.shmCreateImage(
          display,
          visual,
          depth,
          Z_PIXMAP,
          address,
          segment,
          width,
          height,
        );
  if (image !== null) return new SharedReader(connection, { segment, address }, image);
  segments.shmdt(address);
  return undefined;
}

/**
 * The fastest reader this server allows for boxes of up to `width` x `height` pixels. Throws when
 * the screen has another pixel format than 24-bit RGB.
 */
export function openImageReader(
  connection: Connection,
  width: number,
  height: number,
): ImageReader {
  return openShared(connection, width, height) ?? new WireReader(connection);
}
