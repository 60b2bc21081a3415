import { describe, expect, it } from "vitest";
import {
  type BackupContents,
  ContentsReader,
  maxListBytes,
  writeContents,
} from "../../../../appliance/server/backup/contents.ts";

function contents(files: number): BackupContents {
  return {
    ...{ version: "1.2.3", schema: 1, host: "help.example.org", createdAt: 1 },
    hasRecordings: true,
    files: Array.from({ length: files }, (_, i) => ({
      root: "recordings" as const,
      path: `${i.toString(16).padStart(32, "0")}/screen.bin`,
      sizeBytes: 1_000_000,
    })),
  };
}

describe("the list of a backup's files", () => {
  it("has room for a hundred thousand recordings, and comes back as it was", async () => {
    const honest = contents(100_000);
    const pieces = async function* () {
      yield await Promise.resolve(writeContents(honest));
    };
    expect(await new ContentsReader(pieces()).contents()).toEqual(honest);
  });

  it("is refused before it is read when it says that it is longer", async () => {
    let read = 0;
    const pieces = async function* () {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(maxListBytes + 1);
      yield await Promise.resolve(length);
      for (; read < maxListBytes; read += 1 << 20) yield Buffer.alloc(1 << 20, " ");
    };
    await expect(new ContentsReader(pieces()).contents()).rejects.toMatchObject({
      fault: "too-many-files",
    });
    expect(read).toBe(0);
  });

  it("is not made longer than it can be read", () => {
    expect(() => writeContents(contents(200_000))).toThrow(/longer than 16 MB/);
  });
});
