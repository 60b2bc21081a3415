import type { PolicyLayer, RepresentativeId } from "@handrail/protocol";
import type { AccountRole, Representative, Representatives } from "../store/representatives.ts";

/** An enabled account, as those who decide about its rights see it. `name` is what is typed. */
export interface Account {
  readonly id: RepresentativeId;
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  /** The layer of policy that is this account's own. */
  readonly rules: PolicyLayer["rules"];
  /** May change canned scripts, also as no administrator. */
  readonly editsScripts?: boolean | undefined;
}

/** An account as a console has signed in with it. */
export interface ConsoleAccount extends Account {
  /** The grant by which it did; when that is revoked, the console's link ends. */
  readonly grant?: string | undefined;
}

/** The account with that id, unless it is unknown or disabled. */
export async function findAccount(
  representatives: Representatives,
  id: string,
): Promise<Account | undefined> {
  const found = await representatives.find(id);
  return found && found.disabledAt === undefined ? toAccount(found) : undefined;
}

/** The part of a stored account that decisions rest on. */
export function toAccount(representative: Representative): Account {
  const { id, name, displayName, role, rules, editsScripts } = representative;
  return { id, name, displayName, role, rules, editsScripts };
}
