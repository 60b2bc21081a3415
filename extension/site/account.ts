import { mkdir, open, rm, stat } from "node:fs/promises";
import path from "node:path";
import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { type Clock, pause } from "../clock.ts";
import type { Log } from "../log.ts";
import { parseSiteAddress, type SiteAddress } from "./address.ts";
import type { OAuth, Tokens } from "./oauth.ts";

const secretName = "handrail.account";
/** A token this close to its end is renewed before it is used. */
const renewBeforeMs = 30_000;
const lockStaleMs = 20_000;

/** Who is signed in, and where; the refresh token stays in VS Code's secret storage. */
export interface SignedIn {
  readonly id: string;
  readonly site: SiteAddress;
  /** The representative's name; the site's until the appliance has said it. */
  readonly name: string;
}

interface Stored {
  readonly id: string;
  readonly origin: string;
  readonly name: string;
  readonly refreshToken: string;
}

/**
 * The one account of this VS Code, shared by all its windows. Refresh tokens work once, so windows
 * take turns at renewing, by a lock file in the extension's own folder.
 */
export class Account implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #oauth: OAuth;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #lockFile: string;
  readonly #changed = new vscode.EventEmitter<SignedIn | undefined>();
  readonly #subscription: vscode.Disposable;
  #current: SignedIn | undefined;
  #access: Tokens | undefined;
  #renewing: Promise<string> | undefined;

  /** Signed in, signed out, or the name became known. */
  readonly onDidChange = this.#changed.event;

  constructor(options: {
    secrets: vscode.SecretStorage;
    oauth: OAuth;
    clock: Clock;
    log: Log;
    folder: vscode.Uri;
  }) {
    this.#secrets = options.secrets;
    this.#oauth = options.oauth;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#lockFile = path.join(options.folder.fsPath, "renewing.lock");
    this.#subscription = this.#secrets.onDidChange(({ key }) => {
      if (key === secretName) void this.load();
    });
  }

  get current(): SignedIn | undefined {
    return this.#current;
  }

  /** Reads what was stored, here or by another window. */
  async load(): Promise<SignedIn | undefined> {
    const stored = await this.#read();
    const site = stored && parseSiteAddress(stored.origin);
    const found = stored && site && { id: stored.id, site, name: stored.name };
    if (found?.id !== this.#current?.id) this.#access = undefined;
    const isNew = found?.id !== this.#current?.id || found?.name !== this.#current?.name;
    this.#current = found;
    if (isNew) this.#changed.fire(found);
    return found;
  }

  /** Keeps a new sign-in. */
  async adopt(site: SiteAddress, tokens: Tokens): Promise<SignedIn> {
    const name = new URL(site.origin).host;
    const id = crypto.randomUUID();
    this.#current = { id, site, name };
    this.#access = tokens;
    await this.#write({ id, origin: site.origin, name, refreshToken: tokens.refreshToken });
    this.#changed.fire(this.#current);
    return this.#current;
  }

  /** The appliance has said who this is. */
  async rename(name: string): Promise<void> {
    const stored = await this.#read();
    if (!stored || stored.id !== this.#current?.id || stored.name === name) return;
    this.#current = { ...this.#current, name };
    await this.#write({ ...stored, name });
    this.#changed.fire(this.#current);
  }

  /** An access token that works now. @throws HandrailError `not-authenticated` */
  async accessToken({ fresh = false }: { fresh?: boolean } = {}): Promise<string> {
    const access = this.#access;
    const isGood = access && access.expiresAt - this.#clock.now() > renewBeforeMs;
    if (isGood && !fresh) return access.accessToken;
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** Ends the sign-in here and, when the appliance can be reached, there. */
  async signOut(): Promise<void> {
    const stored = await this.#read();
    await this.forget();
    const site = stored && parseSiteAddress(stored.origin);
    if (!stored || !site) return;
    try {
      await this.#oauth.revoke(site, stored.refreshToken, AbortSignal.timeout(5_000));
    } catch (error) {
      // The person is signed out here all the same; the token ends by its own time.
      this.#log.error("account.revoke-failed", error);
    }
  }

  /** Ends the sign-in here only: the appliance has ended it already. */
  async forget(): Promise<void> {
    this.#current = undefined;
    this.#access = undefined;
    await this.#secrets.delete(secretName);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  async #renew(): Promise<string> {
    const unlock = await this.#lock();
    try {
      const stored = await this.#read();
      const site = stored && parseSiteAddress(stored.origin);
      if (!stored || !site) throw new HandrailError("not-authenticated", "not signed in");
      const signal = AbortSignal.timeout(15_000);
      const tokens = await this.#oauth.refresh(site, stored.refreshToken, signal);
      await this.#write({ ...stored, refreshToken: tokens.refreshToken });
      this.#access = tokens;
      return tokens.accessToken;
    } finally {
      await unlock();
    }
  }

  async #lock(): Promise<() => Promise<void>> {
    await mkdir(path.dirname(this.#lockFile), { recursive: true });
    const signal = AbortSignal.timeout(lockStaleMs * 2);
    for (;;) {
      const file = await open(this.#lockFile, "wx").catch(ignoring("EEXIST"));
      if (file) {
        await file.close();
        return () => rm(this.#lockFile, { force: true });
      }
      const found = await stat(this.#lockFile).catch(ignoring("ENOENT"));
      const isStale = found && this.#clock.now() - found.mtimeMs > lockStaleMs;
      // A window that ended while it was renewing leaves its lock behind.
      if (isStale) await rm(this.#lockFile, { force: true });
      else await pause(this.#clock, 100, signal);
    }
  }

  async #read(): Promise<Stored | undefined> {
    const text = await this.#secrets.get(secretName);
    const json: unknown = text === undefined ? undefined : JSON.parse(text);
    return isStored(json) ? json : undefined;
  }

  async #write(stored: Stored): Promise<void> {
    await this.#secrets.store(secretName, JSON.stringify(stored));
  }
}

function ignoring(code: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && "code" in error && error.code === code) return undefined;
    throw error;
  };
}

function isStored(json: unknown): json is Stored {
  if (typeof json !== "object" || json === null) return false;
  const fields: Partial<Record<keyof Stored, unknown>> = json;
  return [fields.id, fields.origin, fields.name, fields.refreshToken].every(
    (field) => typeof field === "string",
  );
}
