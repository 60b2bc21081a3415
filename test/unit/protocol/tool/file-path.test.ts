import {
  childPath,
  isName,
  isPath,
  isWithin,
  maxNameBytes,
  maxPathBytes,
  oneLine,
  pathBytes,
  pathText,
  splitPath,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
/** Bytes as disks have them, and with what is to be escaped among them. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 20 }).map((text) => bytes(text.toWellFormed())),
  fc
    .array(fc.constantFrom("␛", "␛0A", "␛", "\u{202e}", "\\", "é", "%", "\n"), { maxLength: 9 })
    .map((parts) => bytes(parts.join(""))),
);
const name = anyBytes.filter(isName);

describe("names of files as text", () => {
  it("lead back to the very bytes, and no two names have the same text", () => {
    fc.assert(
      fc.property(anyBytes, anyBytes, (one, other) => {
        expect(pathBytes(pathText(one))).toEqual(one);
        expect(pathText(one) === pathText(other)).toBe(Buffer.compare(one, other) === 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("are one line in which everything is seen", () => {
    fc.assert(
      fc.property(anyBytes, (given) => {
        const text = pathText(given);
        expect(text.isWellFormed()).toBe(true);
        expect(oneLine(`x${text}x`).replaceAll(" ", "")).toBe(`x${text}x`.replaceAll(/\s/gu, ""));
        expect(text).not.toContain("\\");
      }),
      { numRuns: 1000 },
    );
  });

  it("are themselves where there is nothing odd about them", () => {
    for (const plain of ["a b.txt", "100 %", "été", "日本", "👩‍🚀", "~$x"]) {
      expect(pathText(bytes(plain))).toBe(plain);
    }
    expect(pathText(bytes("two\nlines"))).toBe("two␛0Alines");
    expect(pathText(Uint8Array.of(0x66, 0xff))).toBe("f␛FF");
    expect(pathText(bytes("␛0A"))).toBe("␛E2␛90␛9B0A");
    expect(pathText(bytes("gpj.\u{202e}exe"))).toBe("gpj.␛E2␛80␛AEexe");
    expect(pathBytes("␛zz")).toEqual(bytes("␛zz"));
  });
});

describe("paths", () => {
  it("are absolute and lead nowhere but down", () => {
    for (const path of ["/", "/a", "/a/b c", "/...", "/.a", `/${"n".repeat(maxNameBytes)}`]) {
      expect(isPath(bytes(path)), path).toBe(true);
    }
    const long = "/abc".repeat(Math.ceil(maxPathBytes / 4) + 1);
    const wrong = [
      "",
      "a",
      "a/b",
      "/a/",
      "//a",
      "/a//b",
      "/.",
      "/..",
      "/a/../b",
      "/a/./b",
      "/a\0b",
    ];
    for (const path of [...wrong, `/${"n".repeat(maxNameBytes + 1)}`, long]) {
      expect(isPath(bytes(path)), path).toBe(false);
    }
  });

  it("are put together and taken apart", () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), name, (folders, last) => {
        const folder = folders.reduce<Uint8Array>(childPath, bytes("/"));
        const path = childPath(folder, last);
        expect(isPath(path)).toBe(true);
        expect(splitPath(path)).toEqual({ folder, name: last });
        expect(isWithin(path, folder)).toBe(true);
        expect(isWithin(path, path)).toBe(true);
        expect(isWithin(folder, path)).toBe(false);
      }),
    );
  });

  it("lie in a folder only when that is a whole part of them", () => {
    expect(isWithin(bytes("/srv/joe"), bytes("/srv/jo"))).toBe(false);
    expect(isWithin(bytes("/srv"), bytes("/srv/jo"))).toBe(false);
    expect(isWithin(bytes("/srv"), bytes("/"))).toBe(true);
    expect(splitPath(bytes("/"))).toEqual({ folder: bytes("/"), name: bytes("") });
  });
});
