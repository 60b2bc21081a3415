import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Account } from "./account.ts";

/** Who must have a second factor. */
export const secondFactorScopes = ["nobody", "administrators", "everyone"] as const;
/** Who must have a second factor. */
export type SecondFactorScope = (typeof secondFactorScopes)[number];

const valueName = "second-factor-required";

/**
 * The site's rule about second factors. It holds at once for /login, and for consoles from their
 * next sign-in or refresh on: who is in a session is not thrown out of it.
 */
export class SecondFactorRule {
  readonly #values: ApplianceValues;
  readonly #audit: AuditLog;

  constructor(values: ApplianceValues, audit: AuditLog) {
    this.#values = values;
    this.#audit = audit;
  }

  /** Who must have one; nobody on a new site. */
  get scope(): SecondFactorScope {
    const stored = this.#values.read(valueName)?.toString();
    return secondFactorScopes.find((each) => each === stored) ?? "nobody";
  }

  /** Whether the account must have one. */
  holdsFor({ role }: Pick<Account, "role">): boolean {
    const { scope } = this;
    return scope === "everyone" || (scope === "administrators" && role === "administrator");
  }

  /** @throws HandrailError `disk-full` */
  async change(scope: SecondFactorScope, author: Pick<Account, "id" | "name">): Promise<void> {
    const before = this.scope;
    if (before === scope) return;
    await this.#audit.append(
      {
        event: "second-factor.rule-changed",
        who: author.name,
        whoId: author.id,
        detail: { scopeBefore: before, scope },
      },
      { also: () => this.#values.write(valueName, Buffer.from(scope)) },
    );
  }
}
