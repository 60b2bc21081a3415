import { createHash } from "node:crypto";
import { encodeText, type Lsid } from "@handrail/protocol";

/**
 * What text was last exchanged with each customer, by its hash: it does not go back to where it came
 * from, nor there twice. Images never go to a customer by themselves.
 */
export class Exchanged {
  readonly #hashes = new Map<Lsid, string>();

  /** The text has come from this customer, or gone there. */
  note(lsid: Lsid, text: string): void {
    this.#hashes.set(lsid, hashOf(text));
  }

  isLast(lsid: Lsid, text: string): boolean {
    return this.#hashes.get(lsid) === hashOf(text);
  }
}

/** Systems that end lines otherwise give another text back than was put there. */
function hashOf(text: string): string {
  const bytes = encodeText(text.replaceAll("\r\n", "\n"));
  return createHash("sha256").update(bytes).digest("base64");
}
