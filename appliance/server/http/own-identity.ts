import { toHandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import { hostOf, type Settings } from "../config.ts";
import type { Log } from "../log.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import { type Identity, loadIdentity } from "./certificate.ts";
import { readGivenIdentity } from "./certificate-files.ts";

const lookEveryMs = 86_400_000;
const warnBeforeMs = 14 * 86_400_000;

/** The identity of an appliance with these settings: an authority's certificate or its own. */
export async function findIdentity(settings: Settings, clock: Clock): Promise<Identity> {
  const now = clock.now();
  const given = readGivenIdentity(settings, now);
  return given ?? loadIdentity(settings.dataDirectory, hostOf(settings), now);
}

/**
 * Who the appliance is while it runs. A renewed certificate is taken over when it is told to look
 * (`renew`), and once a day; one that cannot be used is refused, and the one before stays.
 */
export class OwnIdentity implements ShownIdentity, Disposable {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #show: (identity: Identity) => void;
  #current: Identity;
  #timer: Disposable | undefined;

  constructor(options: {
    settings: Settings;
    clock: Clock;
    log: Log;
    first: Identity;
    /** Told of each identity but the first. */
    show: (identity: Identity) => void;
  }) {
    this.#settings = options.settings;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#current = options.first;
    this.#show = options.show;
    this.#warn();
    this.#wait();
  }

  get fingerprint(): string {
    return this.#current.fingerprint;
  }

  get publicKeyPin(): string {
    return this.#current.publicKeyPin;
  }

  /** Looks whether there is another certificate, and shows it from now on. */
  async renew(): Promise<void> {
    const before = this.#current;
    try {
      const found = await findIdentity(this.#settings, this.#clock);
      if (found.certificate === before.certificate) return;
      this.#show(found);
      this.#current = found;
    } catch (error) {
      this.#log.error("certificate.refused", { error: toHandrailError(error) });
      return this.#warn();
    }
    const { fingerprint, publicKeyPin, expiresAt } = this.#current;
    this.#log.info("certificate.renewed", { fingerprint, expiresAt });
    // Customers who are in a session know the key before, and cannot come back after a lost line.
    if (publicKeyPin !== before.publicKeyPin) this.#log.warn("certificate.key-changed");
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wait(): void {
    this.#timer = this.#clock.after(lookEveryMs, () => {
      this.#wait();
      void this.renew();
    });
  }

  #warn(): void {
    const { expiresAt } = this.#current;
    if (expiresAt - this.#clock.now() > warnBeforeMs) return;
    this.#log.warn("certificate.ends-soon", { expiresAt });
  }
}
