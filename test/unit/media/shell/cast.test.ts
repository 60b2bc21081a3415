import { describe, expect, it } from "vitest";
import { type Cast, parseCast, searchCast } from "../../../../media/shell/cast.ts";

const header = { version: 2, width: 100, height: 30, timestamp: 1_700_000_000, title: "pc – Ann" };

function castOf(...events: readonly (readonly [number, string, string])[]): Cast {
  const lines = [header, ...events].map((line) => JSON.stringify(line));
  const cast = parseCast(`${lines.join("\n")}\n`);
  if (!cast) throw new Error("it is a recorded shell");
  return cast;
}

describe("reading a recorded shell", () => {
  it("gives its size, its title and what happened when", () => {
    const cast = castOf([0.5, "o", "a"], [1, "r", "80x24"], [2.25, "m", "lost"]);
    expect(cast).toMatchObject({ columns: 100, rows: 30, title: "pc – Ann", durationMs: 2250 });
    expect(cast.events).toEqual([
      { at: 500, kind: "output", text: "a" },
      { at: 1000, kind: "size", columns: 80, rows: 24 },
      { at: 2250, kind: "mark", label: "lost" },
    ]);
  });

  it("leaves out a torn last line and what it does not know", () => {
    const text = [
      JSON.stringify(header),
      '[1, "o", "a"]',
      '[2, "i", "secret"]',
      '[3, "r", "0x5"]',
      '["4", "o", "b"]',
      '[5, "o", "to',
    ].join("\n");
    expect(parseCast(text)?.events).toEqual([{ at: 1000, kind: "output", text: "a" }]);
  });

  it("believes no terminal without bounds", () => {
    const large = JSON.stringify({ ...header, width: 1e9, height: -1 });
    expect(parseCast(large)).toMatchObject({ columns: 1000, rows: 24 });
  });

  it.each(["", "hello", '{"version":3}', "[]"])("refuses what is none: %j", (text) => {
    expect(parseCast(text)).toBeUndefined();
  });
});

describe("searching a recorded shell", () => {
  const cast = castOf(
    [1, "o", "$ \u001b[1mca"],
    [2, "o", "t\u001b[0m notes"],
    [3, "o", ".txt\r\n"],
    [4, "o", "\u001b]0;title cat\u0007The CAT sat\r\n"],
  );

  it("finds what a person saw, across outputs and colours, whatever its case", () => {
    expect(searchCast(cast, "cat notes.TXT").map(({ at }) => at)).toEqual([3000]);
    expect(searchCast(cast, "cat").map(({ at }) => at)).toEqual([2000, 4000]);
  });

  it("does not find what nobody saw", () => {
    expect(searchCast(cast, "title")).toEqual([]);
    expect(searchCast(cast, "")).toEqual([]);
  });
});
