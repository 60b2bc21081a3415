import { i16, rest, struct, tagged, type Tagged, text, u32, u8 } from "../codec/struct.ts";

/**
 * A script that runs on the customer's computer, on a `script` channel: one channel for one run. What
 * is run the appliance has told the customer's client before (`script.hold`); the channel's OPEN
 * names it. From the console: `cancel` ends the run, with all that it has started.
 */
const scriptConsoleLayouts = {
  cancel: { tag: 1, layout: struct({}) },
} as const;

/** Encoder and decoder of what a console says on a `script` channel. */
export const scriptConsoleMessage = tagged(scriptConsoleLayouts);
/** One message of a console on a `script` channel. */
export type ScriptConsoleMessage = Tagged<typeof scriptConsoleLayouts>;

/** Why a run was over. `time`, `output`: it took too long, or wrote too much, and was ended. */
export const scriptEnds = ["exited", "cancelled", "time", "output"] as const;
/** One of them. */
export type ScriptEnd = (typeof scriptEnds)[number];

/**
 * From the customer's client. - `started`: `program` is the interpreter's path. - `stdout`, `stderr`:
 * what it writes, at most 16 KB at a time. - `ended`: the last message; `code` as the system gives
 * it, negative: ended by that signal; `why`: place in `scriptEnds`.
 */
const scriptCustomerLayouts = {
  started: { tag: 1, layout: struct({ program: text(1024) }) },
  stdout: { tag: 2, layout: struct({ bytes: rest }) },
  stderr: { tag: 3, layout: struct({ bytes: rest }) },
  ended: { tag: 4, layout: struct({ code: i16, durationMs: u32, why: u8 }) },
} as const;

/** Encoder and decoder of what a customer's client says on a `script` channel. */
export const scriptCustomerMessage = tagged(scriptCustomerLayouts);
/** One message of a customer's client on a `script` channel. */
export type ScriptCustomerMessage = Tagged<typeof scriptCustomerLayouts>;
