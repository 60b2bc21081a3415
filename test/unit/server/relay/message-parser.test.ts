import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  MessageParser,
  opcodes,
  unmask,
  UnreadableError,
} from "../../../../appliance/server/relay/message-parser.ts";

interface Sample {
  readonly opcode: number;
  readonly payload: Buffer;
  readonly mask: number;
  readonly isFinal?: boolean;
}

/** A frame as a client sends it. */
function encode({ opcode, payload, mask, isFinal = true }: Sample): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const header = Buffer.alloc(2 + extended + 4);
  header[0] = (isFinal ? 0x80 : 0) | opcode;
  header[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  header.writeInt32LE(mask | 0, 2 + extended);
  const masked = Buffer.from(payload);
  for (let i = 0; i < length; i++) masked[i] = (masked[i] ?? 0) ^ ((mask >>> (8 * (i & 3))) & 255);
  return Buffer.concat([header, masked]);
}

function collect(maxBytes = 1 << 20) {
  const messages: { opcode: number; payload: Buffer }[] = [];
  const parser = new MessageParser(maxBytes, (opcode, payload) => {
    messages.push({ opcode, payload: Buffer.from(payload) });
  });
  return { messages, parser };
}

function closeCodeOf(bytes: Buffer, maxBytes?: number): number | undefined {
  try {
    collect(maxBytes).parser.push(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableError) return error.closeCode;
    throw error;
  }
}

const binary = (payload: Buffer): Sample => ({ opcode: opcodes.BINARY, payload, mask: 0x1234567 });

describe("what a WebSocket client sends", () => {
  it("is read the same wherever the line cuts it", () => {
    const sample = fc.record({
      opcode: fc.constantFrom(opcodes.TEXT, opcodes.BINARY),
      payload: fc
        .oneof(
          fc.integer({ min: 0, max: 300 }),
          fc.constantFrom(125, 126, 127, 16_395, 65_535, 65_536, 65_540),
        )
        .map((length) => Buffer.from(Array.from({ length }, (_, i) => (i * 7 + length) & 255))),
      mask: fc.oneof(fc.constant(0), fc.integer()),
    });
    const cuts = fc.array(fc.integer({ min: 200, max: 40_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1, maxLength: 8 }), cuts, (samples, sizes) => {
        const { messages, parser } = collect();
        const bytes = Buffer.concat(samples.map(encode));
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          parser.push(Buffer.from(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(messages.length).toBe(samples.length);
        for (const [i, { opcode, payload }] of samples.entries()) {
          expect(messages[i]?.opcode).toBe(opcode);
          expect(messages[i]?.payload.equals(payload)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is read a byte at a time", () => {
    const { messages, parser } = collect();
    for (const byte of encode(binary(Buffer.alloc(200, 7)))) parser.push(Buffer.of(byte));
    expect(messages[0]?.payload.equals(Buffer.alloc(200, 7))).toBe(true);
  });

  it("is put together from fragments, with a ping between them", () => {
    const { messages, parser } = collect();
    const part = (opcode: number, text: string, isFinal: boolean) =>
      encode({ opcode, payload: Buffer.from(text), mask: 99, isFinal });
    parser.push(part(opcodes.TEXT, "one ", false));
    parser.push(part(opcodes.PING, "there?", true));
    parser.push(part(opcodes.CONTINUATION, "", false));
    parser.push(part(opcodes.CONTINUATION, "message", true));
    expect(messages.map(({ opcode, payload }) => [opcode, payload.toString()])).toEqual([
      [opcodes.PING, "there?"],
      [opcodes.TEXT, "one message"],
    ]);
  });

  it("gives a message within one chunk as a view of it", () => {
    const chunk = encode(binary(Buffer.alloc(64)));
    const views: Buffer[] = [];
    new MessageParser(100, (_opcode, payload) => views.push(payload)).push(chunk);
    expect(views[0]?.buffer).toBe(chunk.buffer);
  });

  it("is refused where it breaks RFC 6455", () => {
    const frame = encode(binary(Buffer.from("abc")));
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(frame);
      copy[at] = value;
      return copy;
    };
    expect(closeCodeOf(changed(0, 0xc2))).toBe(1002);
    expect(closeCodeOf(changed(1, 0x03))).toBe(1002);
    expect(closeCodeOf(changed(0, 0x83))).toBe(1002);
    expect(closeCodeOf(changed(0, 0x80))).toBe(1002);
    expect(closeCodeOf(changed(0, 0x09))).toBe(1002);
    const ping = { opcode: opcodes.PING, payload: Buffer.alloc(126), mask: 1 };
    expect(closeCodeOf(encode(ping))).toBe(1002);
    const begun = encode({ ...binary(Buffer.from("a")), isFinal: false });
    expect(closeCodeOf(Buffer.concat([begun, frame]))).toBe(1002);
  });

  it("is refused before it is taken when it is too large", () => {
    const header = encode(binary(Buffer.alloc(70_000))).subarray(0, 14);
    expect(closeCodeOf(header, 69_999)).toBe(4413);
    const huge = Buffer.from(header);
    huge.writeBigUInt64BE(2n ** 62n, 2);
    expect(closeCodeOf(huge, 69_999)).toBe(4413);
  });

  it("is refused when the fragments together are too large, or without end", () => {
    const piece = encode({ ...binary(Buffer.alloc(60)), isFinal: false });
    const more = encode({ opcode: 0, payload: Buffer.alloc(60), mask: 1, isFinal: false });
    expect(closeCodeOf(Buffer.concat([piece, more]), 100)).toBe(4413);
    const nothing = encode({ opcode: 0, payload: Buffer.alloc(0), mask: 1, isFinal: false });
    const many = Array.from({ length: 200 }, () => nothing);
    expect(closeCodeOf(Buffer.concat([piece, ...many]), 100)).toBe(1002);
    // However large the message may be.
    expect(closeCodeOf(Buffer.concat([piece, ...many]), 70_000)).toBe(1002);
  });

  it("never makes the parser fail in another way, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const code = closeCodeOf(Buffer.from(bytes), 200);
        expect([undefined, 1002, 4413]).toContain(code);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("taking off a mask", () => {
  it("works at every place in memory and for every length", () => {
    const mask = 0xa1b2c3d4 | 0;
    for (let offset = 0; offset < 8; offset++) {
      for (let length = 0; length < 20; length++) {
        const bytes = Buffer.alloc(40).subarray(offset, offset + length);
        const expected = Array.from({ length }, (_, i) => (mask >>> (8 * (i & 3))) & 255);
        unmask(bytes, mask);
        expect([...bytes]).toEqual(expected);
      }
    }
  });
});
