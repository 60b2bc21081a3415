import type { SessionEvent } from "@handrail/protocol";
import { surfaceTags } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { unwatchedSpans, withheldSpans } from "../../../../media/screen/sight.ts";

function happened(at: number, event: string, detail: SessionEvent["detail"] = {}, who = "Ann") {
  return { at, what: { seq: at, at, event, who, detail } };
}

function pictureAt(at: number) {
  return { at, tag: surfaceTags.epoch, message: new Uint8Array() };
}

describe("a recorded screen is not shown", () => {
  it("from what the customer takes back until there is a new picture", () => {
    const revoked = happened(500, "permission.revoked", { permission: "view" });
    const control = happened(700, "permission.revoked", { permission: "control" });
    const surfaces = [pictureAt(100), pictureAt(900)];
    expect(withheldSpans({ events: [revoked, control], surfaces })).toEqual([
      { from: 500, until: 900 },
    ]);
  });

  it("to the end, where it was never shown again", () => {
    const events = [happened(500, "session.transferred")];
    expect(withheldSpans({ events, surfaces: [pictureAt(100)] })).toEqual([
      { from: 500, until: Infinity },
    ]);
  });

  it("while the display was away", () => {
    const events = [happened(500, "screen.unavailable"), happened(600, "screen.available")];
    expect(withheldSpans({ events, surfaces: [pictureAt(100)] })).toEqual([
      { from: 500, until: 600 },
    ]);
  });
});

describe("a recorded screen is an old one", () => {
  const watched = (at: number, who: string) => happened(at, "screen.watched", {}, who);
  const left = (at: number, who: string) => happened(at, "screen.left", {}, who);

  it("while nobody watches, until the next picture", () => {
    const events = [watched(0, "Ann"), watched(10, "Bob"), left(20, "Ann"), left(30, "Bob")];
    const back = [watched(80, "Ann"), left(300, "Ann")];
    const surfaces = [pictureAt(5), pictureAt(15), pictureAt(90)];
    expect(unwatchedSpans({ events: [...events, ...back], surfaces })).toEqual([
      { from: 30, until: 90 },
      { from: 300, until: Infinity },
    ]);
  });
});
