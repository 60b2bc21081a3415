import { dueWarning, type Lifetime, toHandrailError, type TlsSettings } from "@handrail/protocol";
import type { HandOvers } from "./hand-over.ts";
import type { Clock } from "../clock.ts";
import { hostOf, type Settings } from "../config.ts";
import type { Log } from "../log.ts";
import type { ShownIdentity } from "../page/shown-identity.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { type Identity, loadIdentity } from "./identity.ts";
import { readGivenIdentity } from "./certificate-files.ts";
import { finishReplacing } from "./identity-files.ts";

const dayMs = 86_400_000;
const lookEveryMs = dayMs;

/**
 * The identity of an appliance with these settings: an authority's certificate or its own. What was
 * decided about its own and cut short is finished first.
 */
export async function findIdentity(
  settings: Settings,
  { clock, values }: { clock: Clock; values: ApplianceValues },
): Promise<Identity> {
  const now = clock.now();
  const given = readGivenIdentity(settings, now);
  if (given) return given;
  finishReplacing({ dataDirectory: settings.dataDirectory, values });
  return loadIdentity(settings.dataDirectory, hostOf(settings), now);
}

/** What the identity rests on while the appliance runs. */
export interface OwnIdentityOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly values: ApplianceValues;
  readonly first: Identity;
  readonly handOvers: HandOvers;
  /** The settings of TLS as they are kept now. */
  readonly readTls: () => TlsSettings;
  /** Told of each identity but the first, and of each change of the settings of TLS. */
  readonly show: (identity: Identity, tls: TlsSettings) => void;
}

/**
 * Who the appliance is while it runs, and how it takes TLS. A renewed certificate is taken over when
 * it is told to look (`renew`), and once a day; one that cannot be used is refused, and the one
 * before stays.
 */
export class OwnIdentity implements ShownIdentity, Disposable {
  readonly #options: OwnIdentityOptions;
  #current: Identity;
  #tls: TlsSettings;
  #timer: Disposable | undefined;

  constructor(options: OwnIdentityOptions) {
    this.#options = options;
    this.#current = options.first;
    this.#tls = options.readTls();
    this.#warn();
    this.#wait();
  }

  get current(): Identity {
    return this.#current;
  }

  get fingerprint(): string {
    return this.#current.fingerprint;
  }

  get publicKeyPin(): string {
    return this.#current.publicKeyPin;
  }

  get life(): Lifetime {
    return this.#current.life;
  }

  /** Shows that from now on; connections that are open go on. @throws Error for what cannot be shown */
  take(identity: Identity, tls: TlsSettings): void {
    this.#options.show(identity, tls);
    this.#current = identity;
    this.#tls = tls;
  }

  /** Looks whether there is another certificate or other settings, and shows them from now on. */
  async renew(): Promise<void> {
    const { clock, handOvers, log, readTls, settings, values } = this.#options;
    const before = this.#current;
    try {
      const tls = readTls();
      const found = await findIdentity(settings, { clock, values });
      const isSame = found.certificate === before.certificate;
      if (isSame && JSON.stringify(tls) === JSON.stringify(this.#tls)) return this.#warn();
      this.take(found, tls);
      if (isSame) return;
      // Whoever replaces what the appliance keeps for itself has led its clients over already.
      if (settings.tlsCertificateFile !== undefined) handOvers.add(before, found);
    } catch (error) {
      log.error("certificate.refused", { error: toHandrailError(error) });
      return this.#warn();
    }
    const { fingerprint, publicKeyPin, life } = this.#current;
    log.info("certificate.renewed", { fingerprint, expiresAt: life.validTo });
    if (publicKeyPin !== before.publicKeyPin) log.warn("certificate.key-changed");
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #wait(): void {
    this.#timer = this.#options.clock.after(lookEveryMs, () => {
      this.#wait();
      void this.renew();
    });
  }

  #warn(): void {
    const { clock, log } = this.#options;
    const { life } = this.#current;
    const now = clock.now();
    if (dueWarning(life, now) === undefined) return;
    const withinDays = Math.max(0, Math.ceil((life.validTo - now) / dayMs));
    log.warn("certificate.ends-soon", { expiresAt: life.validTo, withinDays });
  }
}
