import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Account, SignedIn } from "./account.ts";

/** The id of the provider in VS Code's Accounts menu. */
export const providerId = "handrail";

/** Shows the account in VS Code's Accounts menu, and signs in and out from there. */
export class Authentication implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #account: Account;
  readonly #signIn: () => Promise<void>;
  readonly #changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly #subscriptions: vscode.Disposable[];
  #shown: vscode.AuthenticationSession | undefined;

  readonly onDidChangeSessions = this.#changed.event;

  constructor(account: Account, signIn: () => Promise<void>) {
    this.#account = account;
    this.#signIn = signIn;
    this.#subscriptions = [
      account.onDidChange((current) => this.#follow(current)),
      vscode.authentication.registerAuthenticationProvider(providerId, "Handrail", this, {
        supportsMultipleAccounts: false,
      }),
    ];
  }

  async getSessions(): Promise<vscode.AuthenticationSession[]> {
    const current = this.#account.current ?? (await this.#account.load());
    return current ? [sessionOf(current, await this.#token())] : [];
  }

  async createSession(): Promise<vscode.AuthenticationSession> {
    await this.#signIn();
    const current = this.#account.current;
    if (!current) throw new HandrailError("cancelled", "the sign-in was cancelled");
    return sessionOf(current, await this.#account.accessToken());
  }

  async removeSession(): Promise<void> {
    await this.#account.signOut();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }

  // The Accounts menu asks while the appliance may be out of reach: an account is shown all the same.
  async #token(): Promise<string> {
    return this.#account.accessToken().catch(() => "");
  }

  #follow(current: SignedIn | undefined): void {
    const before = this.#shown;
    this.#shown = current && sessionOf(current, "");
    const removed = before && before.id !== current?.id ? [before] : [];
    const isSame = before !== undefined && before.id === current?.id;
    this.#changed.fire({
      added: this.#shown && !isSame ? [this.#shown] : [],
      removed,
      changed: this.#shown && isSame ? [this.#shown] : [],
    });
  }
}

function sessionOf(current: SignedIn, accessToken: string): vscode.AuthenticationSession {
  const host = new URL(current.site.origin).host;
  const label = current.name === host ? host : `${current.name} (${host})`;
  return { id: current.id, accessToken, account: { id: current.site.origin, label }, scopes: [] };
}
