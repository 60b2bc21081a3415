import { objectionText, toHandrailError } from "@handrail/protocol";
import { type AcmeFault, acmeOwnWords, type AcmeSettings } from "@handrail/protocol/upkeep";
import type { Clock } from "../../clock.ts";
import type { Settings } from "../../config.ts";
import type { Log } from "../../log.ts";
import type { AuditLog } from "../../store/audit.ts";
import type { CertificateDesk } from "../desk.ts";
import type { AcmeBook, AcmeProgress } from "./book.ts";
import type { Challenges } from "./challenges.ts";
import { backOffMs, freeAt, isKeyKept, longestTryMs, recentTries, renewalAt } from "./due.ts";
import { AcmeError } from "./line.ts";

/** What renewing rests on. */
export interface RenewerOptions {
  readonly settings: Pick<Settings, "proxyFile">;
  readonly book: AcmeBook;
  readonly challenges: Challenges;
  readonly certificates: CertificateDesk;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** The longest time until it looks again: clocks are set. */
const lookAgainMs = 3_600_000;
const by = { name: "appliance" };
const endless = new AcmeError({ reason: "failed", detail: "not done within 15 minutes" });
const stopped = new AcmeError({ reason: "failed", detail: "stopped" });

/**
 * Gets the certificate when it is due, with a new key where the present one is old enough. What was
 * cut is begun anew: a directory knows its orders again.
 */
export class AcmeRenewer implements Disposable {
  readonly #options: RenewerOptions;
  #timer: Disposable | undefined;
  #running: { readonly abort: AbortController; readonly settings: string } | undefined;
  #isOver = false;

  constructor(options: RenewerOptions) {
    this.#options = options;
    const { book, clock } = options;
    const { runningSince, ...progress } = book.progress;
    if (runningSince !== undefined) book.keep({ ...progress, nextAt: clock.now() });
  }

  /** Looks whether something is due, or has changed; to be called once it can be reached. */
  look(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#isOver) return;
    const { book, clock } = this.#options;
    const { settings } = book;
    const now = clock.now();
    if (this.#running && this.#running.settings !== JSON.stringify(settings)) {
      this.#running.abort.abort(stopped);
    }
    const dueAt = settings && !this.#running ? this.#dueAt(now) : undefined;
    if (settings && dueAt !== undefined && dueAt <= now) void this.#run(settings);
    const waitMs = dueAt === undefined ? lookAgainMs : Math.max(1_000, dueAt - now);
    this.#timer = clock.after(Math.min(waitMs, lookAgainMs), () => this.look());
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#running?.abort.abort(stopped);
  }

  /** When it is tried next; undefined while somebody has put another certificate in its place. */
  #dueAt(now: number): number | undefined {
    const { book, certificates } = this.#options;
    const { fingerprint, nextAt, tries } = book.progress;
    const isFiles = certificates.view.source === "files";
    const isOther =
      fingerprint !== undefined && fingerprint !== certificates.view.facts.fingerprint;
    const isWanted = book.wantedAt !== undefined;
    if (isFiles || (isOther && !isWanted)) return undefined;
    return Math.max(isWanted ? now : nextAt, freeAt(tries, now));
  }

  async #run(settings: AcmeSettings): Promise<void> {
    const { audit, book, clock, log } = this.#options;
    const abort = new AbortController();
    const running = { abort, settings: JSON.stringify(settings) };
    this.#running = running;
    const startedAt = clock.now();
    const tries = [...recentTries(book.progress.tries, startedAt), startedAt];
    book.keep({ ...book.progress, tries, runningSince: startedAt });
    book.wantNoMore();
    const limit = clock.after(longestTryMs, () => abort.abort(endless));
    try {
      await this.#order(settings, abort.signal);
      log.info("acme.renewed", { names: settings.names.join(", ") });
    } catch (error) {
      if (this.#isOver) return;
      const { fault, retryAfterMs = 0 } = toAcmeError(error);
      if (abort.signal.reason !== stopped) {
        this.#fail(fault, retryAfterMs);
        log.warn("acme.failed", { reason: fault.reason, because: acmeOwnWords(fault) ?? "" });
        if (fault.reason === "failed") log.error("acme.fault", { error: toHandrailError(error) });
        await audit.append(row(settings, fault)).catch((cause: unknown) => {
          log.error("acme.not-told", { error: toHandrailError(cause) });
        });
      }
    } finally {
      limit[Symbol.dispose]();
      this.#running = undefined;
    }
    this.look();
  }

  async #order(settings: AcmeSettings, signal: AbortSignal): Promise<void> {
    const { book, certificates, challenges, clock, settings: site } = this.#options;
    const { account, fingerprint: known, keyMadeAt } = book.progress;
    const isOurs = known !== undefined && known === certificates.view.facts.fingerprint;
    const keepsKey = isOurs && isKeyKept(keyMadeAt, clock.now());
    // The library takes megabytes, and is needed once in two months.
    const { orderCertificate } = await import("./order.ts");
    const drafted = await certificates.draftRequest(settings.names, { keepsKey });
    const certificate = await orderCertificate({
      ...{ settings, challenges, account, request: drafted.request },
      way: { clock, signal, proxyFile: site.proxyFile },
      accountKey: book.accountKey(settings.directory),
      externalKey: book.externalKeyFor(settings.directory),
      registered: (made) => book.keep({ ...book.progress, account: made }),
    });
    signal.throwIfAborted();
    const judged = await certificates.useIssued({ certificate, key: drafted.privateKey }, by);
    if (!judged.ok) {
      const detail = objectionText(judged.objection, "en");
      throw new AcmeError({ reason: "unusable", detail });
    }
    const { fingerprint } = judged.facts;
    // Other settings came while it was written down: they have begun the book anew.
    // An end of the appliance has not: then what follows is kept as ever.
    if (signal.reason === stopped && !this.#isOver) {
      return book.keep({ ...book.progress, issued: fingerprint });
    }
    const { runningSince: _done, ...progress } = book.progress;
    const nextAt = renewalAt(judged.facts, Math.random());
    const lastTry = { at: clock.now() };
    const key = keepsKey ? {} : { keyMadeAt: clock.now() };
    book.keep({
      ...progress,
      ...key,
      failures: 0,
      lastTry,
      nextAt,
      fingerprint,
      issued: fingerprint,
    });
  }

  #fail(fault: AcmeFault, retryAfterMs: number): void {
    const { book, clock } = this.#options;
    const { runningSince: _done, account, ...progress } = book.progress;
    const failures = progress.failures + 1;
    const at = clock.now();
    const nextAt = at + Math.max(backOffMs(failures, Math.random()), retryAfterMs);
    const known = fault.type === "accountDoesNotExist" ? undefined : account;
    const kept: AcmeProgress = { ...progress, failures, lastTry: { at, fault }, nextAt };
    book.keep(known === undefined ? kept : { ...kept, account: known });
  }
}

function row(settings: AcmeSettings, fault: AcmeFault) {
  const detail = {
    names: settings.names.join(", "),
    directory: settings.directory,
    acmeReason: fault.reason,
    ...(fault.about === undefined ? {} : { about: fault.about }),
    words: acmeOwnWords(fault) ?? "",
  };
  return { event: "certificate.acme-failed", who: by.name, detail };
}

function toAcmeError(error: unknown): AcmeError {
  if (error instanceof AcmeError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new AcmeError({ reason: "failed", detail }, { cause: error });
}
