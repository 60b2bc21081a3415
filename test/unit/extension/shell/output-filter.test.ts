import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutputFilter } from "../../../../extension/shell/output-filter.ts";

const filtered = (text: string) => new OutputFilter().push(text);

describe("what a terminal needs", () => {
  it.each([
    ["plain text in any script", "été 日本語 🙂\r\n\ttab\u0007"],
    ["colours", "\u001b[1;38;5;196mred\u001b[0m"],
    ["true colours with colons", "\u001b[38:2::1:2:3mx"],
    [
      "movements and modes of full-screen programs",
      "\u001b[?1049h\u001b[2J\u001b[10;20Hx\u001b[?25l",
    ],
    ["bracketed paste and mouse modes", "\u001b[?2004h\u001b[?1006h"],
    ["questions to the terminal", "\u001b[c\u001b[>c\u001b[6n"],
    ["character sets", "\u001b(0lqk\u001b(B"],
    ["keypad, save and restore", "\u001b=\u001b7\u001b8\u001bM"],
    ["colours of the palette", "\u001b]4;1;rgb:ff/00/00\u0007\u001b]11;?\u0007"],
  ])("passes: %s", (_what, text) => {
    expect(filtered(text)).toBe(text);
  });

  it("passes a harmless command however it is ended", () => {
    expect(filtered("\u001b]104\u001b\\x")).toBe("\u001b]104\u0007x");
  });
});

describe("what reaches beyond the picture", () => {
  it.each([
    ["writing to the clipboard", "\u001b]52;c;cm0gLXJmIC8=\u0007"],
    ["reading the clipboard", "\u001b]52;c;?\u001b\\"],
    ["titles", "\u001b]0;root@server\u0007\u001b]2;x\u0007"],
    ["the folder", "\u001b]7;file://host/etc\u0007"],
    ["links", "\u001b]8;;file:///etc/passwd\u001b\\"],
    ["marks of VS Code's own shells", "\u001b]633;E;rm -rf /;nonce\u0007\u001b]633;D;0\u0007"],
    ["marks of others' shells", "\u001b]133;A\u0007\u001b]1337;File=name=eA==:AAAA\u0007"],
    ["notifications", "\u001b]9;hello\u0007\u001b]777;notify;a;b\u0007"],
    ["strings of devices", "\u001bP+q544e\u001b\\\u001bPq#0;2;0;0;0\u001b\\"],
    ["strings of applications", "\u001b_Gx\u001b\\\u001b^y\u001b\\\u001bXz\u001b\\"],
    ["reports and sizes of the window", "\u001b[21t\u001b[8;50;200t"],
    ["the same in 8-bit controls", "\u009d52;c;QUFB\u009c\u009b21t\u0090q\u009c"],
  ])("is taken out: %s", (_what, text) => {
    expect(filtered(`a${text}b`)).toBe("ab");
  });

  it("is taken out however long it is", () => {
    expect(filtered(`a\u001b]52;c;${"A".repeat(100_000)}\u0007b`)).toBe("ab");
  });

  it("is not let in by a harmless number with a long body", () => {
    expect(filtered(`\u001b]4;${"1;x;".repeat(1000)}\u0007b`)).toBe("b");
  });

  it("is not let in within another sequence", () => {
    expect(filtered("\u001b[1\u001b]52;c;QQ==\u0007b")).toBe("b");
    expect(filtered("\u001b]0;\u001b]52;c;QQ==\u0007b")).toBe("b");
    expect(filtered("\u001b\u0007]52;c;QQ==\u0007b")).toBe("\u0007b");
    expect(filtered("\u001b(\n\u001b]52;c;QQ==\u0007b")).toBe("\nb");
  });
});

describe("a sequence that is broken off", () => {
  it("ends at CAN and SUB", () => {
    expect(filtered("\u001b]52;c;\u0018shown")).toBe("shown");
    expect(filtered("\u001b[12\u001ashown")).toBe("shown");
  });

  it("is forgotten by a reset", () => {
    const filter = new OutputFilter();
    filter.push("\u001b]52;c;AAAA");
    filter.reset();
    expect(filter.push("shown")).toBe("shown");
  });
});

const pieces = fc.array(
  fc.constantFrom(
    ..."ab;07529é\u0007\u0018\u009b\u009c\u009d\u0090[]P\\_mtH\n\u007f",
    "\u001b",
    "\u001b]52;c;",
    "\u001b]4;1;?\u0007",
    "\u001b[31m",
    "\u001b[21t",
  ),
  { maxLength: 60 },
);

describe("any stream", () => {
  it("is filtered the same wherever it is cut", () => {
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 7 }), (parts, length) => {
        const text = parts.join("");
        const filter = new OutputFilter();
        let shown = "";
        for (let at = 0; at < text.length; at += length) {
          shown += filter.push(text.slice(at, at + length));
        }
        expect(shown).toBe(filtered(text));
      }),
    );
  });

  it("never holds a command that is not about colours, nor an 8-bit control", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        // Controls within a sequence do not end it.
        const shown = filtered(parts.join("")).replace(/[\u0000-\u0017\u007f]/g, "");
        expect(shown).not.toMatch(/[\u0080-\u009f]/);
        expect(shown).not.toMatch(/\u001b\](?!(4|10|11|12|104|110|111|112));/);
        expect(shown).not.toMatch(/\u001b[PX^_]/);
      }),
    );
  });
});
