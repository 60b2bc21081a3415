import { isIPv6 } from "node:net";
import type { Clock } from "../clock.ts";

/** Whether an attempt may be made. */
export type Admission =
  { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** How often something may be tried. */
export interface AttemptOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly perAddress: number;
  readonly perSite: number;
  readonly windowMs?: number;
}

interface Window {
  count: number;
  endsMs: number;
  /** How often in a row the address has run into the limit. */
  strikes: number;
}

const maxAddresses = 20_000;
const maxStrikes = 4;

/**
 * Limits attempts per address and for the site, in windows of a minute. An address that runs into
 * its limit waits the rest of the window, and twice as long each further time (up to 16 windows).
 * An IPv6 customer has a /64 to himself, so that counts as one address.
 */
export class Attempts {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #perAddress: number;
  readonly #perSite: number;
  readonly #windowMs: number;
  readonly #addresses = new Map<string, Window>();
  #site: Window = { count: 0, endsMs: 0, strikes: 0 };

  constructor({ clock, perAddress, perSite, windowMs = 60_000 }: AttemptOptions) {
    this.#clock = clock;
    this.#perAddress = perAddress;
    this.#perSite = perSite;
    this.#windowMs = windowMs;
  }

  /** Counts an attempt from an address and says whether it may be made. */
  take(address: string): Admission {
    const now = this.#clock.monotonicMs();
    const own = this.#windowOf(networkOf(address), now);
    if (own.count >= this.#perAddress) return this.#strike(own, now);
    if (this.#site.endsMs <= now) {
      this.#site = { count: 0, endsMs: now + this.#windowMs, strikes: 0 };
    }
    if (this.#site.count >= this.#perSite) {
      return { ok: false, retryAfterMs: Math.ceil(this.#site.endsMs - now) };
    }
    own.count++;
    this.#site.count++;
    return { ok: true };
  }

  #strike(window: Window, now: number): Admission {
    if (window.count === this.#perAddress) {
      window.count++;
      window.strikes = Math.min(window.strikes + 1, maxStrikes);
      window.endsMs += this.#windowMs * (2 ** (window.strikes - 1) - 1);
    }
    return { ok: false, retryAfterMs: Math.ceil(window.endsMs - now) };
  }

  #windowOf(network: string, now: number): Window {
    const known = this.#addresses.get(network);
    if (known && known.endsMs > now) return known;
    // Strikes are forgiven by a quiet window; the newest addresses are at the end of the map.
    const isQuiet = !known || now - known.endsMs > this.#windowMs;
    const window = {
      count: 0,
      endsMs: now + this.#windowMs,
      strikes: isQuiet ? 0 : known.strikes,
    };
    this.#addresses.delete(network);
    this.#addresses.set(network, window);
    const oldest = this.#addresses.keys().next().value;
    if (this.#addresses.size > maxAddresses && oldest !== undefined) {
      this.#addresses.delete(oldest);
    }
    return window;
  }
}

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%", 1).join("").split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
