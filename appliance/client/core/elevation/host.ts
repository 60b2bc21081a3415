import type { ElevationPurpose, ElevationRefusal, ScriptOrder } from "@handrail/protocol";
import type { ScriptHost } from "../script/host.ts";
import type { ShellHost } from "../shell/host.ts";

/** What the customer reads in the window that asks for the password. */
export interface PasswordWords {
  readonly title: string;
  readonly body: string;
  /** Button texts; an underscore marks the letter that works with Alt. */
  readonly ok: string;
  readonly cancel: string;
}

/**
 * How the rights are to be got. `password`: UTF-8; whoever gets it overwrites it when it was used.
 */
export type ElevationWay =
  | {
      readonly way: "customer";
      readonly words: PasswordWords;
      /** A password of this window was wrong just before: the same one asks again. */
      readonly isAgain: boolean;
    }
  | { readonly way: "credentials"; readonly account: string; readonly password: Uint8Array };

/**
 * A program with an administrator's rights that does one thing: a shell, a script, or the client
 * itself. It ends with this object, and with the client.
 */
export interface ElevatedProgram extends Disposable {
  /** Opens a shell with these rights, once. */
  readonly shells: ShellHost;
  /** Runs a script with these rights, once. */
  readonly scripts: ScriptHost;
  /**
   * Starts the client with these rights, which comes back into the session with the secret. False: it
   * could not be started, or has ended again.
   */
  startClient(secret: string): Promise<boolean>;
  /** The client that was started goes on without this object. */
  release(): void;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;
}

/** What gets an administrator's rights on this computer. */
export interface Elevator {
  /** The rights, or why there are none; the signal's end takes back what is being asked. */
  elevate(way: ElevationWay, signal: AbortSignal): Promise<ElevatedProgram | ElevationRefusal>;
}

/** Which script: by its name, which people read, and its hash, which nobody chooses. */
export type ScriptName = Pick<ScriptOrder, "name" | "sha256">;
/** None. */
export const noScript: ScriptName = { name: "", sha256: "" };

interface Granted {
  readonly purpose: ElevationPurpose;
  /** The only one that they are for; empty where they are for something else. */
  readonly script: ScriptName;
  readonly program: ElevatedProgram;
}

/** Rights that the customer has allowed for one thing. */
export interface ElevationUse {
  /** The representative's name, which may be empty. */
  readonly by: string;
  readonly purpose: ElevationPurpose;
  /** What the script is called that they are for; empty: none, or it is not known. */
  readonly script: string;
  /** Whether the rights are there; before, a password is missing. */
  readonly isGiven: boolean;
}

/**
 * What was allowed, for as long as it is; and what was granted and is not used yet, by the name of
 * the grant.
 */
export class Elevations {
  readonly #granted = new Map<string, Granted>();
  /** By the signal of whoever uses them. */
  readonly #uses = new Map<AbortSignal, ElevationUse>();

  /** Of the customer's own knowledge, in the order allowed. */
  get uses(): readonly ElevationUse[] {
    return [...this.#uses.values()];
  }

  /** Says how rights stand, until the signal is aborted. */
  note(gone: AbortSignal, use: ElevationUse): void {
    if (gone.aborted) return;
    if (!this.#uses.has(gone)) gone.addEventListener("abort", () => this.#uses.delete(gone));
    this.#uses.set(gone, use);
  }

  put(grant: string, granted: Granted): void {
    this.#granted.set(grant, granted);
  }

  /** The program of a grant, once and only for what it was granted for. */
  take(
    grant: string,
    purpose: ElevationPurpose,
    { name, sha256 } = noScript,
  ): ElevatedProgram | undefined {
    const granted = this.#granted.get(grant);
    if (granted?.purpose !== purpose) return undefined;
    if (granted.script.name !== name || granted.script.sha256 !== sha256) return undefined;
    this.#granted.delete(grant);
    return granted.program;
  }

  /** The program with which the client may begin anew, once. */
  takeClient(): ElevatedProgram | undefined {
    for (const [grant, { purpose }] of this.#granted) {
      if (purpose === "client") return this.take(grant, purpose);
    }
    return undefined;
  }

  forget(grant: string): void {
    this.#granted.delete(grant);
  }
}
