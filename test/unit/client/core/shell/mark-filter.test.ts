import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { MarkFilter } from "../../../../../appliance/client/core/shell/mark-filter.ts";

const nonce = "0123456789abcdef";
const ours = (kind: string, text: string) => `\u{1b}]6973;${nonce};${kind};${text}\u{7}`;

let shown: string;
let marks: [kind: string, text: string][];
let titles: string[];
let filter: MarkFilter;
beforeEach(() => {
  shown = "";
  marks = [];
  titles = [];
  filter = new MarkFilter(nonce, {
    output: (bytes) => (shown += Buffer.from(bytes).toString("latin1")),
    mark: (kind, text) => marks.push([kind, text]),
    title: (title) => titles.push(title),
  });
});

function push(text: string, chunk = text.length): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) filter.push(bytes.subarray(at, at + chunk));
}

const shownText = () => Buffer.from(shown, "latin1").toString();

describe("the filter of a shell's marks", () => {
  it.each([1, 2, 3, 7, 1000])("takes marks out, %i bytes at a time", (chunk) => {
    push(`é$ ${ours("S", "ls; echo “é”")}a\u{1b}[31mb${ours("X", "0")}\n`, chunk);
    expect(shownText()).toBe("é$ a\u{1b}[31mb\n");
    expect(marks).toEqual([
      ["S", "ls; echo “é”"],
      ["X", "0"],
    ]);
  });

  it.each([
    ["with another nonce", "\u{1b}]6973;ffffffffffffffff;X;0\u{7}"],
    ["with a part of the nonce", `\u{1b}]6973;${nonce.slice(0, -1)};X;0\u{7}`],
    ["with none", "\u{1b}]6973;X;0\u{7}"],
    ["with another number", `\u{1b}]633;${nonce};X;0\u{7}`],
    ["that is broken off", `\u{1b}]6973;${nonce};X;\u{1b}[0m0\u{7}`],
  ])("believes no mark %s, and shows it to the terminal as it came", (_what, text) => {
    push(`a${text}b${ours("X", "1")}`, 5);
    expect(marks).toEqual([["X", "1"]]);
    expect(shownText()).toBe(`a${text}b`);
  });

  it("tells titles and leaves them in", () => {
    const text = "\u{1b}]0;vim é\u{7}\u{1b}]2;top\u{1b}\\\u{1b}]8;;http://a\u{7}";
    push(text, 4);
    expect(titles).toEqual(["vim é", "top"]);
    expect(shownText()).toBe(text);
  });

  it("gives a mark without an end back to the terminal after 32 KB", () => {
    push(`\u{1b}]6973;${nonce};S;${"x".repeat(40_000)}`, 1000);
    expect(shown.length).toBeGreaterThan(40_000);
    expect(marks).toEqual([]);
  });

  it("changes nothing else, whatever comes and however it is cut", () => {
    const piece = fc.constantFrom(
      "\u{1b}",
      "]",
      "\u{7}",
      "\\",
      "6973;",
      nonce.slice(0, 5),
      "0;",
      "x",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (all, cut) => {
          shown = "";
          const text = all.join("");
          push(text, cut);
          filter.end();
          expect(shownText()).toBe(text);
        },
      ),
      { numRuns: 2000 },
    );
    expect(marks).toEqual([]);
  });
});
