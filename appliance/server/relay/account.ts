import { type PolicyLayer, siteDefaults } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";

/** The layers of policy that count for an account, strongest first. */
export function layersOf(account: Account | undefined): PolicyLayer[] {
  return account
    ? [{ source: "representative", rules: account.rules }, siteDefaults]
    : [siteDefaults];
}
