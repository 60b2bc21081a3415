import { type DrawMessage, drawMessage, frameTypes, isRepresentativeId } from "@handrail/protocol";
import { beforeEach, expect, it } from "vitest";
import { DrawGuards } from "../../../../appliance/server/relay/draw-guard.ts";
import type { TunnelGuard } from "../../../../appliance/server/relay/tunnel.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const ann = "a".repeat(32);
let clock: FakeClock;
let guards: DrawGuards;
beforeEach(() => {
  clock = new FakeClock();
  guards = new DrawGuards(clock);
});

function pen(representative: string): TunnelGuard {
  if (!isRepresentativeId(representative)) throw new Error("no id of a representative");
  return guards.open(representative);
}

/** What a message is refused for. */
function refusal(by: TunnelGuard, message: DrawMessage): string | undefined {
  const payload = drawMessage.encode(message);
  return by.refusal({ type: frameTypes.DATA, channel: 2, payload })?.code;
}

const begin: DrawMessage = { type: "begin", shape: "pen", colour: 0, x: 0, y: 0 };
/** Some 50 000 pixels there and back. */
const far: DrawMessage = {
  type: "to",
  points: [
    { x: 0, y: 25_000 },
    { x: 0, y: 0 },
  ],
};

it("bounds how far one representative draws, with however many pens", () => {
  const [one, other, bob] = [pen(ann), pen(ann), pen("b".repeat(32))];
  for (const each of [one, other, bob]) expect(refusal(each, begin)).toBeUndefined();
  expect([one, other].map((each) => refusal(each, far))).toEqual([undefined, undefined]);
  expect(refusal(one, far)).toBe("too-many-attempts");
  expect(refusal(other, far)).toBe("too-many-attempts");
  expect(refusal(bob, far)).toBeUndefined();
  clock.advance(2000);
  const again = pen(ann);
  expect([begin, far].map((each) => refusal(again, each))).toEqual([undefined, undefined]);
});

it("bounds how often one representative draws, with however many pens", () => {
  const codes = Array.from({ length: 130 }, () => refusal(pen(ann), begin));
  expect(codes.filter((code) => code === undefined)).toHaveLength(120);
  expect(codes.at(-1)).toBe("too-many-attempts");
});

it("takes an hour of what a quick hand draws", () => {
  const one = pen(ann);
  for (let second = 0; second < 3600; second++) {
    expect(refusal(one, begin)).toBeUndefined();
    // Ten times across a screen of 2560 pixels, 30 messages a second.
    for (let i = 0; i < 29; i++) {
      clock.advance(1000 / 29);
      const points = [{ x: (i % 3) * 860, y: 100 }];
      expect(refusal(one, { type: "to", points })).toBeUndefined();
    }
  }
});
