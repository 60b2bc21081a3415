import type { Permission } from "@handrail/protocol";
import type { Texts } from "./texts.ts";

/** What a permission means to the customer, as a sentence; `hand`: who may draw, if it is one. */
export function mayTexts(texts: Texts, hand: string | undefined): ReadonlyMap<Permission, string> {
  return new Map<Permission, string>([
    ["view", texts.mayView],
    ["control", texts.mayControl],
    ["shell", texts.mayShell],
    ["files", texts.mayFiles],
    ["files-write", texts.mayWriteFiles],
    ["system", texts.maySystem],
    ["scripts", texts.mayScripts],
    ["system-act", texts.mayActOnSystem],
    ["actions", texts.mayActions],
    ["clipboard-to-customer", texts.mayPutOnClipboard],
    ["clipboard-from-customer", texts.mayGetClipboard],
    ["draw", texts.mayDraw(hand)],
  ]);
}
