import { randomBytes } from "node:crypto";
import type { UnixMs } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";

/** Whoever has the keys can read what was said under them: so they are not kept for long. */
const renewEveryMs = 12 * 3_600_000;
/** Node's three keys in one: name, HMAC, AES. */
const keysBytes = 48;
const timeBytes = 8;
const valueName = "tls-ticket-keys";

interface Made {
  readonly madeAt: UnixMs;
  readonly keys: Buffer;
}

/**
 * The keys with which TLS sessions are handed to the clients. They outlive a restart, after which
 * everybody comes back at once and resumes, and are made anew every 12 hours. Node takes one set at
 * a time: a ticket of the set before is answered with a whole handshake.
 */
export class TicketKeys implements Disposable {
  readonly #values: ApplianceValues;
  readonly #clock: Clock;
  readonly #use: (keys: Buffer) => void;
  #current: Made;
  #timer: Disposable | undefined;

  /** `use` is handed each new set; the first one is `current`. */
  constructor(options: { values: ApplianceValues; clock: Clock; use: (keys: Buffer) => void }) {
    this.#values = options.values;
    this.#clock = options.clock;
    this.#use = options.use;
    this.#current = this.#stored() ?? this.#make();
    this.#wait();
  }

  /** 48 bytes, a secret. */
  get current(): Buffer {
    return this.#current.keys;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wait(): void {
    const ageMs = this.#clock.now() - this.#current.madeAt;
    this.#timer = this.#clock.after(renewEveryMs - ageMs, () => {
      this.#current = this.#make();
      this.#use(this.#current.keys);
      this.#wait();
    });
  }

  #stored(): Made | undefined {
    const value = this.#values.read(valueName);
    if (value?.length !== timeBytes + keysBytes) return undefined;
    const madeAt = Number(value.readBigUInt64BE());
    const ageMs = this.#clock.now() - madeAt;
    // What was made in the future was made before the clock was set back, nobody knows when.
    if (ageMs < 0 || ageMs >= renewEveryMs) return undefined;
    return { madeAt, keys: value.subarray(timeBytes) };
  }

  #make(): Made {
    const made = { madeAt: this.#clock.now(), keys: randomBytes(keysBytes) };
    const value = Buffer.alloc(timeBytes);
    value.writeBigUInt64BE(BigInt(made.madeAt));
    this.#values.write(valueName, Buffer.concat([value, made.keys]));
    return made;
  }
}
