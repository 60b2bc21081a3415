import {
  type Consent,
  decide,
  type Permission,
  type PermissionState,
  type PolicyLayer,
} from "@handrail/protocol";

/**
 * What this client allows at most, whatever the appliance says: seeing and working the computer,
 * by whatever means, only after the customer has agreed, here, at this computer.
 */
const clientPolicy: PolicyLayer = {
  source: "customer client",
  rules: {
    view: { setting: "allow", consent: "once" },
    control: { setting: "allow", consent: "once" },
    shell: { setting: "allow", consent: "once" },
    files: { setting: "allow", consent: "once" },
    "files-write": { setting: "allow", consent: "once" },
    system: { setting: "allow", consent: "once" },
    snapshot: { setting: "allow", consent: "once" },
    scripts: { setting: "allow", consent: "once" },
    "system-act": { setting: "allow", consent: "once" },
    actions: { setting: "allow", consent: "once" },
    // Asked at each restart by whoever does it; see actions.ts.
    reboot: { setting: "allow", consent: "never" },
    // So is this; see elevation/tool.ts.
    elevate: { setting: "allow", consent: "never" },
    "clipboard-to-customer": { setting: "allow", consent: "once" },
    "clipboard-from-customer": { setting: "allow", consent: "once" },
    draw: { setting: "allow", consent: "once" },
    chat: { setting: "allow", consent: "never" },
    // Nothing comes or goes that the customer has not pressed Save for, or chosen.
    "chat-file": { setting: "allow", consent: "never" },
    "push-url": { setting: "allow", consent: "never" },
  },
};

const withdrawing: ReadonlySet<PermissionState> = new Set<PermissionState>([
  "not-asked",
  "refused",
  "revoked",
  "denied",
]);

/**
 * Asks the one policy again before anything is captured or injected, with what the customer has
 * answered at this very computer. The appliance can take a permission away, never give one.
 */
export class PolicyGate {
  readonly #consents = new Map<Permission, Consent>();
  readonly #narrowed: () => void;
  /** Whether this client has an administrator's rights. */
  readonly isElevated: boolean;
  #state: "waiting" | "active" | "ended" = "waiting";

  /** `narrowed` is called whenever something may have stopped being allowed. */
  constructor(narrowed: () => void, isElevated = false) {
    this.#narrowed = narrowed;
    this.isElevated = isElevated;
  }

  get state(): "waiting" | "active" | "ended" {
    return this.#state;
  }

  may(permission: Permission): boolean {
    return (
      decide({
        permission,
        role: "representative",
        state: this.#state,
        layers: [clientPolicy],
        consent: this.consent(permission),
        elevation: this.isElevated ? this.consent("elevate") : undefined,
      }).outcome === "allow"
    );
  }

  consent(permission: Permission): Consent {
    return this.#consents.get(permission) ?? "not-asked";
  }

  /** The customer answered a question. */
  answered(permission: Permission, isGranted: boolean): void {
    this.#consents.set(permission, isGranted ? "granted" : "refused");
    if (!isGranted) this.#narrowed();
  }

  /** The customer takes a permission back. */
  takeBack(permission: Permission): void {
    this.#consents.set(permission, "revoked");
    this.#narrowed();
  }

  /** What was said of it does not hold any more: it is to be asked for again. */
  forget(permission: Permission): void {
    if (this.#consents.delete(permission)) this.#narrowed();
  }

  /** The session as the appliance has it now. `asked` leaves the customer's answer as it is. */
  sessionChanged(
    state: "waiting" | "active" | "ended",
    permissions: Readonly<Partial<Record<Permission, PermissionState>>>,
  ): void {
    this.#state = state;
    for (const permission of [...this.#consents.keys()]) {
      const reported = permissions[permission];
      if (reported && withdrawing.has(reported)) this.#consents.delete(permission);
    }
    this.#narrowed();
  }

  /** Nothing is allowed any more. */
  end(): void {
    this.#state = "ended";
    this.#consents.clear();
    this.#narrowed();
  }
}
