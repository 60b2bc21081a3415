import { z } from "zod";
import type { Permission } from "../session/policy.ts";
import { lineText, personText } from "../session/state.ts";

/** Special actions that every site has. */
export const builtInActions = [
  ...(["lock", "log-out", "terminal", "task-list", "reboot"] as const),
  /** The client begins anew with an administrator's rights that were granted for it. */
  "elevate",
] as const;
/** One of them. */
export const builtInActionShape = z.enum(builtInActions);
export type BuiltInAction = z.infer<typeof builtInActionShape>;

/** Computers that an action can be for. */
export const actionPlatforms = ["linux", "windows", "mac"] as const;
/** One of them. */
export type ActionPlatform = (typeof actionPlatforms)[number];

/** Longest command of an action. */
export const maxActionCommand = 2048;

/** An action by its name, or one that an administrator has defined by its id, 32 hex digits. */
export const actionNameShape = z.union([
  builtInActionShape,
  z.string().regex(/^[0-9a-f]{32}$/, "an action"),
]);
/** Names an action. */
export type ActionName = z.infer<typeof actionNameShape>;

/** The same in both languages. */
const inBoth = (max: number) => z.object({ en: personText(max), fr: personText(max) });

/** What an administrator calls an action. */
export const actionTitleShape = inBoth(100);

/** An action that an administrator has defined, as representatives choose it. */
export const actionChoiceShape = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: actionTitleShape,
  platform: z.enum(actionPlatforms),
  /** Whether the customer is asked each time. */
  asks: z.boolean(),
});
export type ActionChoice = z.infer<typeof actionChoiceShape>;

/** What the customer's client is to do. A command comes from the appliance, never from a console. */
export const actionOrderShape = z.object({
  representative: lineText,
  what: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("built-in"), action: builtInActionShape }),
    z.object({
      kind: z.literal("custom"),
      name: actionTitleShape,
      platform: z.enum(actionPlatforms),
      command: z.string().min(1).max(maxActionCommand),
      /** What the customer is asked before; they are only told where it is missing. */
      question: inBoth(500).optional(),
    }),
  ]),
});
export type ActionOrder = z.infer<typeof actionOrderShape>;

/**
 * What came of an action; `refused`: by the customer, `unavailable`: this computer has nothing to do
 * it with, `too-slow`: it still goes on.
 */
export const actionOutcomes = ["done", "refused", "unavailable", "too-slow", "failed"] as const;
/** One of them. */
export type ActionOutcome = (typeof actionOutcomes)[number];

/**
 * What came of an action. `exitCode`: of a command that has ended; `opened`: the program that was
 * opened for the customer.
 */
export const actionResultShape = z.object({
  outcome: z.enum(actionOutcomes),
  exitCode: z.int().optional(),
  opened: personText(100).optional(),
});
export type ActionResult = z.infer<typeof actionResultShape>;

/** What an action needs. */
export function permissionOf(action: ActionName): Permission & ("actions" | "reboot" | "elevate") {
  return action === "reboot" || action === "elevate" ? action : "actions";
}
