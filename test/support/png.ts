import { crc32, deflateSync, inflateSync } from "node:zlib";

/** Pixels in rows from the top, 4 bytes each: red, green, blue, and a fourth that has no meaning. */
export interface Pixels {
  width: number;
  height: number;
  data: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Writes opaque pixels as a PNG file (ISO/IEC 15948): 8 bits, RGB, no filter. */
export function encodePng({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Bit depth 8, colour type 2 (RGB); compression, filter and interlace methods are 0.
  header.set([8, 2], 8);
  const rowBytes = 1 + width * 3;
  const rows = Buffer.alloc(height * rowBytes);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = Math.floor(pixel / width) * rowBytes + 1 + (pixel % width) * 3;
    data.copy(rows, at, pixel * 4, pixel * 4 + 3);
  }
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 6 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * Writes pixels as a PNG file with a table of at most 256 colours.
 *
 * @param palette red, green, blue of each colour
 * @param indices for each pixel its colour's place in the table
 */
export function encodeIndexedPng(
  { width, height }: Omit<Pixels, "data">,
  palette: Buffer,
  indices: Buffer,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Bit depth 8, colour type 3 (indexed).
  header.set([8, 3], 8);
  const rows = Buffer.alloc(height * (1 + width));
  for (let y = 0; y < height; y++) {
    indices.copy(rows, y * (1 + width) + 1, y * width, (y + 1) * width);
  }
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Reads a PNG file as browsers and `encodePng` write them: 8 bits, RGB or RGBA, not interlaced. */
export function decodePng(file: Buffer): Pixels {
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const [depth, colourType, , , interlaced] = file.subarray(24, 29);
  const channels = colourType === 6 ? 4 : 3;
  if (depth !== 8 || (colourType !== 2 && colourType !== 6) || interlaced !== 0) {
    throw new Error("a PNG file of another kind");
  }
  const packed: Buffer[] = [];
  for (let at = signature.length; at < file.length;) {
    const size = file.readUInt32BE(at);
    const isData = file.toString("latin1", at + 4, at + 8) === "IDAT";
    if (isData) packed.push(file.subarray(at + 8, at + 8 + size));
    at += size + 12;
  }
  const rows = inflateSync(Buffer.concat(packed));
  const data = Buffer.alloc(width * height * 4, 255);
  const rowBytes = 1 + width * channels;
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * rowBytes, (y + 1) * rowBytes);
    const above = y === 0 ? Buffer.alloc(rowBytes) : rows.subarray((y - 1) * rowBytes);
    unfilter(row, above, channels);
    for (let x = 0; x < width; x++) {
      row.copy(data, (y * width + x) * 4, 1 + x * channels, 1 + (x + 1) * channels);
    }
  }
  return { width, height, data };
}

/** Takes back the filter of a row, whose first byte names it. Source: ISO/IEC 15948, 9.2. */
function unfilter(row: Buffer, above: Buffer, channels: number): void {
  const filter = row[0] ?? 0;
  if (filter === 0) return;
  for (let i = 1; i < row.length; i++) {
    const left = i > channels ? (row[i - channels] ?? 0) : 0;
    const up = above[i] ?? 0;
    const upLeft = i > channels ? (above[i - channels] ?? 0) : 0;
    const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)];
    row[i] = (row[i] ?? 0) + (guesses[filter] ?? 0);
  }
}

function paeth(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - upLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : upLeft;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
