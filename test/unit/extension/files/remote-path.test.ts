import { describe, expect, it } from "vitest";
import { textName } from "../../../../extension/files/local-name.ts";
import {
  below,
  bytesOfText,
  isName,
  isWithin,
  nameOf,
  parentOf,
  shownPath,
  textOfBytes,
} from "../../../../extension/files/remote-path.ts";

const bytes = (...values: (string | number)[]) =>
  new Uint8Array(
    values.flatMap((each) => (typeof each === "number" ? [each] : [...Buffer.from(each)])),
  );

describe("the text of a path", () => {
  it.each([
    ["plain", bytes("/home/carla/Réservé 日本 😀")],
    ["a line feed", bytes("/a\nb")],
    ["Latin-1", bytes("/caf", 0xe9, "/x")],
    ["a sequence that is cut", bytes("/", 0xe2, 0x82)],
    ["an overlong sequence", bytes("/", 0xc0, 0xaf, "etc")],
    ["half a surrogate pair", bytes("/", 0xed, 0xa0, 0x80)],
    ["the private area itself", bytes("/\u{10ffe9}/\u{10fffd}", 0xff)],
    ["every byte", new Uint8Array(Array.from({ length: 255 }, (_, at) => at + 1))],
  ])("gives the same bytes again: %s", (_, path) => {
    const text = textOfBytes(path);
    expect(bytesOfText(text)).toEqual(path);
    expect(text.isWellFormed()).toBe(true);
    expect(decodeURIComponent(encodeURIComponent(text))).toBe(text);
  });

  it("is shown without anything that breaks a line or lies", () => {
    expect(shownPath(textOfBytes(bytes("caf", 0xe9, "\n\u202e.txt")))).toBe(
      "caf\\xe9\\u{a}\\u{202e}.txt",
    );
  });

  it("never makes a slash of bytes that are none", () => {
    const text = textOfBytes(bytes("/", 0xc0, 0xaf, 0x80));
    expect(text.match(/\//g)).toHaveLength(1);
  });
});

describe("paths", () => {
  it("have a name and a folder", () => {
    expect([nameOf("/a/b"), parentOf("/a/b"), parentOf("/a"), nameOf("/")]).toEqual([
      "b",
      "/a",
      "/",
      "",
    ]);
    expect([below("/", "a"), below("/a", "b", "c")]).toEqual(["/a", "/a/b/c"]);
  });

  it("lie in a folder or do not", () => {
    expect(isWithin("/a/b", "/a")).toBe(true);
    expect(isWithin("/a", "/")).toBe(true);
    expect(isWithin("/ab", "/a")).toBe(false);
  });

  it.each(["", ".", "..", "a/b", "/", "a\0b"])("%j is no name", (name) => {
    expect(isName(name)).toBe(false);
  });
});

describe("a name on Windows", () => {
  it.each([
    ["..\\..\\evil", "..%5C..%5Cevil"],
    ["C:evil", "C%3Aevil"],
    ["nul.txt", "_nul.txt"],
    ["COM1", "_COM1"],
    ["dot.", "dot%2E"],
    ["a\nb", "a%0Ab"],
    ["plain ü.txt", "plain ü.txt"],
  ])("%j leads nowhere else", (name, safe) => {
    expect(textName(name, "win32")).toBe(safe);
  });

  it("keeps what is no text as numbers", () => {
    expect(textName(textOfBytes(bytes("caf", 0xe9)), "darwin")).toBe("caf%E9");
  });
});
