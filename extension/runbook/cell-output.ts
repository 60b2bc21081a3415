import { plainText } from "./plain-text.ts";

/** Most characters of one stream that a cell keeps; what comes after is counted. */
const maxLength = 200_000;

/** What a cell has written so far, as text. */
export class CellOutput {
  readonly #streams = { stdout: new Written(), stderr: new Written() };

  push(stream: "stdout" | "stderr", bytes: Uint8Array): void {
    this.#streams[stream].push(bytes);
  }

  /** `omitted` says in words how many characters were left out. */
  texts(omitted: (count: number) => string): { stdout: string; stderr: string } {
    const { stdout, stderr } = this.#streams;
    return { stdout: stdout.text(omitted), stderr: stderr.text(omitted) };
  }
}

class Written {
  readonly #decoder = new TextDecoder();
  #text = "";
  #omitted = 0;

  push(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    const kept = text.slice(0, Math.max(0, maxLength - this.#text.length));
    this.#text += kept;
    this.#omitted += text.length - kept.length;
  }

  // Of the whole, for a sequence may have been cut anywhere.
  text(omitted: (count: number) => string): string {
    const plain = plainText(this.#text);
    return this.#omitted === 0 ? plain : `${plain}\n${omitted(this.#omitted)}\n`;
  }
}
