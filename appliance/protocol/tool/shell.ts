import { flag, i16, rest, struct, tagged, type Tagged, text, u16, u32 } from "../codec/struct.ts";
import { elevationGrantLength } from "./elevate.ts";

/**
 * A shell on the customer's computer, on a `shell` channel: one channel for one terminal that is
 * open in a console. A shell outlives its channel: it goes on when the line is lost for good or the
 * appliance begins anew, and is attached to again by its number.
 *
 * From the console: first `start`, `startElevated` or `attach`, then the others. - `columns`, `rows`: size of the
 * terminal, at least 1. - `attach`: `received` is how many bytes of output the console has, modulo 2³², those that it was told are
 * lost among them; the client sends what came after them, or `lost` if it no longer has that much.
 * Whoever had the shell until then loses the channel (`link-replaced`); a shell that is not there is
 * `not-found`. - `input`: what the
 * terminal sends, as it is. - `hangUp`: ends the shell and all that runs in it, as closing a
 * terminal's window does (SIGHUP). - `startElevated`: with the rights that `grant` stands for (see
 * `elevate.ts`), with which it ends; a grant that is not there is `not-found`.
 */
const shellConsoleLayouts = {
  start: { tag: 1, layout: struct({ columns: u16, rows: u16 }) },
  attach: { tag: 2, layout: struct({ shell: u32, received: u32, columns: u16, rows: u16 }) },
  input: { tag: 3, layout: struct({ bytes: rest }) },
  resize: { tag: 4, layout: struct({ columns: u16, rows: u16 }) },
  hangUp: { tag: 5, layout: struct({}) },
  startElevated: {
    tag: 6,
    layout: struct({ columns: u16, rows: u16, grant: text(elevationGrantLength) }),
  },
} as const;

/** Encoder and decoder of what a console says on a `shell` channel. */
export const shellConsoleMessage = tagged(shellConsoleLayouts);
/** One message of a console on a `shell` channel. */
export type ShellConsoleMessage = Tagged<typeof shellConsoleLayouts>;

/**
 * From the customer's client. - `started`: answer to `start` and `attach`; `program` is the shell's
 * path; `isElevated`: it runs with an administrator's rights. - `output`: what the terminal is to
 * show, at most 16 KB at a time. - `lost`: so many bytes of output came while nobody listened and
 * are gone. - `title`: of the terminal, in one line. - `exited`: the last message; `code` as the
 * system gives it, negative: ended by that signal.
 */
const shellCustomerLayouts = {
  started: { tag: 1, layout: struct({ shell: u32, program: text(1024), isElevated: flag }) },
  output: { tag: 2, layout: struct({ bytes: rest }) },
  lost: { tag: 3, layout: struct({ bytes: u32 }) },
  title: { tag: 4, layout: struct({ title: text(1024) }) },
  exited: { tag: 5, layout: struct({ code: i16 }) },
} as const;

/** Encoder and decoder of what a customer's client says on a `shell` channel. */
export const shellCustomerMessage = tagged(shellCustomerLayouts);
/** One message of a customer's client on a `shell` channel. */
export type ShellCustomerMessage = Tagged<typeof shellCustomerLayouts>;
