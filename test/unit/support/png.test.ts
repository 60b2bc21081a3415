import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { smallPng } from "../../demo/small-png.ts";
import { decodePng, encodePng } from "../../support/png.ts";
import { decodeXwd } from "../../support/xwd.ts";

test("a window dump of two pixels becomes a picture of two pixels", () => {
  const header = Buffer.alloc(100);
  const words = [100, 7, 2, 24, 2, 1, 0, 0, 32, 0, 32, 32, 8, 4, 0xff0000, 0xff00, 0xff, 8, 256, 1];
  words.forEach((value, index) => header.writeUInt32BE(value, index * 4));
  const colors = Buffer.alloc(12);
  const line = Buffer.from([0x03, 0x02, 0x01, 0, 0x06, 0x05, 0x04, 0]);
  const pixels = decodeXwd(Buffer.concat([header, colors, line]));
  expect(pixels).toMatchObject({ width: 2, height: 1 });
  expect([...pixels.data.subarray(0, 3), ...pixels.data.subarray(4, 7)]).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
  const png = encodePng(pixels);
  expect(png.readUInt32BE(16)).toBe(2);
  expect(png.toString("latin1", 12, 16)).toBe("IHDR");
});

test("a picture is read as it was written", () => {
  const data = Buffer.from([1, 2, 3, 255, 40, 50, 60, 255]);
  expect(decodePng(encodePng({ width: 1, height: 2, data }))).toEqual({
    width: 1,
    height: 2,
    data,
  });
});

test("a picture for a document has 256 colours of its own, and its large areas stay exact", () => {
  const [width, height] = [64, 64];
  const data = Buffer.alloc(width * height * 4, 255);
  // Half of it is one colour; the other half has a thousand and more.
  for (let pixel = 0; pixel < (width * height) / 2; pixel++) {
    data.writeUIntBE((pixel * 7919) % 0xffffff, pixel * 4, 3);
  }
  for (let pixel = (width * height) / 2; pixel < width * height; pixel++) {
    data.writeUIntBE(0x336699, pixel * 4, 3);
  }
  const png = smallPng(encodePng({ width, height, data }));
  const table = png.indexOf("PLTE") + 4;
  const colours = png.subarray(table, table + png.readUInt32BE(table - 8));
  expect(colours).toHaveLength(256 * 3);
  const packed = png.indexOf("IDAT") + 4;
  const rows = inflateSync(png.subarray(packed, packed + png.readUInt32BE(packed - 8)));
  const last = (rows.at(-1) ?? 0) * 3;
  expect(colours.subarray(last, last + 3).toString("hex")).toBe("336699");
});
