import {
  beatFrame,
  closeFrame,
  decodeFrame,
  encodeFrame,
  encodeFrameHeader,
  type Frame,
  frameTypes,
  isCounted,
  maxDataBytes,
  maxFrameBytes,
  readBeat,
  readReset,
  readVarint,
  resetFrame,
  varintFrame,
} from "@handrail/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  type: fc.constantFrom(...Object.values(frameTypes)),
  channel: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  payload: fc.uint8Array({ maxLength: 2000 }),
});

describe("a frame", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  it("is its head and then its payload, so that a payload need not be copied", () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const parts = [...encodeFrameHeader(frame), ...frame.payload];
        expect(Uint8Array.from(parts)).toEqual(encodeFrame(frame));
      }),
    );
  });

  it("of the largest payload is within the bound, and a larger one is refused", () => {
    const largest = { type: frameTypes.DATA, channel: 2 ** 31 - 1, payload: bytes(maxDataBytes) };
    expect(decodeFrame(encodeFrame(largest)).payload.length).toBe(maxDataBytes);
    expect(codeOf(() => decodeFrame(bytes(maxFrameBytes + 1)))).toBe("frame-too-large");
  });

  it.each([
    ["nothing", []],
    ["no channel", [0]],
    ["a channel cut short", [0, 0x80]],
    ["an unknown type", [10, 0]],
    ["a channel beyond 31 bits", [0, 0x80, 0x80, 0x80, 0x80, 8]],
    ["a channel without end", [0, ...Array<number>(9).fill(0x80)]],
    ["a channel beyond 53 bits", [0, ...Array<number>(7).fill(0xff), 0x7f]],
  ])("of %s is a violation", (_, given) => {
    expect(codeOf(() => decodeFrame(Uint8Array.from(given)))).toBe("protocol-violation");
  });

  it("counts for resuming unless it is a beat or an acknowledgement", () => {
    const names = Object.entries(frameTypes)
      .filter(([, type]) => isCounted({ type, channel: 0, payload: bytes(0) }))
      .map(([name]) => name);
    expect(names).toEqual(["DATA", "DATA_MORE", "CREDIT", "OPEN", "ACCEPT", "CLOSE", "RESET"]);
  });
});

describe("what frames carry", () => {
  it("numbers, beats and reasons are read back as they were written", () => {
    expect(readVarint(varintFrame(frameTypes.CREDIT, 1, 2 ** 53 - 1))).toBe(2 ** 53 - 1);
    expect(readBeat(beatFrame("PING", 2 ** 32 + 5.5, 77))).toEqual({ timeMs: 5, received: 77 });
    expect(readReset(resetFrame(3, "too-slow", "à bientôt"))).toEqual({
      code: "too-slow",
      reason: "à bientôt",
    });
    expect(closeFrame(4)).toEqual({ type: frameTypes.CLOSE, channel: 4, payload: bytes(0) });
  });

  it("a reason is cut to 1024 characters", () => {
    expect(readReset(resetFrame(3, "internal", "x".repeat(5000))).reason).toHaveLength(1024);
  });

  it("a number that a newer peer may send reads as an internal error", () => {
    const payload = Uint8Array.of(0xff, 0xff);
    expect(readReset({ type: frameTypes.RESET, channel: 1, payload }).code).toBe("internal");
  });

  it.each([-1, 1.5, 2 ** 53, NaN])("%d is not a number that can be sent", (value) => {
    expect(codeOf(() => varintFrame(frameTypes.CREDIT, 1, value))).toBe("protocol-violation");
  });
});

function bytes(length: number): Uint8Array {
  return new Uint8Array(length);
}
