import { describe, expect, it } from "vitest";
import { textName } from "../../../../extension/files/local-name.ts";
import {
  below,
  hostOf,
  isName,
  isWithin,
  nameOf,
  parentOf,
} from "../../../../extension/files/remote-path.ts";

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
    ["a\u241b5Cb", "a%5Cb"],
  ])("%j leads nowhere else", (name, safe) => {
    expect(textName(name, "win32")).toBe(safe);
  });

  it("keeps what is no text as numbers", () => {
    expect(textName("caf\u241bE9", "darwin")).toBe("caf%E9");
  });
});

describe("the name of a computer in an address", () => {
  it.each([
    ["carla-pc", "carla-pc"],
    ["PC de Chloé (bureau)", "pc-de-chloe-bureau"],
    ["../../etc+x@y:/z", "etc-x-y-z"],
    ["机", "computer"],
    ["", "computer"],
    ["x".repeat(300), "x".repeat(63)],
  ])("of %j is %j", (name, host) => {
    expect(hostOf(name)).toBe(host);
  });
});
