import type { RepresentativeId } from "@handrail/protocol";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";
import { hashSecret, isSameSecret } from "./secret.ts";
import { makeTypedCode, normaliseTypedCode } from "./typed-code.ts";

/** How long one is good, ms. */
export const oneTimePasswordLifetimeMs = 3_600_000;

const groups = 6;
const storedShape = json(z.object({ hash: z.string(), expiresAt: z.number() }));

/**
 * Passwords that the operator makes on the appliance itself, for an administrator who cannot come in
 * otherwise: good once and for an hour, beside the account's own password. With 115 bits nobody
 * guesses one, so no lock of the name holds it off.
 */
export class OneTimePasswords {
  readonly #values: ApplianceValues;
  readonly #clock: Pick<Clock, "now">;

  constructor(values: ApplianceValues, clock: Pick<Clock, "now">) {
    this.#values = values;
    this.#clock = clock;
  }

  /** A new one, like `BCDF-2345-…`; an earlier one of the account is worth nothing from now on. */
  make(id: RepresentativeId): string {
    const password = makeTypedCode(groups);
    const expiresAt = this.#clock.now() + oneTimePasswordLifetimeMs;
    const stored = JSON.stringify({ hash: hashSecret(normaliseTypedCode(password)), expiresAt });
    this.#values.write(nameOf(id), Buffer.from(stored));
    return password;
  }

  /** Whether that is the account's; case and dashes make no difference. */
  isRight(id: RepresentativeId, typed: string): boolean {
    const stored = storedShape.safeParse(this.#values.read(nameOf(id))?.toString());
    if (!stored.success) return false;
    const { hash, expiresAt } = stored.data;
    const leftMs = expiresAt - this.#clock.now();
    // After the clock was set back by much it must not live for as much longer.
    if (leftMs <= 0 || leftMs > 2 * oneTimePasswordLifetimeMs) return false;
    return isSameSecret(hash, hashSecret(normaliseTypedCode(typed)));
  }

  /** Forgets it; false when somebody else was faster. Part of the caller's transaction. */
  use(id: RepresentativeId, typed: string): boolean {
    if (!this.isRight(id, typed)) return false;
    this.#values.remove(nameOf(id));
    return true;
  }
}

function nameOf(id: RepresentativeId): string {
  return `one-time-password:${id}`;
}
