import { randomInt } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ApplianceValues } from "../store/appliance-values.ts";
import { hashSecret, isSameSecret } from "./secret.ts";

const valueName = "set-up-code-hash";
const alphabet = "BCDFGHJKLMNPQRSTVWXZ23456789";
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
    const code = Array.from({ length: groups }, () =>
      Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join(""),
    ).join("-");
    this.#values.write(valueName, Buffer.from(hashSecret(normalise(code))));
    writeFileSync(this.#file, `${code}\n`, { mode: 0o600 });
    chmodSync(this.#file, 0o600);
    return code;
  }

  /** Whether that is the code; case and dashes make no difference. */
  isRight(typed: string): boolean {
    const stored = this.#values.read(valueName)?.toString();
    return stored !== undefined && isSameSecret(stored, hashSecret(normalise(typed)));
  }

  /** Forgets the code. Part of the caller's transaction; the file goes by `removeFile`. */
  use(): void {
    this.#values.remove(valueName);
  }

  removeFile(): void {
    rmSync(this.#file, { force: true });
  }
}

function normalise(code: string): string {
  return code
    .slice(0, 64)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");
}
