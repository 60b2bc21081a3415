import type { ErrorCode } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import {
  backOffMs,
  type LinkEvent,
  type LinkState,
  next,
} from "../../../../extension/site/reconnect.ts";

const dropped = (code?: ErrorCode, spreadMs = 0): LinkEvent => ({
  type: "dropped",
  code,
  spreadMs,
});

/** The wait that a drop asks for. */
function waitOf(state: LinkState, random: number, spreadMs = 0): number {
  const [effect] = next(state, dropped(undefined, spreadMs), random).effects;
  return effect?.do === "wait" ? effect.delayMs : NaN;
}

describe("a link", () => {
  it("opens when it is started, and only once", () => {
    const started = next({ phase: "off" }, { type: "started" }, 0);
    expect(started).toEqual({
      state: { phase: "opening", attempt: 0 },
      effects: [{ do: "open" }],
    });
    expect(next(started.state, { type: "started" }, 0).effects).toEqual([]);
  });

  it("waits longer after each failure, up to a bound", () => {
    const waits = [0, 1, 2, 3, 10, 1000].map((attempt) => waitOf({ phase: "opening", attempt }, 1));
    expect(waits.slice(0, 4)).toEqual([250, 500, 1000, 2000]);
    expect(waits.slice(4)).toEqual([backOffMs.longest, backOffMs.longest]);
  });

  it("waits at least half of the back-off, however the dice fall", () => {
    expect(waitOf({ phase: "opening", attempt: 3 }, 0)).toBe(1000);
  });

  it("spreads its first return over the time that the appliance asked for", () => {
    expect(waitOf({ phase: "online" }, 0.5, 10_000)).toBe(5_000 + 188);
    expect(waitOf({ phase: "opening", attempt: 1 }, 0.5, 10_000)).toBe(375);
  });

  it("starts its back-off anew after it was online", () => {
    expect(next({ phase: "online" }, dropped(), 0).state).toEqual({ phase: "waiting", attempt: 1 });
  });

  it("tries at once when it is hurried, and keeps counting", () => {
    expect(next({ phase: "waiting", attempt: 4 }, { type: "hurried" }, 0)).toEqual({
      state: { phase: "opening", attempt: 4 },
      effects: [{ do: "open" }],
    });
    expect(next({ phase: "online" }, { type: "hurried" }, 0).effects).toEqual([]);
  });

  it.each(["not-authenticated", "version-unsupported", "account-disabled"] as const)(
    "gives up when it is refused with %s, until it is started again",
    (code) => {
      const refused = next({ phase: "opening", attempt: 2 }, dropped(code), 0);
      expect(refused.state).toEqual({ phase: "refused", code });
      expect(refused.effects).toEqual([{ do: "close" }]);
      expect(next(refused.state, { type: "hurried" }, 0).effects).toEqual([]);
      expect(next(refused.state, { type: "started" }, 0).effects).toEqual([{ do: "open" }]);
    },
  );

  it("closes a socket that opened after it was stopped", () => {
    expect(next({ phase: "off" }, { type: "opened" }, 0)).toEqual({
      state: { phase: "off" },
      effects: [{ do: "close" }],
    });
  });

  it("hears nothing of drops while it is off or waiting", () => {
    for (const state of [{ phase: "off" }, { phase: "waiting", attempt: 1 }] as const) {
      expect(next(state, dropped(), 0)).toEqual({ state, effects: [] });
    }
  });
});
