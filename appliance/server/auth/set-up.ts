import { chmodSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { hashSecret, isSameSecret } from "./secret.ts";
import { makeTypedCode, normaliseTypedCode } from "./typed-code.ts";

const valueName = "set-up-code-hash";
const groups = 4;

/**
 * The one-time code with which the first administrator is made: whoever can read the machine's
 * console or its data directory may own it. Kept as a hash, and in a file until it is used.
 */
export class SetUpCode {
  readonly #values: ApplianceValues;
  readonly #file: string;

  constructor(values: ApplianceValues, dataDirectory: string) {
    this.#values = values;
    this.#file = path.join(dataDirectory, "set-up-code");
  }

  /** Whether a code is waiting to be used. */
  get isWaiting(): boolean {
    return this.#values.read(valueName) !== undefined;
  }

  /** The file that holds the code, readable for the appliance alone. */
  get file(): string {
    return this.#file;
  }

  /** Makes a new code, like `BCDF-2345-…`; an earlier one is worth nothing from now on. */
  renew(): string {
    const code = makeTypedCode(groups);
    this.choose(code);
    return code;
  }

  /** Takes a code of somebody's own choosing in the place of a made one; kept in capitals, as made ones are. */
  choose(code: string): void {
    this.#values.write(valueName, Buffer.from(hashSecret(normaliseTypedCode(code))));
    const shown = code.trim().toUpperCase().replace(/\s+/g, "-");
    writeFileSync(this.#file, `${shown}\n`, { mode: 0o600 });
    chmodSync(this.#file, 0o600);
  }

  /** Whether that is the code; case and dashes make no difference. */
  isRight(typed: string): boolean {
    const stored = this.#values.read(valueName)?.toString();
    return stored !== undefined && isSameSecret(stored, hashSecret(normaliseTypedCode(typed)));
  }

  /** Forgets the code. Part of the caller's transaction; the file goes by `removeFile`. */
  use(): void {
    this.#values.remove(valueName);
  }

  removeFile(): void {
    rmSync(this.#file, { force: true });
  }
}
