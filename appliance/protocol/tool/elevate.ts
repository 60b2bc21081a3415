import { blob, choice, struct, tagged, type Tagged, text } from "../codec/struct.ts";

/** What an administrator's rights are wanted for: one thing for each grant. */
export const elevationPurposes = ["shell", "script", "client"] as const;
/** One of them. `client`: the customer's client itself begins anew with these rights. */
export type ElevationPurpose = (typeof elevationPurposes)[number];

const purpose = choice<ElevationPurpose>({ shell: 1, script: 2, client: 3 });

/**
 * Why there are no rights. `customer-refused`: a no to the question; `declined`: the customer has
 * closed the window for the password; `cancelled`: whoever asked wants them no more; `wrong-password`: also an account that is not there; `not-allowed`: the account is no
 * administrator; `no-way`: the computer has neither sudo nor pkexec, or lacks su for another account;
 * `no-window`: the password cannot be asked for there; `too-slow`: nobody has answered in time;
 * `busy`: another one is under way; `too-many`: too many wrong passwords, or a no just now;
 * `elevated`: the client has these rights already; `failed`: it went wrong otherwise; `unguarded`: no
 * password is typed where a shell or a script has run in the session, which may read the keyboard.
 */
export const elevationRefusals = [
  ...(["customer-refused", "cancelled", "wrong-password", "not-allowed", "no-way"] as const),
  ...(["no-window", "too-slow", "busy", "too-many", "elevated", "failed"] as const),
  ...(["unguarded", "declined"] as const),
] as const;
/** One of them. */
export type ElevationRefusal = (typeof elevationRefusals)[number];

const refusal = choice<ElevationRefusal>({
  ...{ "customer-refused": 1, cancelled: 2, "wrong-password": 3, "not-allowed": 4, "no-way": 5 },
  ...{ "no-window": 6, "too-slow": 7, busy: 8, "too-many": 9, elevated: 10, failed: 11 },
  ...{ unguarded: 12, declined: 13 },
});

/** Longest name of an account, bytes. */
export const maxElevationAccountBytes = 256;
/** Longest password, bytes. */
export const maxElevationPasswordBytes = 1024;

/** Longest name of a script, and longest list of what it needs, bytes. */
const maxScriptNameBytes = 400;
const maxNeedsBytes = 400;

/**
 * Asks for an administrator's rights, on an `elevate` channel: one channel for one grant, which lasts
 * as long as the channel does. From the console, once. - `script`: may come first, and says for which script
 * they are wanted, by its name, and what it needs, as `scriptNeeds` writes it: the customer is asked for
 * all of it at once, and the rights are for a script of that name and hash alone. Rights for a script that is
 * not named so are a violation. - `customer`: the customer types the password
 * in a window of the own system. - `credentials`: an account of the customer's computer and its
 * password, UTF-8, which are used once. Who decodes it overwrites the bytes after use.
 */
const elevateConsoleLayouts = {
  customer: { tag: 1, layout: struct({ purpose }) },
  credentials: {
    tag: 2,
    layout: struct({
      purpose,
      account: text(maxElevationAccountBytes),
      password: blob(maxElevationPasswordBytes),
    }),
  },
  script: {
    tag: 3,
    layout: struct({ name: text(maxScriptNameBytes), needs: text(maxNeedsBytes) }),
  },
} as const;

/** Words that an end does not know it leaves out: so earlier ones take the hash as well. */
const hashWord = /^sha256:([0-9a-f]{64})$/;

/** What a script needs, words with spaces between: permissions, and its hash as `ScriptOrder` has it. */
export function scriptNeeds(needs: readonly string[], sha256: string): string {
  return [...needs, `sha256:${sha256}`].join(" ");
}

/** The hash in what a script needs; undefined: a console that names none. */
export function scriptHash(needs: string): string | undefined {
  return needs
    .split(" ")
    .map((word) => hashWord.exec(word)?.[1])
    .find((hash) => hash !== undefined);
}

/** Encoder and decoder of what a console says on an `elevate` channel. */
export const elevateConsoleMessage = tagged(elevateConsoleLayouts);
/** One message of a console on an `elevate` channel. */
export type ElevateConsoleMessage = Tagged<typeof elevateConsoleLayouts>;

/** A grant's name, 32 hex digits: whoever knows it uses it, once. */
export const elevationGrantLength = 32;

/**
 * From the customer's client, once. - `granted`: `grant` names it for `startElevated` of a shell and
 * for `script.prepare`. - `refused`: after which the channel is closed.
 */
const elevateCustomerLayouts = {
  granted: { tag: 1, layout: struct({ grant: text(elevationGrantLength) }) },
  refused: { tag: 2, layout: struct({ why: refusal }) },
} as const;

/** Encoder and decoder of what a customer's client says on an `elevate` channel. */
export const elevateCustomerMessage = tagged(elevateCustomerLayouts);
/** One message of a customer's client on an `elevate` channel. */
export type ElevateCustomerMessage = Tagged<typeof elevateCustomerLayouts>;
