import { HandrailError, type RepresentativeId, type UnixMs } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { Refusal } from "../refusal.ts";
import type { AuditLog } from "../store/audit.ts";
import type { SecondFactorStore } from "../store/second-factors.ts";
import type { Account } from "./account.ts";
import { qrPicture } from "./qr-picture.ts";
import { hashSecret } from "./secret.ts";
import type { SecondFactorRule } from "./second-factor-rule.ts";
import { makeTotpSecret, totpAddress, totpSecretText, totpStep } from "./totp.ts";
import { makeTypedCode, normaliseTypedCode } from "./typed-code.ts";

/** Who the factor belongs to. */
export type FactorOwner = Pick<Account, "id" | "name" | "role">;

/** How it stands with an account's second factor. */
export interface SecondFactorState {
  readonly isOn: boolean;
  /** Whether the site asks it of this account. */
  readonly isRequired: boolean;
  readonly turnedOnAt?: UnixMs;
  readonly recoveryCodesLeft: number;
}

/** What a person's device is given. */
export interface SecondFactorOffer {
  /** The account's name. */
  readonly name: string;
  /** Base32 in groups of four. */
  readonly secret: string;
  /** The same as a QR code, SVG. */
  readonly picture: string;
}

/** A code that is right; it is used up by `use`. */
export type Proof =
  | { readonly kind: "code"; readonly id: RepresentativeId; readonly step: number }
  | { readonly kind: "recovery-code"; readonly id: RepresentativeId; readonly codeHash: string };

interface Offered {
  readonly secret: Uint8Array;
  readonly offeredAt: UnixMs;
}

/** So long a secret waits for its first code, ms. */
const offerLifetimeMs = 30 * 60_000;
const maxOffers = 1_000;
const recoveryCodes = 10;
/** 58 bits: nobody guesses one of ten. */
const recoveryCodeGroups = 3;

/**
 * Second factors: codes of a device (RFC 6238), each taken once, and recovery codes for whoever has
 * lost it. The secret leaves the appliance once, when it is offered; it counts from the moment that
 * a first code shows that the device has it.
 */
export class SecondFactors {
  readonly #store: SecondFactorStore;
  readonly #rule: SecondFactorRule;
  readonly #audit: AuditLog;
  readonly #clock: Pick<Clock, "now">;
  readonly #siteName: string;
  readonly #offers = new Map<RepresentativeId, Offered>();

  constructor(options: {
    store: SecondFactorStore;
    rule: SecondFactorRule;
    audit: AuditLog;
    clock: Pick<Clock, "now">;
    siteName: string;
  }) {
    this.#store = options.store;
    this.#rule = options.rule;
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#siteName = options.siteName;
  }

  isOn(id: RepresentativeId): boolean {
    return this.#store.find(id) !== undefined;
  }

  /** Ids of the accounts that have one. */
  owners(): ReadonlySet<string> {
    return this.#store.owners();
  }

  /** Whether the site asks for one that the account lacks: then it may do nothing else. */
  isMissing(account: Pick<Account, "id" | "role">): boolean {
    return this.#rule.holdsFor(account) && !this.isOn(account.id);
  }

  state(account: FactorOwner): SecondFactorState {
    const stored = this.#store.find(account.id);
    return {
      isOn: stored !== undefined,
      isRequired: this.#rule.holdsFor(account),
      ...(stored ? { turnedOnAt: stored.turnedOnAt } : {}),
      recoveryCodesLeft: this.#store.recoveryCodesLeft(account.id),
    };
  }

  /** A new secret for the device; an earlier one that waits is worth nothing from now on. */
  offer({ id, name }: FactorOwner): SecondFactorOffer {
    const offeredAt = this.#clock.now();
    const secret = makeTotpSecret();
    this.#offers.delete(id);
    this.#offers.set(id, { secret, offeredAt });
    const [oldest] = this.#offers.keys();
    if (this.#offers.size > maxOffers && oldest) this.#offers.delete(oldest);
    const address = totpAddress(secret, { siteName: this.#siteName, name });
    return { name, secret: totpSecretText(secret), picture: qrPicture(address) };
  }

  /**
   * Turns the factor on with a first code of the offered secret. Returns the recovery codes, which
   * nobody sees again.
   * @throws HandrailError `conflict` when it is on already or nothing was offered, `disk-full`
   * @throws Refusal `password-wrong` naming `code`
   */
  async turnOn(account: FactorOwner, typed: string): Promise<readonly string[]> {
    const { id } = account;
    const offered = this.#offers.get(id);
    const now = this.#clock.now();
    if (this.isOn(id)) throw new HandrailError("conflict", "the second factor is on");
    if (!offered || Math.abs(now - offered.offeredAt) > offerLifetimeMs) {
      throw new HandrailError("conflict", "no second factor waits for its first code");
    }
    const step = totpStep(offered.secret, typed, now);
    if (step === undefined) throw wrongCode();
    const codes = makeRecoveryCodes();
    await this.#write("second-factor.turned-on", account, () => {
      if (this.isOn(id)) throw new HandrailError("conflict", "the second factor is on");
      this.#store.put(id, { secret: offered.secret, lastStep: step, turnedOnAt: now });
      this.#store.putRecoveryCodes(id, codes.map(hashRecoveryCode));
    });
    this.#offers.delete(id);
    return codes;
  }

  /** What shows that somebody has the device or a recovery code; undefined when it is wrong. */
  prove(id: RepresentativeId, typed: string): Proof | undefined {
    const stored = this.#store.find(id);
    if (!stored) return undefined;
    const step = totpStep(stored.secret, typed, this.#clock.now());
    if (step !== undefined) return step > stored.lastStep ? { kind: "code", id, step } : undefined;
    const codeHash = hashRecoveryCode(typed);
    const isKnown = this.#store.hasRecoveryCode(id, codeHash);
    return isKnown ? { kind: "recovery-code", id, codeHash } : undefined;
  }

  /**
   * Uses a code up; a recovery code has a row of its own in the audit log. Nobody comes in by a
   * proof that this has not taken.
   * @throws Refusal `password-wrong` when it was used meanwhile
   * @throws HandrailError `disk-full`
   */
  async use(proof: Proof, account: Pick<Account, "id" | "name">): Promise<void> {
    if (proof.kind === "code") {
      await this.#audit.write(() => {
        if (!this.#store.takeStep(proof.id, proof.step)) throw wrongCode();
      });
      return;
    }
    const detail = { left: this.#store.recoveryCodesLeft(proof.id) - 1 };
    await this.#write(
      "second-factor.recovery-code-used",
      account,
      () => {
        if (!this.#store.takeRecoveryCode(proof.id, proof.codeHash)) throw wrongCode();
      },
      detail,
    );
  }

  /**
   * Turns the person's own factor off. The caller has checked password and code.
   * @throws HandrailError `not-permitted` when the site asks for it, `conflict` when it is off
   */
  async turnOff(account: FactorOwner): Promise<void> {
    if (this.#rule.holdsFor(account)) {
      throw new HandrailError("not-permitted", "this site asks for a second factor");
    }
    await this.#write("second-factor.turned-off", account, () => this.#remove(account.id));
  }

  /** New recovery codes in the place of all earlier ones. The caller has checked password and code. */
  async renewRecoveryCodes(account: FactorOwner): Promise<readonly string[]> {
    const codes = makeRecoveryCodes();
    await this.#write("second-factor.recovery-codes-made", account, () => {
      if (!this.isOn(account.id)) throw new HandrailError("conflict", "the second factor is off");
      this.#store.putRecoveryCodes(account.id, codes.map(hashRecoveryCode));
    });
    return codes;
  }

  /**
   * Takes away somebody's factor who has lost device and recovery codes.
   * @throws HandrailError `conflict` when it is off, `disk-full`
   */
  async reset(
    account: Pick<Account, "id" | "name">,
    author: { readonly name: string; readonly id?: RepresentativeId },
  ): Promise<void> {
    await this.#audit.append(
      {
        event: "second-factor.reset",
        who: author.name,
        ...(author.id === undefined ? {} : { whoId: author.id }),
        detail: { account: account.name },
      },
      { also: () => this.#remove(account.id) },
    );
  }

  #remove(id: RepresentativeId): void {
    if (!this.#store.remove(id)) throw new HandrailError("conflict", "the second factor is off");
  }

  async #write(
    event: string,
    { id, name }: Pick<Account, "id" | "name">,
    also: () => void,
    detail: Readonly<Record<string, number>> = {},
  ): Promise<void> {
    await this.#audit.append({ event, who: name, whoId: id, detail }, { also });
  }
}

function makeRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodes }, () => makeTypedCode(recoveryCodeGroups));
}

function hashRecoveryCode(typed: string): string {
  return hashSecret(normaliseTypedCode(typed));
}

function wrongCode(): Refusal {
  return new Refusal("password-wrong", "the code is wrong", { field: "code" });
}
