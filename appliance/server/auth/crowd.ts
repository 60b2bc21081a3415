import { networkOf } from "./attempts.ts";

/** The room of one who waits; disposing gives it to somebody else. */
export interface Place extends Disposable {
  /** How many wait who come from the same network, this one among them. */
  readonly neighbours: number;
}

interface Waiting {
  readonly network: string;
  leave(): void;
}

/**
 * Those who have come and not shown yet who they are: each takes room that costs them nothing, so
 * there is only so much for each network (an IPv4 address, or an IPv6 /64) and for all. When all of
 * it is taken, the network with the most gives some up to one with less; among equals the one that
 * has been there longest.
 */
export class Crowd {
  readonly #perNetwork: number;
  readonly #total: number;
  readonly #networks = new Map<string, Set<Waiting>>();
  #size = 0;

  constructor(options: { perNetwork: number; total: number }) {
    this.#perNetwork = options.perNetwork;
    this.#total = options.total;
  }

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * Room for one who comes from an address, or undefined when there is none. `leave` is called when
   * the room is needed by somebody else; it is free by then.
   */
  enter(address: string, leave: () => void): Place | undefined {
    const waiting: Waiting = { network: networkOf(address), leave };
    const neighbours = this.#networks.get(waiting.network)?.size ?? 0;
    if (neighbours >= this.#perNetwork) return undefined;
    if (this.#size >= this.#total && !this.#makeRoom(neighbours)) return undefined;
    const network = this.#networks.get(waiting.network) ?? new Set();
    this.#networks.set(waiting.network, network.add(waiting));
    this.#size++;
    return {
      neighbours: neighbours + 1,
      [Symbol.dispose]: () => this.#remove(waiting),
    };
  }

  /** Sends one away of the network with the most, if that has more than the newcomer's. */
  #makeRoom(neighbours: number): boolean {
    let fullest: Set<Waiting> | undefined;
    for (const network of this.#networks.values()) {
      if (network.size > (fullest?.size ?? 0)) fullest = network;
    }
    const newest = [...(fullest ?? [])].at(-1);
    if (!fullest || !newest || fullest.size <= neighbours) return false;
    this.#remove(newest);
    newest.leave();
    return true;
  }

  #remove(waiting: Waiting): void {
    const network = this.#networks.get(waiting.network);
    if (!network?.delete(waiting)) return;
    this.#size--;
    if (network.size === 0) this.#networks.delete(waiting.network);
  }
}
