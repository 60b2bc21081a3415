/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer from 0 to `bound` exclusive; 0 when the bound is 0. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * bound);
  }

  /** One of the items. @throws Error when there are none */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

type Damage = (chance: Chance, bytes: Uint8Array) => Uint8Array;

const telling = [0, 1, 0x7f, 0x80, 0xfe, 0xff];

const damages: readonly Damage[] = [
  (chance, bytes) => withByte(chance, bytes, (byte) => byte ^ (1 << chance.below(8))),
  (chance, bytes) => withByte(chance, bytes, () => chance.pick(telling)),
  (chance, bytes) => bytes.subarray(0, chance.below(bytes.length)),
  (chance, bytes) => bytes.subarray(chance.below(bytes.length)),
  (chance, bytes) => {
    const at = chance.below(bytes.length);
    const extra = Uint8Array.from({ length: chance.below(12) }, () => chance.below(256));
    return join(bytes.subarray(0, at), extra, bytes.subarray(at));
  },
  (chance, bytes) => {
    const at = chance.below(bytes.length);
    return join(bytes, bytes.subarray(at));
  },
];

/** One of the seeds with up to three things wrong with it; sometimes none. */
export function damaged(chance: Chance, seeds: readonly Uint8Array[]): Uint8Array {
  let bytes = chance.pick(seeds);
  for (let i = chance.below(4); i > 0; i--) bytes = chance.pick(damages)(chance, bytes);
  return bytes;
}

function withByte(chance: Chance, bytes: Uint8Array, change: (byte: number) => number) {
  const copy = bytes.slice();
  const at = chance.below(copy.length);
  if (copy.length > 0) copy[at] = change(copy[at] ?? 0);
  return copy;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
