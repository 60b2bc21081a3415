/**
 * A disk of the ISO 9660 format with a few small files in its root, in the bytes that drives and
 * hypervisors take (ECMA-119, 4th edition; level 2 of interchange). Linux shows the names in small
 * letters. The same files give the same bytes.
 */

const sectorBytes = 2048;
/** The first 16 sectors are the system's, and hold nothing. */
const sectors = {
  volume: 16,
  end: 17,
  pathsLittle: 18,
  pathsBig: 19,
  root: 20,
  files: 21,
} as const;

/** A file of the disk. `name`: letters, digits and `_`, a dot, and so again; 30 characters at most. */
export interface IsoFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Makes the disk. `label`: at most 32 capitals, digits, `_` and, as most readers take, `-`. */
export function isoImage(label: string, files: readonly IsoFile[]): Buffer {
  const placed: (IsoFile & { sector: number })[] = [];
  let next: number = sectors.files;
  for (const file of files) {
    placed.push({ ...file, sector: next });
    next += Math.max(1, Math.ceil(file.content.length / sectorBytes));
  }
  const image = Buffer.alloc(next * sectorBytes);
  const at = (sector: number) => image.subarray(sector * sectorBytes, (sector + 1) * sectorBytes);
  writeVolume(at(sectors.volume), label, next);
  Buffer.from("\xffCD001\x01", "latin1").copy(at(sectors.end));
  at(sectors.pathsLittle).set([1, 0, sectors.root, 0, 0, 0, 1, 0, 0, 0]);
  at(sectors.pathsBig).set([1, 0, 0, 0, 0, sectors.root, 0, 1, 0, 0]);
  const root = { sector: sectors.root, sizeBytes: sectorBytes, isFolder: true };
  const records = [
    record("\0", root),
    record("\x01", root),
    ...placed
      .map(({ name, content, sector }) => ({
        id: `${name.toUpperCase()};1`,
        extent: { sector, sizeBytes: content.length, isFolder: false },
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, extent }) => record(id, extent)),
  ];
  Buffer.concat(records).copy(at(sectors.root));
  for (const { content, sector } of placed) image.set(content, sector * sectorBytes);
  return image;
}

interface Extent {
  readonly sector: number;
  readonly sizeBytes: number;
  readonly isFolder: boolean;
}

/** The primary volume descriptor (section 8.4). */
function writeVolume(to: Buffer, label: string, sectorCount: number): void {
  to.fill(" ", 8, 72);
  to.fill(" ", 190, 813);
  to.write("\x01CD001\x01", "latin1");
  to.write(label, 40, "latin1");
  bothOrders32(sectorCount).copy(to, 80);
  for (const [offset, value] of [
    [120, 1],
    [124, 1],
    [128, sectorBytes],
  ] as const) {
    bothOrders16(value).copy(to, offset);
  }
  // The path table has one entry, for the root.
  bothOrders32(10).copy(to, 132);
  to.writeUInt32LE(sectors.pathsLittle, 140);
  to.writeUInt32BE(sectors.pathsBig, 148);
  record("\0", { sector: sectors.root, sizeBytes: sectorBytes, isFolder: true }).copy(to, 156);
  // No date is given: digits of zero and a zone of zero.
  for (const offset of [813, 830, 847, 864]) to.fill("0", offset, offset + 16);
  to.writeUInt8(1, 881);
}

/** A directory record (section 9.1), without a date. */
function record(id: string, { sector, sizeBytes, isFolder }: Extent): Buffer {
  const length = 33 + id.length + ((id.length + 1) % 2);
  const bytes = Buffer.alloc(length);
  bytes.writeUInt8(length, 0);
  bothOrders32(sector).copy(bytes, 2);
  bothOrders32(sizeBytes).copy(bytes, 10);
  bytes.writeUInt8(isFolder ? 2 : 0, 25);
  bothOrders16(1).copy(bytes, 28);
  bytes.writeUInt8(id.length, 32);
  bytes.write(id, 33, "latin1");
  return bytes;
}

/** Numbers stand twice, the low byte first and then last (sections 7.2.3 and 7.3.3). */
function bothOrders16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
}

function bothOrders32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}
