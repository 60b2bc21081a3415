import type { ActionOrder, CustomerPurpose } from "@handrail/protocol";
import type { Texts } from "./texts.ts";

/** What a permission is wanted for just now, as the customer reads it. */
export function purposeText(purpose: CustomerPurpose, texts: Texts): string {
  switch (purpose.kind) {
    case "system-act":
      return texts.systemActs.title(purpose.wanted);
    case "built-in":
      return texts.actions.names[purpose.action];
    case "custom":
      return texts.actions.nameOf(purpose.name);
  }
}

/** What an order of an action is asked for with. */
export function purposeOf(what: ActionOrder["what"]): CustomerPurpose {
  return what.kind === "built-in" ? what : { kind: "custom", name: what.name };
}
