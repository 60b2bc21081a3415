import type { Pixels } from "./png.ts";

// The words of an XWD file's header that matter here (X11/XWDFile.h), each 4 bytes, big-endian.
const word = { headerSize: 0, width: 4, height: 5, bitsPerPixel: 11, bytesPerLine: 12, colors: 19 };
const colorBytes = 12;

/**
 * Reads an X window dump, as Xvfb keeps its screen in with `-fbdir`: 32 bits per pixel,
 * little-endian, so blue, green, red, unused.
 */
export function decodeXwd(file: Buffer): Pixels {
  const at = (index: number): number => file.readUInt32BE(index * 4);
  const [width, height, lineBytes] = [at(word.width), at(word.height), at(word.bytesPerLine)];
  if (at(word.bitsPerPixel) !== 32) throw new Error("the dump does not have 32 bits per pixel");
  const start = at(word.headerSize) + at(word.colors) * colorBytes;
  const data = Buffer.alloc(width * height * 4);
  for (let row = 0; row < height; row++) {
    const from = start + row * lineBytes;
    const line = file.subarray(from, from + width * 4).swap32();
    // Swapped, a pixel reads unused, red, green, blue: one byte further is what we want.
    line.copy(data, row * width * 4, 1);
  }
  return { width, height, data };
}
