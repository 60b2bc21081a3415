import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { messageText } from "../message-text.ts";
import type { SignInMethod } from "../settings.ts";
import type { Account } from "./account.ts";
import type { SiteAddress } from "./address.ts";
import { type BrowserReturn, newAttempt } from "./browser-return.ts";
import { awaitDevice } from "./device-code.ts";
import type { DeviceGrant, OAuth, Tokens } from "./oauth.ts";
import type { Sites } from "./sites.ts";

type Report = (message: string) => void;

/** The conversation by which a representative signs in. */
export class SignIn {
  readonly #sites: Sites;
  readonly #oauth: OAuth;
  readonly #account: Account;
  readonly #browser: BrowserReturn;
  readonly #clock: Clock;

  constructor(options: {
    sites: Sites;
    oauth: OAuth;
    account: Account;
    browser: BrowserReturn;
    clock: Clock;
  }) {
    this.#sites = options.sites;
    this.#oauth = options.oauth;
    this.#account = options.account;
    this.#browser = options.browser;
    this.#clock = options.clock;
  }

  /** Asks for the site, checks it, and signs in. False when the person thinks better of it. */
  async run(method: SignInMethod): Promise<boolean> {
    const site = await this.#sites.choose();
    if (!site) return false;
    return withProgress(vscode.l10n.t("Signing in to {0}", site.host), async (report, signal) => {
      report(vscode.l10n.t("Reaching the site…"));
      const name = await this.#sites.meet(site, signal);
      if (name === undefined) return false;
      const tokens = opensBrowserHere(method)
        ? await this.#byBrowser(site, report, signal)
        : await this.#byCode(site, report, signal);
      await this.#sites.remember(site);
      await this.#account.adopt(site, tokens);
      return true;
    });
  }

  async #byBrowser(site: SiteAddress, report: Report, signal: AbortSignal): Promise<Tokens> {
    const attempt = newAttempt(vscode.env.uriScheme);
    const code = this.#browser.code(attempt, signal);
    report(vscode.l10n.t("Please sign in in the browser window."));
    await openPage(this.#oauth.authorizePage(site, attempt), signal);
    return this.#oauth.exchangeCode(site, { code: await code, ...attempt }, signal);
  }

  async #byCode(site: SiteAddress, report: Report, signal: AbortSignal): Promise<Tokens> {
    const grant = await this.#oauth.requestDevice(site, signal);
    report(vscode.l10n.t("Waiting until you have entered the code {0}.", grant.userCode));
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const tokens = awaitDevice(grant, {
      ask: (deviceCode) => this.#oauth.askDevice(site, deviceCode, either),
      clock: this.#clock,
      signal: either,
    });
    // Both are waited for: closing the message does not give up, the progress' Cancel does.
    void showCode(grant).catch((error: unknown) => stop.abort(error));
    return tokens;
  }
}

/** The code must be seen before the page is: the message stays until it is answered. */
async function showCode(grant: DeviceGrant): Promise<void> {
  const openAndCopy = vscode.l10n.t("Copy Code and Open Page");
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t("Your sign-in code is {0}", grant.userCode),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Enter it on the page {0}, where you sign in as usual. Only enter a code that you have asked for yourself.",
        grant.page,
      ),
    },
    openAndCopy,
  );
  if (chosen !== openAndCopy) return;
  await vscode.env.clipboard.writeText(grant.userCode);
  await vscode.env.openExternal(vscode.Uri.parse(grant.page, true));
}

async function openPage(page: string, signal: AbortSignal): Promise<void> {
  const isOpen = await vscode.env.openExternal(vscode.Uri.parse(page, true));
  if (!isOpen && !signal.aborted) throw new HandrailError("cancelled", "the page was not opened");
}

// In a browser, and behind a remote, no `vscode://` address finds its way back to this window.
function opensBrowserHere(method: SignInMethod): boolean {
  if (method !== "auto") return method === "browser";
  return vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.appHost === "desktop";
}

/** A cancellable notification while `task` runs. */
export function withProgress<T>(
  title: string,
  task: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: messageText(title),
    cancellable: true,
  };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress, cancellation) => {
      const stop = new AbortController();
      const cancelled = new HandrailError("cancelled", "cancelled by the person");
      cancellation.onCancellationRequested(() => stop.abort(cancelled));
      return task((message) => progress.report({ message: messageText(message) }), stop.signal);
    }),
  );
}
