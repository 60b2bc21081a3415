import type { ErrorCode } from "@handrail/protocol";

/** Where a link stands. `attempt` counts failures since it was last online. */
export type LinkState =
  | { readonly phase: "off" }
  | { readonly phase: "opening"; readonly attempt: number }
  | { readonly phase: "online" }
  | { readonly phase: "waiting"; readonly attempt: number }
  /** Trying again by itself would not help. */
  | { readonly phase: "refused"; readonly code: ErrorCode };

/** What happens to a link. */
export type LinkEvent =
  | { readonly type: "started" }
  | { readonly type: "stopped" }
  | { readonly type: "opened" }
  /** `spreadMs`: what the appliance last asked its ends to spread their return over. */
  | { readonly type: "dropped"; readonly code: ErrorCode | undefined; readonly spreadMs: number }
  | { readonly type: "waited" }
  /** There is reason to think that it would work now: the window came to the front. */
  | { readonly type: "hurried" };

/** What its keeper has to do. */
export type LinkEffect =
  | { readonly do: "open" }
  | { readonly do: "close" }
  | { readonly do: "wait"; readonly delayMs: number };

/** First and longest wait between attempts, ms. */
export const backOffMs = { first: 250, longest: 15_000 } as const;

const final: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "not-authenticated",
  "not-permitted",
  "account-disabled",
  "version-unsupported",
  "link-replaced",
]);

/**
 * The next state of a link and what to do about it.
 * `random` in [0, 1): waits are between half and the whole of the back-off, so that the consoles of
 * a site do not return all at once.
 */
export function next(
  state: LinkState,
  event: LinkEvent,
  random: number,
): { state: LinkState; effects: readonly LinkEffect[] } {
  switch (event.type) {
    case "started":
      return state.phase === "off" || state.phase === "refused" ? open(0) : keep(state);
    case "stopped":
      return { state: { phase: "off" }, effects: [{ do: "close" }] };
    case "opened":
      return state.phase === "opening"
        ? { state: { phase: "online" }, effects: [] }
        : { state, effects: [{ do: "close" }] };
    case "dropped":
      return dropped(state, event, random);
    case "waited":
    case "hurried":
      return state.phase === "waiting" ? open(state.attempt) : keep(state);
  }
}

function dropped(
  state: LinkState,
  event: Extract<LinkEvent, { type: "dropped" }>,
  random: number,
): { state: LinkState; effects: readonly LinkEffect[] } {
  if (state.phase !== "online" && state.phase !== "opening") return keep(state);
  if (event.code && final.has(event.code)) {
    return { state: { phase: "refused", code: event.code }, effects: [{ do: "close" }] };
  }
  const attempt = state.phase === "opening" ? state.attempt : 0;
  const backOff = Math.min(backOffMs.longest, backOffMs.first * 2 ** Math.min(attempt, 16));
  const spreadMs = attempt === 0 ? event.spreadMs * random : 0;
  const delayMs = Math.round(spreadMs + backOff * (0.5 + random / 2));
  return {
    state: { phase: "waiting", attempt: attempt + 1 },
    effects: [{ do: "wait", delayMs }],
  };
}

function open(attempt: number): { state: LinkState; effects: readonly LinkEffect[] } {
  return { state: { phase: "opening", attempt }, effects: [{ do: "open" }] };
}

function keep(state: LinkState): { state: LinkState; effects: readonly LinkEffect[] } {
  return { state, effects: [] };
}
