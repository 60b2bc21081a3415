import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupError } from "../../../../appliance/server/backup/backup-error.ts";
import { type BackupKey, keyRecipeShape } from "../../../../appliance/server/backup/backup-key.ts";
import { makeKey, readKey, writeKey } from "../../../../appliance/server/backup/backup-key.ts";
import { keyByPassphrase, seal, unseal } from "../../../../appliance/server/backup/sealed-file.ts";

const passphrase = "correct horse battery staple";
const pieceBytes = 256 * 1024;
const sealedPieceBytes = pieceBytes + 16;

let folder: string;
let key: BackupKey;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-sealed-"));
  // As cheap as the format allows, for the properties open a file many times.
  const salt = Buffer.alloc(16, 7).toString("base64");
  const recipe = keyRecipeShape.parse({ memoryKiB: 8192, passes: 1, lanes: 1, salt });
  key = await makeKey(passphrase, recipe);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function* pieces(plain: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const size of sizes) {
    yield await Promise.resolve(plain.subarray(at, at + size));
    at += size;
  }
  yield plain.subarray(at);
}

async function collect(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}

/** What comes of a file with these bytes: what was sealed, or the fault. */
async function opened(sealed: Buffer): Promise<Buffer | string> {
  const file = path.join(folder, "sealed");
  await writeFile(file, sealed);
  await using handle = await open(file, "r");
  try {
    return await collect(unseal(handle, () => Promise.resolve(key)));
  } catch (error) {
    if (error instanceof BackupError) return error.fault;
    throw error;
  }
}

async function sealed(plain: Buffer, sizes: readonly number[] = []): Promise<Buffer> {
  return collect(seal(pieces(plain, sizes), key));
}

/** Bytes that differ from place to place. */
function content(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes).map((_, i) => (i * 31 + (i >> 8)) & 0xff) as Buffer;
}

describe("a sealed file", () => {
  it("gives back what was put in, whatever its length and pieces", async () => {
    const lengths = [0, 1, pieceBytes - 1, pieceBytes, pieceBytes + 1, 3 * pieceBytes];
    for (const length of lengths) {
      const plain = content(length);
      expect(plain.equals((await opened(await sealed(plain))) as Buffer)).toBe(true);
    }
    const sizes = fc.array(fc.nat({ max: 2 * pieceBytes }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 4 * pieceBytes }), sizes, async (length, cut) => {
        const plain = content(length);
        return plain.equals((await opened(await sealed(plain, cut))) as Buffer);
      }),
      { numRuns: 25 },
    );
  });

  it("is refused with any bit of it flipped", async () => {
    const whole = await sealed(content(2 * pieceBytes + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: whole.length * 8 - 1 }), async (bit) => {
        const forged = Buffer.from(whole);
        forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        return typeof (await opened(forged)) === "string";
      }),
      { numRuns: 100 },
    );
    // The head is short beside the rest: each of its bits.
    const headBytes = whole.indexOf("}") + 1;
    const small = await sealed(content(10));
    for (let bit = 0; bit < headBytes * 8; bit += 3) {
      const forged = Buffer.from(small);
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(typeof (await opened(forged))).toBe("string");
    }
  });

  it("is refused with anything of its end cut off, or added to it", async () => {
    const whole = await sealed(content(2 * pieceBytes + 100));
    const headBytes = whole.indexOf("}") + 1;
    const cuts = [
      ...[0, 5, 12, 100, headBytes],
      ...[headBytes + 10, headBytes + sealedPieceBytes, headBytes + 2 * sealedPieceBytes],
      whole.length - 1,
    ];
    for (const cut of cuts) expect(typeof (await opened(whole.subarray(0, cut)))).toBe("string");
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: whole.length - 1 }),
        async (cut) => typeof (await opened(whole.subarray(0, cut))) === "string",
      ),
      { numRuns: 50 },
    );
    expect(await opened(Buffer.concat([whole, Buffer.alloc(1)]))).toBe("damaged");
    expect(await opened(Buffer.concat([whole, whole.subarray(headBytes)]))).toBe("damaged");
  });

  it("is refused with its pieces in another order, or one left out", async () => {
    const whole = await sealed(content(3 * pieceBytes));
    const headBytes = whole.indexOf("}") + 1;
    const head = whole.subarray(0, headBytes);
    const at = (n: number) =>
      whole.subarray(headBytes + n * sealedPieceBytes, headBytes + (n + 1) * sealedPieceBytes);
    expect(await opened(Buffer.concat([head, at(1), at(0), at(2)]))).toBe("damaged");
    expect(await opened(Buffer.concat([head, at(0), at(2)]))).toBe("damaged");
    expect(await opened(Buffer.concat([head, at(0), at(0), at(1), at(2)]))).toBe("damaged");
  });

  it("has pieces that fit into no other file of the same passphrase", async () => {
    const [one, other] = [await sealed(content(100)), await sealed(content(100))];
    const headBytes = one.indexOf("}") + 1;
    expect(one.equals(other)).toBe(false);
    const mixed = Buffer.concat([one.subarray(0, headBytes), other.subarray(headBytes)]);
    expect(await opened(mixed)).toBe("damaged");
  });

  it("is no backup when opening it would cost more than a file may", () => {
    const salt = Buffer.alloc(16).toString("base64");
    const recipe = { memoryKiB: 65_536, passes: 3, lanes: 1, salt };
    expect(keyRecipeShape.safeParse(recipe).success).toBe(true);
    for (const more of [{ memoryKiB: 2 ** 20 }, { passes: 17 }, { lanes: 5 }, { memoryKiB: -1 }]) {
      expect(keyRecipeShape.safeParse({ ...recipe, ...more }).success).toBe(false);
    }
  });

  it("says that it is no backup, of a newer format, or of another passphrase", async () => {
    const whole = await sealed(content(10));
    expect(await opened(Buffer.from("PK\u0003\u0004 some other file of some length"))).toBe(
      "not-a-backup",
    );
    expect(await opened(Buffer.alloc(0))).toBe("not-a-backup");
    const newer = Buffer.from(whole);
    newer.writeUInt16BE(2, 8);
    expect(await opened(newer)).toBe("newer");
    const file = path.join(folder, "other");
    await writeFile(file, whole);
    await using handle = await open(file, "r");
    const reading = collect(unseal(handle, keyByPassphrase("another passphrase")));
    await expect(reading).rejects.toMatchObject({ fault: "wrong-passphrase" });
    const right = collect(unseal(handle, keyByPassphrase(passphrase)));
    expect((await right).equals(content(10))).toBe(true);
  });

  it("opens with a key that was kept without its passphrase", async () => {
    expect(readKey(writeKey(key))).toEqual(key);
  });
});
