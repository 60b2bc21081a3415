import {
  type InputMessage,
  inputMessage,
  maxRects,
  type SurfaceMessage,
  surfaceMessage,
  type ViewerMessage,
  viewerMessage,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const i16 = fc.integer({ min: -0x8000, max: 0x7fff });
const rect = fc.record({ x: u16, y: u16, width: u16, height: u16 });
const copy = fc.record({ rect, dx: i16, dy: i16 });
const bytes = fc.uint8Array({ maxLength: 300 });
const display = fc.record({
  id: u8,
  x: i16,
  y: i16,
  width: u16,
  height: u16,
  primary: fc.boolean(),
  name: fc.string({ maxLength: 30 }),
});
const displays = fc.array(display, { maxLength: 32 });
const type = <T extends string>(name: T) => fc.constant(name);

const surface: fc.Arbitrary<SurfaceMessage> = fc.oneof(
  fc.record({
    ...{ type: type("epoch"), epoch: u32, width: u16, height: u16 },
    ...{ startedHigh: u32, startedLow: u32, displays },
  }),
  fc.record({
    ...{ type: type("update"), seq: u32, capturedMs: u32 },
    ...{ copies: fc.array(copy), rects: fc.array(rect), packed: bytes },
  }),
  fc.record({
    ...{ type: type("preview"), seq: u32, capturedMs: u32 },
    ...{ scale: u8, rect, packed: bytes },
  }),
  fc.record({
    ...{ type: type("cursor"), width: u16, height: u16 },
    ...{ hotX: u16, hotY: u16, rgba: bytes },
  }),
  fc.record({ type: type("pointer"), x: u16, y: u16 }),
  fc.record({ type: type("displays"), displays }),
  fc.record({ type: type("restart") }),
);
const viewer: fc.Arbitrary<ViewerMessage> = fc.oneof(
  fc.record({ type: type("ack"), epoch: u32, seq: u32 }),
  fc.record({ type: type("refresh") }),
  fc.record({ type: type("restart") }),
  fc.record({ type: type("hold"), on: fc.boolean() }),
);
const input: fc.Arbitrary<InputMessage> = fc.oneof(
  fc.record({ type: type("move"), x: u16, y: u16 }),
  fc.record({ type: type("button"), button: u8, down: fc.boolean(), x: u16, y: u16 }),
  fc.record({ type: type("wheel"), dx: i16, dy: i16, x: u16, y: u16 }),
  fc.record({ type: type("key"), keysym: u32, down: fc.boolean() }),
  fc.record({ type: type("text"), text: fc.string({ unit: "grapheme" }) }),
  fc.record({ type: type("releaseAll") }),
);

describe("messages of the screen and input channels are read back as they were written", () => {
  it("the surface stream", () => {
    fc.assert(
      fc.property(surface, (message) => {
        expect(surfaceMessage.decode(surfaceMessage.encode(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });

  it("a viewer's answers", () => {
    fc.assert(
      fc.property(viewer, (message) => {
        expect(viewerMessage.decode(viewerMessage.encode(message))).toEqual(message);
      }),
    );
  });

  it("mouse and keyboard", () => {
    fc.assert(
      fc.property(input, (message) => {
        expect(inputMessage.decode(inputMessage.encode(message))).toEqual(message);
      }),
      { numRuns: 500 },
    );
  });
});

describe("what does not fit is refused", () => {
  it("more rectangles than an update may have", () => {
    const one = { x: 0, y: 0, width: 1, height: 1 };
    const update = (count: number): SurfaceMessage => ({
      ...{ type: "update", seq: 1, capturedMs: 1, copies: [], packed: new Uint8Array(0) },
      rects: Array.from({ length: count }, () => one),
    });
    expect(surfaceMessage.encode(update(maxRects)).length).toBeGreaterThan(8 * maxRects);
    expect(codeOf(() => surfaceMessage.encode(update(maxRects + 1)))).toBe("frame-too-large");
  });

  it("text of more than 32 KB in one message", () => {
    const long: InputMessage = { type: "text", text: "x".repeat(32 * 1024 + 1) };
    expect(codeOf(() => inputMessage.encode(long))).toBe("frame-too-large");
  });

  it("any bytes that are no message, with a code of the catalogue", () => {
    const codecs = [surfaceMessage, viewerMessage, inputMessage];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (given) => {
        for (const codec of codecs) {
          const code = codeOf(() => codec.decode(given));
          expect([undefined, "protocol-violation", "frame-too-large"]).toContain(code);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
