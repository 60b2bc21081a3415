import { pathText } from "@handrail/protocol";
import type { Facts } from "./lane.ts";

/** With so many characters of names a row is full: one more name fits below what a fact may hold. */
const maxNamesLength = 3000;

/** Makes a SHA-256 of what is added to it. */
export interface Digest {
  update(data: Uint8Array | string): unknown;
  digest(): Uint8Array;
}

/**
 * Many small files of one folder as few rows of the audit log: how many, how large, which names with
 * their sizes (`a.txt 12/b.txt 7`), and one SHA-256 over a list as `sha256sum` prints it, so that
 * each file's own hash can be proved.
 */
export class BatchReport {
  readonly #folder: string;
  readonly #digest: () => Digest;
  #list: Digest | undefined;
  #names: string[] = [];
  #namesLength = 0;
  #sizeBytes = 0;

  constructor(folder: Uint8Array, digest: () => Digest) {
    this.#folder = pathText(folder);
    this.#digest = digest;
  }

  /** Whether there should be a row before more is added. */
  get isFull(): boolean {
    return this.#namesLength >= maxNamesLength;
  }

  /** Adds a file. `sha256` of what it holds. */
  add(name: Uint8Array, sizeBytes: number, sha256: Uint8Array): void {
    const named = `${pathText(name)} ${sizeBytes}`;
    this.#names.push(named);
    this.#namesLength += named.length + 1;
    this.#sizeBytes += sizeBytes;
    this.#list ??= this.#digest();
    this.#list.update(`${hex(sha256)}  `);
    this.#list.update(name);
    this.#list.update("\n");
  }

  /** The row of what was added since the last one; undefined: nothing was. */
  take(): Facts | undefined {
    const list = this.#list;
    if (!list) return undefined;
    const facts = {
      ...{ folder: factText(this.#folder), count: this.#names.length },
      ...{ sizeBytes: this.#sizeBytes, sha256: hex(list.digest()) },
      names: factText(this.#names.join("/")),
    };
    this.#list = undefined;
    this.#names = [];
    this.#namesLength = 0;
    this.#sizeBytes = 0;
    return facts;
  }
}

/** A text as it fits into a fact. */
export function factText(text: string): string {
  return text.length <= 4096 ? text : `${text.slice(0, 4095).toWellFormed()}…`;
}

/** Bytes in hex. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
