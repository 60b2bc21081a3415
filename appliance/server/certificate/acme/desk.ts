import {
  type AcmeAnswer,
  type AcmeFault,
  type AcmeForm,
  type AcmeSettings,
  type AcmeView,
} from "@handrail/protocol/upkeep";
import type { Clock } from "../../clock.ts";
import { hostOf, type Settings } from "../../config.ts";
import { Refusal } from "../../refusal.ts";
import type { AuditDetail } from "../../store/audit-row.ts";
import type { AuditLog } from "../../store/audit.ts";
import type { Author, CertificateDesk } from "../desk.ts";
import { bareHost } from "../../line/host-name.ts";
import { isCertificates, trustLine } from "../../line/trust.ts";
import type { AcmeBook } from "./book.ts";
import { readDirectory } from "./directory.ts";
import { freeAt, longestTryMs } from "./due.ts";
import { AcmeError, Line } from "./line.ts";
import { publicNames } from "./names.ts";

/** What the desk rests on. */
export interface AcmeDeskOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly book: AcmeBook;
  readonly certificates: Pick<CertificateDesk, "view">;
  /** Told when there is something new to look at. */
  readonly changed: () => void;
}

/** Everything that administrators do about certificates that are got by themselves (ACME). */
export class AcmeDesk {
  readonly #options: AcmeDeskOptions;

  constructor(options: AcmeDeskOptions) {
    this.#options = options;
  }

  get view(): AcmeView {
    const { book, certificates, clock, settings: site } = this.#options;
    const { settings, progress } = book;
    const { account, fingerprint, lastTry, nextAt, runningSince, tries } = progress;
    const now = clock.now();
    const host = bareHost(hostOf(site));
    const judged = publicNames([host]);
    const isWanted = book.wantedAt !== undefined;
    const isReplaced =
      fingerprint !== undefined && fingerprint !== certificates.view.facts.fingerprint;
    const isRunning = runningSince !== undefined && now - runningSince < longestTryMs;
    return {
      ...(settings ? { settings } : {}),
      suggestedNames: "names" in judged ? judged.names : [],
      ...("fault" in judged ? { siteFault: judged.fault } : {}),
      hasExternalKey: book.externalKey !== undefined,
      hasPlainPort: this.#hasPlainPort,
      ...(account === undefined ? {} : { account }),
      isRunning,
      ...(lastTry ? { lastTry } : {}),
      ...(settings && (isWanted || !isReplaced)
        ? { nextAt: Math.max(isWanted ? now : nextAt, freeAt(tries, now)) }
        : {}),
    };
  }

  /**
   * Takes settings after the directory was asked what it wants; it is tried at once then.
   * @throws Refusal `conflict` where the settings name the files of the certificate
   */
  async set(form: AcmeForm, by: Author): Promise<AcmeAnswer> {
    this.#refuseFiles();
    const { acceptsTerms, externalKey, ...given } = form;
    const judged = publicNames(given.names);
    if ("fault" in judged) return { ok: false, fault: judged.fault };
    const settings: AcmeSettings = { ...given, names: judged.names };
    const fault = this.#faultOf(settings) ?? (await this.#ask(form));
    if (fault) return { ok: false, fault };
    const { book, clock } = this.#options;
    const detail = {
      ...named("", settings),
      ...named("Before", book.settings),
      ...(externalKey === undefined ? {} : { isKeyNew: true }),
      acceptsTerms,
    };
    const also = () => book.begin(settings, externalKey, clock.now());
    await this.#write({ event: "certificate.acme-set", detail, by }, also);
    return { ok: true };
  }

  /** Has it tried at once. @throws Refusal `conflict` while it is off; `too-many-attempts` */
  async want(by: Author): Promise<void> {
    this.#refuseFiles();
    const { book, clock } = this.#options;
    const { settings, progress } = book;
    if (!settings) throw new Refusal("conflict", "no certificate is got by itself: set it first");
    const now = clock.now();
    const retryAfterMs = freeAt(progress.tries, now) - now;
    if (retryAfterMs > 0) {
      throw new Refusal("too-many-attempts", "tried too often today", { retryAfterMs });
    }
    const detail = { names: settings.names.join(", "), directory: settings.directory };
    await this.#write({ event: "certificate.acme-wanted", detail, by }, () => book.want(now));
  }

  /** Gets none any more; the certificate that is there stays. @throws Refusal `conflict` when off */
  async stop(by: Author): Promise<void> {
    const { book } = this.#options;
    if (!book.settings) throw new Refusal("conflict", "no certificate is got by itself");
    const detail = named("Before", book.settings);
    await this.#write({ event: "certificate.acme-stopped", detail, by }, () => book.end());
  }

  get #hasPlainPort(): boolean {
    return this.#options.settings.redirectPort !== "off";
  }

  /** What is wrong before anybody is asked. */
  #faultOf({ authority, names, proof }: AcmeSettings): AcmeFault | undefined {
    const { publicUrl } = this.#options.settings;
    const host = publicUrl === undefined ? undefined : bareHost(new URL(publicUrl).hostname);
    if (host !== undefined && !names.includes(host)) return { reason: "no-site", about: host };
    if (proof === "http-01" && !this.#hasPlainPort) return { reason: "no-plain-port" };
    if (authority !== "" && !isCertificates(authority)) return { reason: "no-authority" };
    return undefined;
  }

  async #ask({ acceptsTerms, authority, directory, ...form }: AcmeForm) {
    try {
      const { clock, settings } = this.#options;
      const { signal } = new AbortController();
      using line = new Line(authority, { clock, signal, proxyFile: settings.proxyFile });
      const { needsAccount, terms } = await readDirectory(line, directory);
      const kept = this.#options.book.externalKeyFor(directory);
      const hasKey = (form.externalKey ?? kept) !== undefined;
      const isKnown = form.externalKeyId !== "" && hasKey;
      if (needsAccount && !isKnown) return { reason: "account-needed" } as const;
      if (terms === undefined || acceptsTerms) return undefined;
      return { reason: "terms", about: terms } as const;
    } catch (error) {
      if (error instanceof AcmeError) return error.fault;
      throw error;
    }
  }

  async #write(
    { event, detail, by }: { event: string; detail: AuditDetail; by: Author },
    also: () => void,
  ): Promise<void> {
    const { audit, changed } = this.#options;
    const writing = audit.append({ event, who: by.name, whoId: by.id, detail }, { also });
    audit.flush();
    await writing;
    changed();
  }

  #refuseFiles(): void {
    if (this.#options.settings.tlsCertificateFile === undefined) return;
    throw new Refusal("conflict", "the settings name the files of the certificate: change those");
  }
}

/** Settings as a row has them: secrets are not among them. */
function named(suffix: string, settings: AcmeSettings | undefined): AuditDetail {
  const ca = settings?.authority ?? "";
  return {
    [`directory${suffix}`]: settings?.directory ?? "",
    [`names${suffix}`]: settings?.names.join(", ") ?? "",
    [`contact${suffix}`]: settings?.contact ?? "",
    [`proof${suffix}`]: settings?.proof ?? "",
    [`authority${suffix}`]: ca === "" ? "" : trustLine({ by: "ca", ca }),
    [`externalKeyId${suffix}`]: settings?.externalKeyId ?? "",
  };
}
