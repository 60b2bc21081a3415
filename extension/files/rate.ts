/** How long what was measured counts, ms. */
const windowMs = 5_000;
/** Measurements that are kept are so far apart, ms: bounds how many there are. */
const grainMs = 250;

/** How fast something goes lately, from how far it was at what time. */
export class Rate {
  #samples: { readonly at: number; readonly bytes: number }[] = [];
  #bytes = 0;

  /** `bytes`: how far it is by now, in all. `at`: a steady clock, ms. */
  add(bytes: number, at: number): void {
    this.#bytes = bytes;
    if (at - (this.#samples.at(-1)?.at ?? -Infinity) < grainMs) return;
    this.#samples.push({ at, bytes });
    // One from before the window stays, so that a slow line has something to be measured by.
    while ((this.#samples[1]?.at ?? Infinity) < at - windowMs) this.#samples.shift();
  }

  /** Forgets what was: after a pause it would only mislead. */
  clear(): void {
    this.#samples = [];
  }

  /** Bytes per second up to that time; undefined while too little is known. */
  at(now: number): number | undefined {
    const first = this.#samples[0];
    if (!first || now - first.at < grainMs) return undefined;
    return Math.max(0, ((this.#bytes - first.bytes) * 1000) / (now - first.at));
  }

  /** How long `bytes` more will take, ms; undefined while nobody can say. */
  leftMs(bytes: number, now: number): number | undefined {
    const rate = this.at(now);
    return rate === undefined || rate === 0 ? undefined : (bytes * 1000) / rate;
  }
}
