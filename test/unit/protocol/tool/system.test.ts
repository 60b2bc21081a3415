import { encodeText, HandrailError, systemAnswer, systemRequest } from "@handrail/protocol";
import { describe, expect, it } from "vitest";

function answer(report: unknown): Uint8Array {
  return encodeText(JSON.stringify({ answer: "report", id: 1, takenAt: 1, report }));
}

function list(rows: unknown[]): Uint8Array {
  return answer({ facts: {}, lists: [{ name: "rows", rows, omitted: 0 }] });
}

describe("what a customer's client says of its computer", () => {
  it("is one line for each text, whatever was sent", () => {
    const read = systemAnswer.decode(
      answer({ facts: { name: "a\nb\u{202e}c\u{1b}[2J" }, lists: [] }),
    );
    expect(read).toMatchObject({ report: { facts: { name: "a bc [2J" } } });
  });

  it.each([
    ["a name that is none", answer({ facts: { __proto_x: 1 }, lists: [] })],
    ["a name that every object has", answer({ facts: { constructor: 1 }, lists: [] })],
    ["a column that every object has", list([{ a: 1 }, { toString: 1 }])],
    ["a name that is a sentence", answer({ facts: { "a | b": 1 }, lists: [] })],
    ["a text without end", answer({ facts: { name: "x".repeat(1025) }, lists: [] })],
    ["a value within a value", answer({ facts: { name: { deep: 1 } }, lists: [] })],
    ["rows without end", list(Array(5001).fill({ a: 1 }))],
    [
      "a row without end",
      list([Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`a${i}`, i]))]),
    ],
    ["rows with nothing in common", list(Array.from({ length: 25 }, (_, i) => ({ [`a${i}`]: i })))],
    ["no JSON", encodeText("{")],
    ["no UTF-8", Uint8Array.of(0xff)],
  ])("is refused when it is %s", (_, bytes) => {
    expect(() => systemAnswer.decode(bytes)).toThrow(HandrailError);
  });
});

describe("what a console asks for", () => {
  it("is one of the categories", () => {
    const request = { id: 3, category: "disks" } as const;
    expect(systemRequest.decode(systemRequest.encode(request))).toEqual(request);
    const other = encodeText('{"id":3,"category":"files"}');
    expect(() => systemRequest.decode(other)).toThrow(HandrailError);
  });
});
