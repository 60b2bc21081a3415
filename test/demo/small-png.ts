import { decodePng, encodeIndexedPng, encodePng } from "../support/png.ts";

const maxColours = 256;

/** A colour, as 0xRRGGBB, and how many pixels have it. */
interface Colour {
  readonly rgb: number;
  readonly count: number;
}

/** Colours that become one. */
interface Box {
  readonly colours: readonly Colour[];
  /** Red, green or blue as a shift, whichever differs most among them. */
  readonly axis: number;
  /** What is wrong with showing them as one. */
  readonly error: number;
}

/**
 * A picture of a screen, small enough for a document: the 256 colours that stand for all of its own
 * best (median cut), each of them one that the picture has, so that large areas stay exact.
 */
export function smallPng(png: Buffer): Buffer {
  const pixels = decodePng(png);
  const counts = new Map<number, number>();
  const rgbAt = (pixel: number) => pixels.data.readUInt32BE(pixel * 4) >>> 8;
  const size = pixels.width * pixels.height;
  for (let i = 0; i < size; i++) counts.set(rgbAt(i), (counts.get(rgbAt(i)) ?? 0) + 1);
  const boxes = cut([...counts].map(([rgb, count]) => ({ rgb, count })));
  const places = new Map<number, number>();
  const palette = Buffer.alloc(boxes.length * 3);
  for (const [place, { colours }] of boxes.entries()) {
    const [first] = colours.toSorted((a, b) => b.count - a.count);
    palette.writeUIntBE(first?.rgb ?? 0, place * 3, 3);
    for (const { rgb } of colours) places.set(rgb, place);
  }
  const indices = Buffer.alloc(size);
  for (let i = 0; i < size; i++) indices[i] = places.get(rgbAt(i)) ?? 0;
  const [indexed, full] = [encodeIndexedPng(pixels, palette, indices), encodePng(pixels)];
  return indexed.length < full.length ? indexed : full;
}

/** Divides all colours into as many boxes as there may be colours, the worst one next. */
function cut(colours: readonly Colour[]): Box[] {
  const boxes = [boxOf(colours)];
  while (boxes.length < maxColours) {
    const worst = boxes.reduce((a, b) => (b.error > a.error ? b : a));
    if (worst.error === 0) break;
    boxes.splice(boxes.indexOf(worst), 1, ...halves(worst));
  }
  return boxes;
}

function halves({ colours, axis }: Box): [Box, Box] {
  const sorted = colours.toSorted((a, b) => part(a, axis) - part(b, axis));
  const middle = sum(sorted.map(({ count }) => count)) / 2;
  let [at, passed] = [0, 0];
  while (at < sorted.length - 2 && passed + (sorted[at]?.count ?? 0) <= middle) {
    passed += sorted[at]?.count ?? 0;
    at++;
  }
  const split = Math.max(1, at);
  return [boxOf(sorted.slice(0, split)), boxOf(sorted.slice(split))];
}

function boxOf(colours: readonly Colour[]): Box {
  const total = sum(colours.map(({ count }) => count));
  const [widest = { axis: 0, error: 0 }] = [16, 8, 0]
    .map((axis) => {
      const mean = sum(colours.map((each) => part(each, axis) * each.count)) / total;
      const error = sum(colours.map((each) => (part(each, axis) - mean) ** 2 * each.count));
      return { axis, error };
    })
    .toSorted((a, b) => b.error - a.error);
  return { colours, axis: widest.axis, error: colours.length < 2 ? 0 : widest.error };
}

function part({ rgb }: Colour, axis: number): number {
  return (rgb >> axis) & 255;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
