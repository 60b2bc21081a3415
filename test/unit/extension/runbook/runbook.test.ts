import { maxNoteLength, type RunbookCell } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CellOutput } from "../../../../extension/runbook/cell-output.ts";
import { noteText } from "../../../../extension/runbook/note-text.ts";
import { plainText } from "../../../../extension/runbook/plain-text.ts";
import { readRunbook, writeRunbook } from "../../../../extension/runbook/runbook-file.ts";

const result = { computer: "pc", startedAt: 1, durationMs: 2, exitCode: 0, ending: "exit code 0" };
const cells: RunbookCell[] = [
  { kind: "markdown", text: "# Disk\n" },
  { kind: "script", text: "df -h\n", stdout: "all of it\n", stderr: "", result },
];

describe("what a program writes", () => {
  it.each([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["a title", "\u001b]0;root@bank\u0007a", "a"],
    ["a link", "\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\", "click"],
    ["the clipboard", "\u001b]52;c;ZXZpbA==\u0007a", "a"],
    ["8-bit controls", "\u009b2Ja\u009d0;x\u009cb", "ab"],
    ["strings of devices", "\u001bP1$r0m\u001b\\a\u001b_x\u001b\\b", "ab"],
    ["sequences that are cut", "a\u001b[", "a"],
    ["a bar that moves", "10 %\r20 %\r\ndone", "10 %\n20 %\ndone"],
    ["letters in another order", "a\u202etxt.exe\u202c", "atxt.exe"],
    ["what is not seen", "a\u200bb\u0000c\u0007d\tfür 日本\n", "abcd\tfür 日本\n"],
  ])("is text without %s", (_, written, shown) => {
    expect(plainText(written)).toBe(shown);
  });

  it("has nothing left that steers a terminal, whatever it was", () => {
    const controls = new RegExp("[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e]");
    const unit = fc.constantFrom(
      ...[
        "\u001b",
        "[",
        "]",
        "P",
        ";",
        "\u0007",
        "\\",
        "\u009b",
        "\u009d",
        "\r",
        "\n",
        "a",
        "3",
        "m",
      ],
      ...["\u202e", "\u0000", "\ud83d", "é"],
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (written) => {
        expect(plainText(written)).not.toMatch(controls);
        expect(plainText(written).isWellFormed()).toBe(true);
      }),
    );
  });

  it("is put together wherever it was cut, and bounded", () => {
    const output = new CellOutput();
    for (const byte of new TextEncoder().encode("\u001b[31mé\u001b[0m")) {
      output.push("stdout", new Uint8Array([byte]));
    }
    expect(output.texts(String).stdout).toBe("é");
    output.push("stderr", new Uint8Array(300_000).fill(120));
    const { stderr } = output.texts((count) => `${count} left out`);
    expect(stderr).toHaveLength(200_000 + "\n100000 left out\n".length);
    expect(stderr).toContain("100000 left out");
  });
});

describe("a runbook", () => {
  it("is read as it was written", () => {
    expect(readRunbook(writeRunbook(cells))).toEqual(cells);
    expect(readRunbook(new Uint8Array())).toEqual([]);
  });

  it("from elsewhere is neutralised, what it says of its runs too", () => {
    const evil = "\u001b]52;c;ZXZpbA==\u0007x";
    const hostile = { ...result, computer: evil, ending: evil };
    const bytes = writeRunbook([
      { kind: "script", text: "id", stdout: evil, stderr: evil, result: hostile },
    ]);
    expect(readRunbook(bytes)).toEqual([
      {
        ...{ kind: "script", text: "id", stdout: "x", stderr: "x" },
        result: { ...result, computer: "x", ending: "x" },
      },
    ]);
  });

  it.each([
    ["no JSON", "#!/bin/sh"],
    ["another version", '{"handrailRunbook":2,"cells":[]}'],
    ["cells of no kind", '{"handrailRunbook":1,"cells":[{"kind":"magic","text":""}]}'],
  ])("with %s is refused", (_, text) => {
    expect(() => readRunbook(new TextEncoder().encode(text))).toThrow();
  });
});

describe("a note", () => {
  it("has what was done, what came of it and where", () => {
    expect(noteText(cells)).toBe(
      "# Disk\n\n\n```sh\ndf -h\n```\n\n```\nall of it\n```\n\nexit code 0 – pc",
    );
  });

  it("keeps an output in its fence, also when it has one itself", () => {
    const [, script] = cells;
    if (script?.kind !== "script") throw new Error("the second is a script");
    const note = noteText([{ ...script, stdout: "````\n# not a title\n" }]);
    expect(note).toContain("`````\n````\n# not a title\n`````");
  });

  it("is never longer than is kept", () => {
    const long = "line of output\n".repeat(20_000);
    const many = Array.from({ length: 30 }, (): RunbookCell => ({
      kind: "script",
      text: "yes",
      stdout: long,
      stderr: "",
      result,
    }));
    const note = noteText(many);
    expect(note.length).toBeLessThanOrEqual(maxNoteLength);
    expect(note).toContain("[…]");
    expect(note.match(/exit code 0 – pc/g)).toHaveLength(30);
    const words = noteText([{ kind: "markdown", text: "x".repeat(maxNoteLength * 2) }]);
    expect(words.length).toBeLessThanOrEqual(maxNoteLength);
  });
});
