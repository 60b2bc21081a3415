import { z } from "zod";
import { maxScriptLength, scriptPlatforms } from "../script/document.ts";
import {
  lineText,
  permissionShape,
  personText,
  representativeIdShape,
  unixMsShape,
} from "../session/state.ts";

/** 32 hex digits: a script, or one run of one. */
export const scriptIdShape = z.string().regex(/^[0-9a-f]{32}$/, "32 lower-case hex digits");
/** Names an administrator's rights that were granted for one use; see `tool/elevate.ts`. */
export const elevationGrantShape = z.string().regex(/^[0-9a-f]{32}$/, "a grant");
/** SHA-256, hex. */
const hashShape = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * A canned script as lists show it. `revision` counts savings from 1. `mayRun`: the representative is
 * in one of its teams; what the session allows is decided there.
 */
export const scriptSummaryShape = z.object({
  id: scriptIdShape,
  name: lineText,
  description: lineText,
  platforms: z.array(z.enum(scriptPlatforms)),
  categories: z.array(lineText),
  teams: z.array(lineText),
  needs: z.array(permissionShape),
  revision: z.int().positive(),
  sha256: hashShape,
  sizeBytes: z.int().nonnegative(),
  savedAt: unixMsShape,
  mayRun: z.boolean(),
});
export type ScriptSummary = z.infer<typeof scriptSummaryShape>;

/** A whole document; see `script/document.ts`. */
export const scriptTextShape = z.string().max(maxScriptLength);

/** What is to be run: a canned script, or what somebody has written, which needs a shell's right. */
export const scriptSourceShape = z.union([
  z.object({ script: scriptIdShape }),
  z.object({ name: personText(100), text: scriptTextShape }),
]);
export type ScriptSource = z.infer<typeof scriptSourceShape>;

/** A run that was announced is forgotten when no channel names it within this time, ms. */
export const scriptHeldMs = 60_000;

/**
 * A run that the appliance has allowed, as it tells the customer's client. `text`: the script itself,
 * with no macros in it; `variables`: what is added to its environment; `needs`: permissions that the
 * customer must have given besides `scripts`. `revision` 0: no canned script. `grant`: the
 * administrator's rights with which it runs; see `tool/elevate.ts`.
 */
export const scriptOrderShape = z.object({
  run: scriptIdShape,
  name: personText(100),
  revision: z.int().nonnegative(),
  sha256: hashShape,
  text: scriptTextShape,
  variables: z.record(z.string().regex(/^HANDRAIL_[A-Z_]+$/), z.string().max(4096)),
  platforms: z.array(z.enum(scriptPlatforms)),
  needs: z.array(permissionShape),
  limitMs: z.int().min(1000).max(3_600_000),
  grant: elevationGrantShape.optional(),
});
export type ScriptOrder = z.infer<typeof scriptOrderShape>;

/** Most characters of a note on a session, which fits into a control message. */
export const maxNoteLength = 40_000;

/** A note that a representative keeps with a session; text, whatever it looks like. */
export const noteShape = z.object({
  title: personText(200),
  text: z.string().min(1).max(maxNoteLength),
});

/** A note as it is kept. Times in Unix ms. */
export const keptNoteShape = noteShape.extend({
  id: z.int(),
  author: personText(100),
  authorId: representativeIdShape,
  at: unixMsShape,
});
export type KeptNote = z.infer<typeof keptNoteShape>;
