import { expect, test } from "vitest";
import { encodePng } from "../../support/png.ts";
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
