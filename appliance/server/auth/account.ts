import type { PolicyLayer, RepresentativeId } from "@handrail/protocol";

/** What an account may administer. An administrator also helps as a representative. */
export type AccountRole = "administrator" | "representative";

/** An enabled account, as those who decide about its rights see it. `name` is what is typed. */
export interface Account {
  readonly id: RepresentativeId;
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  /** The layer of policy that is this account's own. */
  readonly rules: PolicyLayer["rules"];
}
