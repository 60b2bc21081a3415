import { sign, X509Certificate } from "node:crypto";
import {
  type HandOver,
  handOverLifetimeMs,
  handOversShape,
  handOverStatement,
  isHandOverOver,
  maxHandOvers,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Identity } from "./identity.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { json } from "../store/row.ts";
import { keyKind } from "./facts.ts";

const valueName = "certificate-hand-overs";
const storedShape = json(handOversShape);

/**
 * The hand-overs from former keys to those that followed them, which the appliance offers to whoever
 * knows a former one. Its writes are part of the caller's transaction.
 */
export class HandOvers {
  readonly #values: ApplianceValues;
  readonly #clock: Pick<Clock, "now">;

  constructor(values: ApplianceValues, clock: Pick<Clock, "now">) {
    this.#values = values;
    this.#clock = clock;
  }

  /** Those that have not ended. */
  get all(): readonly HandOver[] {
    const stored = storedShape.safeParse(this.#values.read(valueName)?.toString());
    if (!stored.success) return [];
    const now = this.#clock.now();
    return stored.data.handOvers.filter((each) => !isHandOverOver(each, now));
  }

  /** States that `to` follows `from`; nothing to state where the key stays the same. */
  add(from: Identity, to: Identity): void {
    const former = new X509Certificate(from.certificate);
    // Keys of other kinds sign in other ways, and no browser takes them.
    if (from.publicKeyPin === to.publicKeyPin || !keyKind(former.publicKey)) return;
    const madeAt = this.#clock.now();
    const endsAt = madeAt + handOverLifetimeMs;
    const said = { publicKeyPin: to.publicKeyPin, madeAt, endsAt };
    const statement = Buffer.from(handOverStatement(from.fingerprint, said));
    const handOver: HandOver = {
      ...said,
      certificate: former.raw.toString("base64"),
      signature: sign("sha256", statement, from.privateKey).toString("base64"),
    };
    this.#write([...this.all, handOver].slice(-maxHandOvers));
  }

  /** Takes all of them back: who has a former key might lead others wherever they like. */
  forget(): void {
    this.#values.remove(valueName);
  }

  #write(handOvers: readonly HandOver[]): void {
    this.#values.write(valueName, Buffer.from(JSON.stringify({ handOvers })));
  }
}
