import {
  createReadStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ArchiveEntry, packTar } from "../../../../appliance/server/tar.ts";
import { openBundle } from "../../../../appliance/server/update/bundle.ts";
import { parseManifest, parseUpdateKey } from "../../../../appliance/server/update/manifest.ts";
import { unpack } from "../../../../appliance/server/update/unpack.ts";
import { readTar } from "../../../../appliance/server/update/untar.ts";
import { UpdateError } from "../../../../appliance/server/update/update-error.ts";
import { mountMemory } from "../../../support/memory-disk.ts";
import { makeSigner, makeSmallTree, packRelease, type Signer } from "../../../support/release.ts";

let folder: string;
let signer: Signer;
let bundle: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-bundle-"));
  signer = makeSigner(folder);
  bundle = await packRelease(makeSmallTree(folder, "1.1.0"), signer);
});
afterEach(() => rmSync(path.join(folder, "out"), { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens and unpacks a bundle as an update does; gives the files. */
async function take(file: string, by = signer, into = path.join(folder, "out")): Promise<string[]> {
  await using opened = await openBundle(file, [parseUpdateKey(by.publicPem)]);
  await unpack(opened, into, () => undefined);
  return readdirSync(into, { recursive: true }).map(String).toSorted();
}

/** Why it is not taken. */
async function faultOf(file: string, by = signer): Promise<string> {
  return take(file, by).then(
    () => "none",
    (error: unknown) => (error instanceof UpdateError ? error.fault : String(error)),
  );
}

function written(name: string, bytes: Uint8Array | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

/** The entries of a bundle, read whole. */
async function partsOf(file: string): Promise<{ name: string; content: Buffer }[]> {
  const parts: { name: string; content: Buffer }[] = [];
  for await (const { name, content } of readTar(createReadStream(file))) {
    parts.push({ name, content: await buffer(content) });
  }
  return parts;
}

function partOf(name: string, content: Buffer): ArchiveEntry {
  return { name, mode: 0o644, sizeBytes: content.length, source: { content } };
}

describe("a bundle", () => {
  it("gives exactly what was packed", async () => {
    const tree = path.join(folder, "small-1.1.0");
    expect(await take(bundle)).toEqual(
      readdirSync(tree, { recursive: true }).map(String).toSorted(),
    );
    const main = "appliance/main.ts";
    expect(readFileSync(path.join(folder, "out", main), "utf8")).toBe('print("1.1.0");\n');
  });

  it("is the same for the same release", async () => {
    const before = readFileSync(bundle);
    await packRelease(path.join(folder, "small-1.1.0"), signer);
    expect(readFileSync(bundle).equals(before)).toBe(true);
  });

  it("of somebody else is refused", async () => {
    expect(await faultOf(bundle, makeSigner(folder, "other"))).toBe("forged");
  });

  it("for another machine is refused", async () => {
    const tree = makeSmallTree(folder, "1.2.0", { platform: "win32-x64" });
    expect(await faultOf(await packRelease(tree, signer))).toBe("other-platform");
  });

  it("that is none is refused", async () => {
    expect(await faultOf(written("text", "hello"))).toBe("not-a-bundle");
    expect(await faultOf(written("empty", ""))).toBe("not-a-bundle");
    expect(await faultOf(path.join(folder, "nowhere"))).toBe("not-a-bundle");
    expect(await faultOf(folder)).toBe("not-a-bundle");
    const link = path.join(folder, "link");
    symlinkSync(bundle, link);
    expect(await faultOf(link)).toBe("not-a-bundle");
  });

  it("without a signature is refused", async () => {
    const bytes = readFileSync(bundle);
    const at = bytes.indexOf("manifest.sig");
    const unsigned = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1024)]);
    expect(await faultOf(written("unsigned", unsigned))).toBe("not-signed");
  });

  it("cut anywhere is refused, and leaves nothing", async () => {
    const bytes = readFileSync(bundle);
    // What follows the archive is padding.
    const endsAt = bytes.length - 1024 - 512;
    await fc.assert(
      fc.asyncProperty(fc.nat(endsAt - 1), async (length) => {
        const fault = await faultOf(written("cut", bytes.subarray(0, length)));
        expect(["not-a-bundle", "not-signed", "damaged"]).toContain(fault);
        expect(readdirSync(folder)).not.toContain("out");
      }),
      { numRuns: 60 },
    );
  });

  it("changed anywhere is refused, or gives what was signed", async () => {
    const bytes = readFileSync(bundle);
    const whole = await take(bundle);
    rmSync(path.join(folder, "out"), { recursive: true });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const file = written("flipped", bytes.with(at, (bytes[at] ?? 0) ^ by));
          const files = await take(file).catch((error: unknown) => {
            if (error instanceof UpdateError) return undefined;
            throw error;
          });
          if (files) expect(files).toEqual(whole);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("with anything behind its files is refused, and keeps nobody waiting", async () => {
    const [entries, tail] = [await partsOf(bundle), Buffer.alloc(1 << 22)];
    const files = zstdDecompressSync(entries.at(-1)?.content ?? Buffer.alloc(0));
    for (const more of [tail, Buffer.from("more")]) {
      const archive = zstdCompressSync(Buffer.concat([files, more]));
      const parts = entries.map(({ name, content }, i) =>
        partOf(name, i === entries.length - 1 ? archive : content),
      );
      const longer = await buffer(Readable.from(packTar(parts)));
      expect(await faultOf(written("longer", longer))).toBe("damaged");
      expect(readdirSync(folder)).not.toContain("out");
    }
  });

  it("that does not fit says so, and leaves nothing", async () => {
    using disk = mountMemory(path.join(folder, "small-disk"), "8k");
    const into = path.join(disk.folder, "out");
    await expect(take(bundle, signer, into)).rejects.toMatchObject({ fault: "no-space" });
    expect(readdirSync(disk.folder)).toEqual([]);
  });
});

describe("a manifest", () => {
  it.each([
    ["files", "../outside"],
    ["files", "/outside"],
    ["files", "a//b"],
    ["files", "a/./b"],
    ["files", "a/../../b"],
  ])("that names in %s a place such as %s is refused", (_list, place) => {
    const [text, marked] = ["a".repeat(99), JSON.stringify(place)];
    const tree = path.join(folder, "small-1.1.0/manifest.json");
    const manifest = readFileSync(tree, "utf8").replace(JSON.stringify(text), marked);
    expect(() => parseManifest(Buffer.from(manifest))).toThrow(UpdateError);
  });

  it.each(["/etc/passwd", "../../outside", "../..", ".."])("with a link to %s is refused", (to) => {
    const tree = path.join(folder, "small-1.1.0/manifest.json");
    const manifest = readFileSync(tree, "utf8").replace('"server/main.ts"', JSON.stringify(to));
    expect(() => parseManifest(Buffer.from(manifest))).toThrow(UpdateError);
  });
});
