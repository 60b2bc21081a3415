import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writePiece } from "../../../../appliance/server/store/piece-file.ts";
import { mountMemory } from "../../../support/memory-disk.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-pieces-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a file that comes in pieces", () => {
  it("takes the next piece alone, begins anew with the first, and is the appliance's", async () => {
    const file = path.join(folder, "new/file");
    expect(await writePiece(file, 0, Buffer.from("abc"))).toBe(true);
    expect(await writePiece(file, 2, Buffer.from("x"))).toBe(false);
    expect(await writePiece(file, 4, Buffer.from("x"))).toBe(false);
    expect(await writePiece(file, 3, Buffer.from("def"))).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("abcdef");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await writePiece(file, 0, Buffer.from("g"))).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("g");
  });

  it("goes before it fills the disk, which others write to as well", async () => {
    using disk = mountMemory(path.join(folder, "small-disk"), "67m");
    const file = path.join(disk.folder, "file");
    const piece = Buffer.alloc(1024 * 1024);
    expect(await writePiece(file, 0, piece)).toBe(true);
    expect(await writePiece(file, piece.length, piece)).toBe(true);
    const more = writePiece(file, 2 * piece.length, Buffer.alloc(4 * piece.length));
    await expect(more).rejects.toMatchObject({ code: "ENOSPC" });
    expect(await readdir(disk.folder)).toEqual([]);
  });
});
