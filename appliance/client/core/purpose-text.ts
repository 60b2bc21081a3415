import {
  type ActionOrder,
  type CustomerPurpose,
  systemActRequest,
  toHandrailError,
} from "@handrail/protocol";
import { asKnownHere, type SystemActor } from "./system-act.ts";
import type { Texts } from "./texts.ts";

/** What a purpose is put in words with. */
export interface PurposeWords {
  readonly texts: Texts;
  /** What this computer calls its programs; whoever asks could call them anything. */
  readonly namesOf: SystemActor["namesOf"];
}

/** What a permission is wanted for just now, as the customer reads it. */
export function purposeText(purpose: CustomerPurpose, { texts, namesOf }: PurposeWords): string {
  switch (purpose.kind) {
    case "system-act":
      return texts.systemActs.title(asKnownHere(purpose.wanted, namesOf));
    case "built-in":
    case "custom":
      return actionText(purpose, texts);
  }
}

/** What an action is called. */
export function actionText(
  purpose: Exclude<CustomerPurpose, { kind: "system-act" }>,
  { actions }: Texts,
): string {
  return purpose.kind === "built-in" ? actions.names[purpose.action] : actions.nameOf(purpose.name);
}

/** What an order of an action is asked for with. */
export function purposeOf(
  what: ActionOrder["what"],
): Exclude<CustomerPurpose, { kind: "system-act" }> {
  return what.kind === "built-in" ? what : { kind: "custom", name: what.name };
}

/** What the first message of a `system-act` channel wants; undefined: it is no request. */
export function purposeOfRequest(first: Uint8Array): CustomerPurpose | undefined {
  try {
    return { kind: "system-act", wanted: systemActRequest.decode(first).wanted };
  } catch (error) {
    if (toHandrailError(error).code === "internal") throw error;
    return undefined;
  }
}
