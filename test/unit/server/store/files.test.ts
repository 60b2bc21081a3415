import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSecretFile } from "../../../../appliance/server/store/files.ts";
import { mountMemory } from "../../../support/memory-disk.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-files-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a secret file", () => {
  it("is there whole, for the appliance alone", () => {
    const file = path.join(folder, "key");
    writeFileSync(file, "before", { mode: 0o644 });
    writeSecretFile(file, "é".repeat(10_000));
    expect(readFileSync(file, "utf8")).toBe("é".repeat(10_000));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("stays what it was where the disk has room for a part of it", () => {
    using disk = mountMemory(path.join(folder, "small-disk"), "16k");
    const file = path.join(disk.folder, "key");
    writeSecretFile(file, "before");
    expect(() => writeSecretFile(file, "after".repeat(4_000))).toThrow("ENOSPC");
    expect(readFileSync(file, "utf8")).toBe("before");
  });
});
