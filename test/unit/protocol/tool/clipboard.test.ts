import {
  checkCopy,
  type ClipboardCopy,
  clipboardFormats,
  type ClipboardGetMessage,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  ClipboardIntake,
  clipboardRefusals,
  type ClipboardSendMessage,
  clipboardSendMessage,
  type ClipboardSentMessage,
  clipboardSentMessage,
  encodeText,
  maxAnswerBytes,
  maxClipboardBytes,
  pngSize,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const u32 = fc.nat(0xffff_ffff);
const bytes = fc.uint8Array({ maxLength: 300 });
const format = fc.constantFrom(...clipboardFormats);
const reason = fc.constantFrom(...clipboardRefusals);
const type = <T extends string>(name: T) => fc.constant(name);

const send: fc.Arbitrary<ClipboardSendMessage> = fc.oneof(
  fc.record({ type: type("begin"), copy: u32, format, sizeBytes: u32 }),
  fc.record({ type: type("piece"), bytes }),
);
const sent: fc.Arbitrary<ClipboardSentMessage> = fc.oneof(
  fc.record({ type: type("placed"), copy: u32 }),
  fc.record({ type: type("refused"), copy: u32, reason }),
);
const get: fc.Arbitrary<ClipboardGetMessage> = fc.oneof(
  fc.record({ type: type("get"), ask: u32 }),
  fc.record({ type: type("follow"), known: u32 }),
  fc.record({ type: type("rest") }),
);
const got: fc.Arbitrary<ClipboardGotMessage> = fc.oneof(
  fc.record({ type: type("begin"), ask: u32, generation: u32, format, sizeBytes: u32 }),
  fc.record({ type: type("piece"), bytes }),
  fc.record({ type: type("refused"), ask: u32, reason }),
);

describe("messages of the clipboard's channels", () => {
  it("are read back as they were written, and answers fit into what the appliance lets back", () => {
    fc.assert(
      fc.property(send, sent, get, got, (sending, answer, wish, given) => {
        expect(clipboardSendMessage.decode(clipboardSendMessage.encode(sending))).toEqual(sending);
        expect(clipboardSentMessage.decode(clipboardSentMessage.encode(answer))).toEqual(answer);
        expect(clipboardGetMessage.decode(clipboardGetMessage.encode(wish))).toEqual(wish);
        expect(clipboardGotMessage.decode(clipboardGotMessage.encode(given))).toEqual(given);
        expect(clipboardSentMessage.encode(answer).length).toBeLessThanOrEqual(maxAnswerBytes);
        expect(clipboardGetMessage.encode(wish).length).toBeLessThanOrEqual(maxAnswerBytes);
      }),
      { numRuns: 500 },
    );
  });

  it("are refused with a code of the catalogue when they are none", () => {
    const codecs = [
      ...[clipboardSendMessage, clipboardSentMessage],
      ...[clipboardGetMessage, clipboardGotMessage],
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (given) => {
        for (const codec of codecs) {
          expect([undefined, "protocol-violation"]).toContain(codeOf(() => codec.decode(given)));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** A PNG image's head, as far as it says how large the image is. */
function pngOf(width: number, height: number): Uint8Array {
  const head = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
  ];
  const image = new Uint8Array(40);
  image.set(head);
  const view = new DataView(image.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return image;
}

/** What becomes of a copy in such pieces. */
function taken(copy: ClipboardCopy, sizes: readonly number[]): ClipboardCopy | undefined {
  const intake = new ClipboardIntake();
  intake.begin({ format: copy.format, sizeBytes: copy.bytes.length });
  let at = 0;
  for (const size of [...sizes, copy.bytes.length]) {
    const piece = copy.bytes.subarray(at, at + size);
    at += piece.length;
    const whole = intake.piece(piece);
    if (whole) return whole;
  }
  return undefined;
}

describe("a copy that arrives", () => {
  it("is put together again, however it was cut", () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), cuts, (text, sizes) => {
        const copy = { format: "text" as const, bytes: encodeText(text) };
        expect(taken(copy, sizes)).toEqual(copy);
      }),
    );
  });

  it("is refused before it has come when it is too large, empty, or within another", () => {
    for (const each of clipboardFormats) {
      const intake = new ClipboardIntake();
      const begin = (sizeBytes: number) => () => intake.begin({ format: each, sizeBytes });
      expect(codeOf(begin(maxClipboardBytes[each] + 1))).toBe("clipboard-too-large");
      expect(codeOf(begin(0))).toBe("protocol-violation");
      expect(codeOf(begin(maxClipboardBytes[each]))).toBeUndefined();
      expect(codeOf(begin(1))).toBe("protocol-violation");
    }
  });

  it("is refused when more comes than was said, or nothing", () => {
    const intake = new ClipboardIntake();
    expect(codeOf(() => intake.piece(new Uint8Array(1)))).toBe("protocol-violation");
    intake.begin({ format: "text", sizeBytes: 2 });
    expect(codeOf(() => intake.piece(new Uint8Array(0)))).toBe("protocol-violation");
    expect(codeOf(() => intake.piece(new Uint8Array(3)))).toBe("protocol-violation");
  });

  it("is refused when it is not what it says", () => {
    const text = { format: "text" as const, bytes: new Uint8Array([0xff, 0xfe]) };
    expect(codeOf(() => taken(text, []))).toBe("protocol-violation");
    const png = { format: "png" as const, bytes: encodeText("<svg>") };
    expect(codeOf(() => taken(png, []))).toBe("protocol-violation");
  });
});

describe("an image", () => {
  it("says how large it is", () => {
    expect(pngSize(pngOf(800, 600))).toEqual({ width: 800, height: 600 });
    expect(codeOf(() => pngSize(pngOf(1, 1).subarray(0, 23)))).toBe("protocol-violation");
  });

  it("is refused beyond 100 megapixels, however few bytes it has", () => {
    const check = (width: number, height: number) =>
      codeOf(() => checkCopy({ format: "png", bytes: pngOf(width, height) }));
    expect(check(10_000, 10_000)).toBeUndefined();
    expect(check(10_001, 10_000)).toBe("clipboard-too-large");
    expect(check(0xffff_ffff, 0xffff_ffff)).toBe("clipboard-too-large");
  });
});
