/** First in, first out; each step takes constant time however long the line is. */
export class Fifo<T extends object> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The one that is next, which stays. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the next one. `Array.shift` would move all the others. */
  shift(): T | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head++] = undefined;
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Puts another in the place of the next one. */
  replaceFirst(item: T): void {
    this.#items[this.#head] = item;
  }

  /** All of them in order, as a new list. */
  all(): T[] {
    return this.#items.filter((item) => item !== undefined);
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}
