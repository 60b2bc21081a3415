import { crc32, deflateSync } from "node:zlib";

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

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
