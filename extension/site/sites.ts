import { HandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Settings } from "../settings.ts";
import { parseSiteAddress, type SiteAddress } from "./address.ts";
import { isLedOver } from "./hand-over.ts";
import { askJson, type Guard, refusalOf } from "./https.ts";
import { formatFingerprint, type Pins, UntrustedError } from "./trust.ts";

const lastSite = "site:last";

/** Which site one signs in to, and whether it is the right one. */
export class Sites {
  readonly #memory: vscode.Memento;
  readonly #pins: Pins;
  readonly #settings: Settings;

  constructor(memory: vscode.Memento, pins: Pins, settings: Settings) {
    this.#memory = memory;
    this.#pins = pins;
    this.#settings = settings;
  }

  /** Whether there is a site that one may sign in to without typing its address. */
  get isKnown(): boolean {
    return this.#known() !== undefined;
  }

  /** The guard of all connections to a site. */
  guardOf(site: SiteAddress): Guard {
    return (certificate) =>
      this.#pins.meet(site.origin, certificate, (keys) => isLedOver(site, keys));
  }

  async remember(site: SiteAddress): Promise<void> {
    await this.#memory.update(lastSite, site.origin);
  }

  async forget(site: SiteAddress): Promise<void> {
    await this.#memory.update(lastSite, undefined);
    await this.#pins.forget(site.origin);
  }

  /** Pins what an administrator has put on this computer. */
  async provision(site: SiteAddress, fingerprint: string): Promise<void> {
    await this.#pins.pin(site.origin, fingerprint);
    await this.remember(site);
  }

  /** The prescribed site, else one that is typed; undefined when the person thinks better of it. */
  async choose(): Promise<SiteAddress | undefined> {
    const prescribed = parseSiteAddress(this.#settings.site);
    if (prescribed) return prescribed;
    const typed = await vscode.window.showInputBox({
      title: vscode.l10n.t("Sign in to Handrail"),
      prompt: vscode.l10n.t("Address of your support site, as your administrator gave it to you"),
      placeHolder: "support.example.org",
      value: this.#known()?.origin.replace("https://", "") ?? "",
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === "" || parseSiteAddress(text)
          ? undefined
          : vscode.l10n.t("An address looks like support.example.org"),
    });
    return typed === undefined ? undefined : parseSiteAddress(typed);
  }

  /**
   * Makes sure that a site is there and trusted, asking the person when nobody vouches for it.
   * Returns the site's name; undefined when the person does not trust it.
   * @throws HandrailError `unavailable`; UntrustedError when its certificate has changed.
   */
  async meet(site: SiteAddress, signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#siteName(site, signal);
    } catch (error) {
      if (!(error instanceof UntrustedError) || error.verdict.outcome !== "unknown") throw error;
      if (!(await this.#confirm(site, error.verdict.shown))) return undefined;
      await this.#pins.pin(site.origin, error.verdict.shown);
      return this.#siteName(site, signal);
    }
  }

  #known(): SiteAddress | undefined {
    const origin = this.#settings.site || this.#memory.get<string>(lastSite, "");
    return parseSiteAddress(origin);
  }

  async #siteName(site: SiteAddress, signal: AbortSignal): Promise<string> {
    const answer = await askJson(site, this.guardOf(site), {
      method: "GET",
      path: "/api/site",
      signal,
    });
    if (answer.status !== 200) throw refusalOf(answer);
    const name = answer.json["name"];
    if (typeof name === "string") return name;
    throw new HandrailError("not-found", "there is no Handrail appliance at this address");
  }

  async #confirm(site: SiteAddress, fingerprint: string): Promise<boolean> {
    const trust = vscode.l10n.t("Trust This Site");
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t("Is this the right site? No authority vouches for {0}.", site.host),
      {
        modal: true,
        detail: vscode.l10n.t(
          "Compare this fingerprint with the one that your administrator gave you, which the appliance also shows on its Status page:\n\n{0}\n\nIf they are the same, nobody is listening in between. Handrail will remember the fingerprint and warn you if it ever changes.",
          formatFingerprint(fingerprint),
        ),
      },
      trust,
    );
    return chosen === trust;
  }
}
