import { decodeText, encodeText, Reader, Writer } from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Field,
  flag,
  i16,
  list,
  rest,
  struct,
  tagged,
  text,
  u16,
  u32,
  u8,
  varint,
} from "../../../../appliance/protocol/codec/struct.ts";
import { codeOf } from "../refusal.ts";

const everything = struct({
  byte: u8,
  word: u16,
  signed: i16,
  long: u32,
  any: varint,
  on: flag,
  name: text(400),
  items: list(struct({ a: u8, b: text(8) }), 50),
  tail: rest,
});

const anyValue = fc.record({
  byte: fc.nat(255),
  word: fc.nat(0xffff),
  signed: fc.integer({ min: -0x8000, max: 0x7fff }),
  long: fc.nat(0xffff_ffff),
  any: fc.maxSafeNat(),
  on: fc.boolean(),
  name: fc.string({ unit: "grapheme", maxLength: 40 }).filter((s) => encodeText(s).length <= 400),
  items: fc.array(fc.record({ a: fc.nat(255), b: fc.string({ maxLength: 8 }) }), { maxLength: 50 }),
  tail: fc.uint8Array({ maxLength: 500 }),
});

describe("a declared layout", () => {
  it("reads back what it wrote, whatever the values", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decode(everything, encode(everything, value))).toEqual(value);
      }),
    );
  });

  it("is little-endian, in the order of the declaration", () => {
    const layout = struct({ a: u16, b: i16, c: u32, d: flag });
    expect([...encode(layout, { a: 0x0102, b: -2, c: 0x0a0b0c0d, d: true })]).toEqual([
      2, 1, 0xfe, 0xff, 0x0d, 0x0c, 0x0b, 0x0a, 1,
    ]);
  });

  it("cut anywhere before its open end is a violation", () => {
    const whole = encode(struct({ a: u32, b: text(9), c: varint }), { a: 1, b: "né", c: 300 });
    for (let end = 0; end < whole.length; end++) {
      const cut = () => decode(struct({ a: u32, b: text(9), c: varint }), whole.subarray(0, end));
      expect(codeOf(cut)).toBe("protocol-violation");
    }
  });
});

describe("text", () => {
  it("keeps a byte order mark, which is a character like any other", () => {
    expect(decodeText(encodeText("\ufeffa"))).toBe("\ufeffa");
  });

  it("that is not UTF-8 is a violation", () => {
    expect(codeOf(() => decodeText(Uint8Array.of(0xff)))).toBe("protocol-violation");
  });

  it("longer than declared is refused when written and when read", () => {
    expect(codeOf(() => encode(text(2), "né"))).toBe("frame-too-large");
    expect(codeOf(() => decode(text(2), encode(text(3), "né")))).toBe("frame-too-large");
  });
});

describe("a list", () => {
  it("longer than declared is refused when written and when read", () => {
    expect(codeOf(() => encode(list(u8, 1), [1, 2]))).toBe("frame-too-large");
    expect(codeOf(() => decode(list(u8, 1), Uint8Array.of(2, 1, 2)))).toBe("frame-too-large");
  });
});

it("a flag is 0 or 1 and nothing else", () => {
  expect([decode(flag, Uint8Array.of(0)), decode(flag, Uint8Array.of(1))]).toEqual([false, true]);
  expect(codeOf(() => decode(flag, Uint8Array.of(2)))).toBe("protocol-violation");
});

describe("a set of tagged messages", () => {
  const messages = tagged({
    hello: { tag: 1, layout: struct({ x: u8 }) },
    bye: { tag: 7, layout: struct({}) },
  });

  it("reads back what it wrote", () => {
    expect([...messages.encode({ type: "hello", x: 9 })]).toEqual([1, 9]);
    expect(messages.decode(Uint8Array.of(1, 9))).toEqual({ type: "hello", x: 9 });
    expect(messages.decode(messages.encode({ type: "bye" }))).toEqual({ type: "bye" });
  });

  it.each([
    ["an unknown tag", [2]],
    ["no tag", []],
    ["bytes behind the message", [1, 9, 0]],
  ])("refuses %s", (_, given) => {
    expect(codeOf(() => messages.decode(Uint8Array.from(given)))).toBe("protocol-violation");
  });

  it("refuses to write what it does not declare", () => {
    const unknown = JSON.parse('{"type":"other"}') as { type: "bye" };
    expect(codeOf(() => messages.encode(unknown))).toBe("protocol-violation");
  });
});

describe("a writer", () => {
  it.each([0, 1, 3])("that starts with room for %d bytes grows for every kind of value", (room) => {
    const write: ((writer: Writer) => void)[] = [
      (writer) => writer.u8(1),
      (writer) => writer.u16(1),
      (writer) => writer.i16(1),
      (writer) => writer.u32(1),
      (writer) => writer.varint(300),
      (writer) => writer.bytes(Uint8Array.of(1, 2, 3, 4, 5)),
    ];
    for (const each of write) {
      const small = new Writer(room);
      const large = new Writer(100);
      for (const writer of [small, large]) each(writer);
      for (const writer of [small, large]) each(writer);
      expect(small.finish()).toEqual(large.finish());
    }
  });

  it("does not change what it has given away", () => {
    const writer = new Writer(1);
    writer.u8(1);
    const first = writer.finish();
    writer.u32(0xffff_ffff);
    expect([...first]).toEqual([1]);
  });
});

function encode<T>(field: Field<T>, value: T): Uint8Array {
  const writer = new Writer(4);
  field.write(writer, value);
  return writer.finish();
}

function decode<T>(field: Field<T>, bytes: Uint8Array): T {
  return field.read(new Reader(bytes));
}
