import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { specialKeys } from "../../../../media/pane/contract.ts";
import {
  keysymOf,
  keysymOfText,
  latinOf,
  specialKeySequences,
} from "../../../../media/screen/keysym.ts";

/**
 * What each key types by itself, with Shift, with AltGr and with both, and the keysym that the X
 * server's own keymap has there (xkbcomp of the layouts `us` and `fr`).
 */
type Keymap = Record<string, [key: string, keysym: number][]>;

function keymap(layout: string): Keymap {
  const file = path.join(import.meta.dirname, "keymaps", `${layout}.json`);
  return JSON.parse(readFileSync(file, "utf8")) as Keymap;
}

describe.each(["us", "fr"])("the keyboard %s", (layout) => {
  const keys = Object.entries(keymap(layout));

  it("has all its character keys in the table", () => {
    expect(keys).toHaveLength(49);
  });

  it.each(keys)("%s gives the keysyms of the X server's keymap", (code, levels) => {
    for (const [key, keysym] of levels) {
      const expected = key === "Dead" ? undefined : keysym;
      expect(keysymOf({ key, code, location: 0 }, "linux"), key).toBe(expected);
    }
  });
});

describe("the French keyboard", () => {
  it("has dead keys, and characters that need AltGr", () => {
    const levels = Object.values(keymap("fr")).flat();
    expect(levels.filter(([key]) => key === "Dead").length).toBeGreaterThan(5);
    const typed = levels.map(([key]) => key);
    for (const key of ["@", "#", "{", "}", "[", "]", "|", "\\", "€", "é", "ç", "ù"]) {
      expect(typed).toContain(key);
    }
  });
});

describe("keys without a character", () => {
  it.each([
    ["Enter", "Enter", 0, 0xff0d],
    ["Enter", "NumpadEnter", 3, 0xff8d],
    ["Tab", "Tab", 0, 0xff09],
    ["Backspace", "Backspace", 0, 0xff08],
    ["Delete", "Delete", 0, 0xffff],
    ["Delete", "NumpadDecimal", 3, 0xff9f],
    ["ArrowUp", "ArrowUp", 0, 0xff52],
    ["7", "Numpad7", 3, 0xffb7],
    ["Home", "Numpad7", 3, 0xff95],
    ["+", "NumpadAdd", 3, 0xffab],
    ["F1", "F1", 0, 0xffbe],
    ["F12", "F12", 0, 0xffc9],
    ["Shift", "ShiftLeft", 1, 0xffe1],
    ["Shift", "ShiftRight", 2, 0xffe2],
    ["Control", "ControlRight", 2, 0xffe4],
    ["Alt", "AltLeft", 1, 0xffe9],
    ["Meta", "AltLeft", 1, 0xffe9],
    ["Meta", "MetaLeft", 1, 0xffeb],
    ["AltGraph", "AltRight", 2, 0xfe03],
    ["ContextMenu", "ContextMenu", 0, 0xff67],
    ["PrintScreen", "PrintScreen", 0, 0xff61],
    ["Escape", "Escape", 0, 0xff1b],
  ])("%s (%s) is sent as its keysym", (key, code, location, keysym) => {
    expect(keysymOf({ key, code, location }, "linux")).toBe(keysym);
  });

  it.each(["CapsLock", "NumLock", "Dead", "Process", "Unidentified", "", "constructor"])(
    "%s is not sent",
    (key) => {
      expect(keysymOf({ key, code: "KeyA", location: 0 }, "linux")).toBeUndefined();
    },
  );

  it("on a Mac Option chooses characters and Command is Alt", () => {
    expect(keysymOf({ key: "Alt", code: "AltLeft", location: 1 }, "mac")).toBe(0xfe03);
    expect(keysymOf({ key: "Meta", code: "MetaLeft", location: 1 }, "mac")).toBe(0xffe9);
  });
});

describe("characters", () => {
  it.each([
    ["a", 0x61],
    ["é", 0xe9],
    ["€", 0x20ac],
    ["œ", 0x13bd],
    ["ł", 0x1b3],
    ["ж", 0x6d6],
    ["ω", 0x7f9],
    ["Σ", 0x7d2],
    ["漢", 0x1006f22],
    ["😀", 0x101f600],
  ])("%s has its keysym", (text, keysym) => {
    expect(keysymOfText(text)).toBe(keysym);
  });

  it("several characters, none and control characters have none", () => {
    for (const text of ["", "ab", "\n", "\u007f", "\u0085"]) {
      expect(keysymOfText(text)).toBeUndefined();
    }
  });

  it("a shortcut on a Cyrillic keyboard means the Latin letter of the key", () => {
    expect(latinOf({ key: "с", code: "KeyC", location: 0 })).toBe("c");
    expect(latinOf({ key: "é", code: "Digit2", location: 0 })).toBe("é");
    expect(latinOf({ key: "q", code: "KeyA", location: 0 })).toBe("q");
    expect(latinOf({ key: "Enter", code: "Enter", location: 0 })).toBe("Enter");
  });
});

it("every special key has a sequence", () => {
  for (const key of specialKeys) expect(specialKeySequences[key].length).toBeGreaterThan(0);
});
