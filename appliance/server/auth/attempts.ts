import { isIPv6 } from "node:net";
import type { Clock } from "../clock.ts";

/** Whether an attempt may be made. */
export type Admission =
  { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number };

/** How often something may be tried. */
export interface AttemptOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Attempts of one address in a window. */
  readonly perAddress: number;
  /** Attempts in a window of all addresses together that were wrong too often lately. */
  readonly perSite: number;
  /** Attempts in a window of all other addresses together. Default: ten times `perSite`. */
  readonly perSiteFresh?: number;
  readonly windowMs?: number;
  /** Part of the site's limits that holds now, above 0 and at most 1. */
  readonly weight?: () => number;
}

interface Visitor {
  count: number;
  endsMs: number;
  /** How often in a row the address has run into the limit. */
  strikes: number;
  /** Attempts that were not right, since it last was quiet for a day. */
  wrong: number;
  lastMs: number;
}

/** Attempts of the whole site, or of a part of it, in the window that goes on. */
interface Lane {
  count: number;
  endsMs: number;
}

const maxAddresses = 100_000;
const maxStrikes = 4;
/** So many wrong attempts a day leave an address as good as new; a /48 has as many for 16 of its. */
const freeWrong = 3;
const freeWrongWide = 16 * freeWrong;
const rememberMs = 86_400_000;

/**
 * Limits attempts per address and for the site, in windows of a minute. An address that runs into
 * its limit waits the rest of the window, and twice as long each further time (up to 16 windows).
 * An IPv6 customer has a /64 to himself, so that counts as one address.
 *
 * At the site, addresses that were wrong more than three times that day share one limit, all others
 * a far higher one: a few addresses that guess without pause hold up each other and nobody else.
 * An attempt that was right counts for nothing (`forgive`).
 */
export class Attempts {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #perAddress: number;
  readonly #perSite: { readonly worn: number; readonly fresh: number };
  readonly #windowMs: number;
  readonly #weight: () => number;
  readonly #visitors = new Map<string, Visitor>();
  /** IPv6 networks of 48 bits, of which only `wrong` and `lastMs` count. */
  readonly #wide = new Map<string, Visitor>();
  readonly #lanes: Record<"worn" | "fresh", Lane> = {
    worn: { count: 0, endsMs: 0 },
    fresh: { count: 0, endsMs: 0 },
  };

  constructor(options: AttemptOptions) {
    const { perSite } = options;
    this.#clock = options.clock;
    this.#perAddress = options.perAddress;
    this.#perSite = { worn: perSite, fresh: options.perSiteFresh ?? 10 * perSite };
    this.#windowMs = options.windowMs ?? 60_000;
    this.#weight = options.weight ?? (() => 1);
  }

  /** Counts an attempt from an address and says whether it may be made. */
  take(address: string): Admission {
    const now = this.#clock.monotonicMs();
    const { own, wide } = this.#visitorsOf(address, now);
    if (own.count >= this.#perAddress) return this.#strike(own, now);
    const isWorn = own.wrong >= freeWrong || (wide?.wrong ?? 0) >= freeWrongWide;
    const lane = this.#laneOf(isWorn ? "worn" : "fresh", now);
    if (lane.count >= this.#limitOf(isWorn)) {
      return { ok: false, retryAfterMs: Math.ceil(lane.endsMs - now) };
    }
    lane.count++;
    own.count++;
    own.wrong++;
    if (wide) wide.wrong++;
    return { ok: true };
  }

  /** The attempt that an address has just been allowed was right. */
  forgive(address: string): void {
    const now = this.#clock.monotonicMs();
    const { own, wide } = this.#visitorsOf(address, now);
    const lane = this.#laneOf(own.wrong > freeWrong ? "worn" : "fresh", now);
    lane.count = Math.max(0, lane.count - 1);
    own.count = Math.max(0, own.count - 1);
    if (wide) wide.wrong = Math.max(0, wide.wrong - own.wrong);
    own.wrong = 0;
  }

  #limitOf(isWorn: boolean): number {
    const { worn, fresh } = this.#perSite;
    const weight = this.#weight();
    return isWorn ? Math.max(1, worn * weight) : Math.max(worn, fresh * weight);
  }

  #laneOf(name: "worn" | "fresh", now: number): Lane {
    const lane = this.#lanes[name];
    if (lane.endsMs > now) return lane;
    return (this.#lanes[name] = { count: 0, endsMs: now + this.#windowMs });
  }

  #strike(visitor: Visitor, now: number): Admission {
    if (visitor.count === this.#perAddress) {
      visitor.count++;
      visitor.strikes = Math.min(visitor.strikes + 1, maxStrikes);
      visitor.endsMs += this.#windowMs * (2 ** (visitor.strikes - 1) - 1);
    }
    return { ok: false, retryAfterMs: Math.ceil(visitor.endsMs - now) };
  }

  #visitorsOf(address: string, now: number): { own: Visitor; wide: Visitor | undefined } {
    const network = networkOf(address);
    const own = this.#visitorOf(this.#visitors, network, now);
    if (!network.includes(":")) return { own, wide: undefined };
    const wideNetwork = network.split(":", 3).join(":");
    return { own, wide: this.#visitorOf(this.#wide, wideNetwork, now) };
  }

  #visitorOf(all: Map<string, Visitor>, network: string, now: number): Visitor {
    const known = all.get(network);
    if (known && known.endsMs > now) return known;
    // Strikes are forgiven by a quiet window; the newest addresses are at the end of the map.
    const isQuiet = !known || now - known.endsMs > this.#windowMs;
    const isForgotten = !known || now - known.lastMs > rememberMs;
    const visitor = {
      count: 0,
      endsMs: now + this.#windowMs,
      strikes: isQuiet ? 0 : known.strikes,
      wrong: isForgotten ? 0 : known.wrong,
      lastMs: now,
    };
    all.delete(network);
    all.set(network, visitor);
    const oldest = all.keys().next().value;
    if (all.size > maxAddresses && oldest !== undefined) all.delete(oldest);
    return visitor;
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
