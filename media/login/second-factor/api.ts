import type { Ask } from "../request.ts";
/** How it stands with one's own second factor. `turnedOnAt` in Unix ms. */
export interface SecondFactorState {
  readonly isOn: boolean;
  /** Whether the site asks it of this account. */
  readonly isRequired: boolean;
  readonly turnedOnAt?: number;
  readonly recoveryCodesLeft: number;
}

/** What goes into the person's device: Base32 in groups of four, and the same as a QR code (SVG). */
export interface SecondFactorOffer {
  /** The account's name. */
  readonly name: string;
  readonly secret: string;
  readonly picture: string;
}

/** Who must have a second factor, in the order of the choice. */
export const secondFactorScopes = ["nobody", "administrators", "everyone"] as const;
/** Who must have a second factor. */
export type SecondFactorScope = (typeof secondFactorScopes)[number];

/** Where a second factor is set up: of who is signed in, or of who must before that. */
export interface Enrolment {
  offer(): Promise<SecondFactorOffer>;
  turnOn(code: string): Promise<{ recoveryCodes: readonly string[] }>;
}

/** The requests about second factors. Every method throws ApiError. */
export class SecondFactorApi {
  readonly #ask: Ask;
  /** For who is signed in. */
  readonly own: Enrolment;
  /** For who must set one up at the sign-in. */
  readonly first: Enrolment;

  constructor(ask: Ask) {
    this.#ask = ask;
    this.own = this.#enrolment("second-factor");
    this.first = this.#enrolment("sign-in");
  }

  state(signal: AbortSignal): Promise<SecondFactorState> {
    return this.#ask("second-factor", { signal });
  }
  turnOff(form: { password: string; code: string }): Promise<object> {
    return this.#ask("second-factor/turn-off", { method: "POST", body: form });
  }
  renew(form: { password: string; code: string }): Promise<{ recoveryCodes: readonly string[] }> {
    return this.#ask("second-factor/recovery-codes", { method: "POST", body: form });
  }
  /** The second step of a sign-in. */
  give(code: string): Promise<object> {
    return this.#ask("sign-in/code", { method: "POST", body: { code } });
  }
  /** Gives a half-done sign-in up. */
  cancel(): Promise<object> {
    return this.#ask("sign-in/cancel", { method: "POST", body: {} });
  }
  rule(signal: AbortSignal): Promise<{ scope: SecondFactorScope }> {
    return this.#ask("second-factor/rule", { signal });
  }
  changeRule(scope: SecondFactorScope): Promise<object> {
    return this.#ask("second-factor/rule", { method: "PATCH", body: { scope } });
  }
  reset(id: string): Promise<object> {
    return this.#ask(`representatives/${id}/second-factor/reset`, { method: "POST", body: {} });
  }

  #enrolment(root: string): Enrolment {
    return {
      offer: () => this.#ask(`${root}/offer`, { method: "POST", body: {} }),
      turnOn: (code) => this.#ask(`${root}/turn-on`, { method: "POST", body: { code } }),
    };
  }
}
