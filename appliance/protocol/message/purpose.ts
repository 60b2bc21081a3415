import { z } from "zod";
import type { Permission } from "../session/policy.ts";
import { systemActShape } from "../tool/system-act.ts";
import { actionNameShape, actionTitleShape, builtInActionShape } from "./action.ts";

/**
 * What a console wants a permission for just now, so that the customer can be told. It binds
 * nobody: what is allowed is the permission, and what is done is written down.
 */
export const purposeShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("system-act"), wanted: systemActShape }),
  z.object({ kind: z.literal("action"), action: actionNameShape }),
]);
export type Purpose = z.infer<typeof purposeShape>;

/** The same as the customer's client is told; a site's own action by its name. */
export const customerPurposeShape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("system-act"), wanted: systemActShape }),
  z.object({ kind: z.literal("built-in"), action: builtInActionShape }),
  z.object({ kind: z.literal("custom"), name: actionTitleShape }),
]);
export type CustomerPurpose = z.infer<typeof customerPurposeShape>;

/** Whether it is what the permission is for. */
export function isPurposeOf(permission: Permission, { kind }: Purpose): boolean {
  return permission === (kind === "system-act" ? "system-act" : "actions");
}
