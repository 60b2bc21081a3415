import {
  colourOf,
  DrawIntake,
  type DrawMessage,
  drawMessage,
  maxDrawPoints,
  maxStrokePoints,
  participantColours,
  type RepresentativeId,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

const begin = { type: "begin", shape: "pen", colour: 0, x: 5, y: 6 } as const;
const to = (count: number) =>
  ({ type: "to", points: Array.from({ length: count }, (_, x) => ({ x, y: 1 })) }) as const;

function take(...messages: (DrawMessage | Uint8Array)[]) {
  const intake = new DrawIntake();
  return codeOf(() => {
    for (const message of messages) {
      intake.take(message instanceof Uint8Array ? message : drawMessage.encode(message));
    }
  });
}

describe("what is drawn", () => {
  it("is taken stroke by stroke", () => {
    expect(take(begin, to(1), to(maxDrawPoints), begin, { type: "clear" }, begin)).toBeUndefined();
    const intake = new DrawIntake();
    expect(intake.take(drawMessage.encode(begin))).toEqual(begin);
    expect(intake.take(drawMessage.encode(to(2)))).toEqual(to(2));
  });

  it("is refused without a stroke that it belongs to, or with nothing in it", () => {
    expect(take(to(1))).toBe("protocol-violation");
    expect(take(begin, to(0))).toBe("protocol-violation");
    expect(take(begin, { type: "clear" }, to(1))).toBe("protocol-violation");
  });

  it("is refused beyond the points of a message and of a stroke", () => {
    expect(codeOf(() => drawMessage.encode(to(maxDrawPoints + 1)))).toBe("frame-too-large");
    // The count of a list that is one too long, and what it announces.
    const announced = Uint8Array.of(2, maxDrawPoints + 1, ...new Uint8Array(4 * 65));
    expect(take(begin, announced)).toBe("frame-too-large");
    const most = Array.from({ length: Math.floor(maxStrokePoints / 50) }, () => to(50));
    expect(take(begin, ...most.slice(1), to(49))).toBeUndefined();
    expect(take(begin, ...most)).toBe("protocol-violation");
  });

  it("is refused in a colour or shape that there is none of, and cut or with more behind it", () => {
    expect(take({ ...begin, colour: participantColours.length })).toBe("protocol-violation");
    const bytes = drawMessage.encode(begin);
    expect(take(Uint8Array.of(1, 9, ...bytes.subarray(2)))).toBe("protocol-violation");
    expect(take(bytes.subarray(0, -1))).toBeDefined();
    expect(take(Uint8Array.of(...bytes, 0))).toBe("protocol-violation");
    expect(take(new Uint8Array(0))).toBeDefined();
  });
});

describe("the colours of those who take part", () => {
  it("are each another, as long as there are enough", () => {
    // Only compared, never looked up.
    const ids = ["a", "b", "c"].map((id) => id.repeat(32) as RepresentativeId);
    const participants = ids.map((id) => ({ id }));
    expect(ids.map((id) => colourOf(participants, id))).toEqual([0, 1, 2]);
    expect(new Set(participantColours).size).toBe(participantColours.length);
  });

  it("let white text be read", () => {
    for (const colour of participantColours) {
      expect(1.05 / (luminance(colour) + 0.05), colour).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** Relative luminance (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
