import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import {
  type ChainFacts,
  HandrailError,
  type Judgement,
  type RequestKey,
  tlsFault,
  type TlsSettings,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import { type Identity, isOwnMake, makeOwnIdentity, makeRequest } from "./identity.ts";
import { dropReplacing, finishReplacing, prepareReplacing } from "./identity-files.ts";
import { Refusal } from "../refusal.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { AppendOptions, AuditLog } from "../store/audit.ts";
import { AcmeBook } from "./acme/book.ts";
import { chainFacts, isForHost, keyKind, namedHost } from "./facts.ts";
import type { HandOvers } from "./hand-over.ts";
import { judge, type Judged, type Proposal } from "./judge.ts";
import { RequestFile } from "./request-file.ts";
import { readTlsSettings, tlsContext, writeTlsSettings } from "./tls-values.ts";

/** Who wants something changed. */
export interface Author {
  readonly name: string;
  readonly id?: string | undefined;
}

/** What the desk rests on. */
export interface DeskOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly values: ApplianceValues;
  readonly handOvers: HandOvers;
  /** What is shown now, and how to show another one. */
  readonly live: {
    current(): Identity;
    take(identity: Identity, tls: TlsSettings): void;
  };
}

/** Where a certificate comes from: made here, got by itself, put here by somebody, or in files. */
export type CertificateSource = "own" | "acme" | "uploaded" | "files";

/** The certificate as it stands. */
export interface CertificateView {
  readonly source: CertificateSource;
  readonly facts: ChainFacts;
  /** The request that waits for its certificate, PEM. */
  readonly request?: { readonly names: readonly string[]; readonly pem: string };
  readonly tls: TlsSettings;
}

/**
 * Everything that is done about the appliance's certificate and its TLS. All of it is judged before
 * anything is changed, written down with what was and what is, and only then shown, without a restart:
 * what cannot be written down leaves everything as it was.
 */
export class CertificateDesk {
  readonly #options: DeskOptions;
  readonly #request: RequestFile;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#request = new RequestFile(options.settings.dataDirectory);
  }

  get view(): CertificateView {
    const current = this.#options.live.current();
    const waiting = this.#request.read();
    const request = waiting && { names: waiting.names, pem: waiting.request };
    return {
      source: this.#sourceOf(current),
      facts: chainFacts(current.certificate),
      ...(request ? { request } : {}),
      tls: this.#tls,
    };
  }

  /** Whether the certificate that is shown is for the host of a URL. */
  isFor(url: string): boolean {
    return isForHost(new X509Certificate(this.#options.live.current().certificate), namedHost(url));
  }

  /** Whether that could be shown, and what one should know of it. */
  check(proposal: Proposal): Judgement {
    const judged = this.#judge(proposal);
    if (!judged.ok) return judged;
    return { ok: true, facts: judged.facts, remarks: judged.remarks };
  }

  /**
   * Shows that from now on. `handsOver`: those who know the present certificate are led over; else
   * nobody is, also not from earlier ones.
   */
  async use(
    proposal: Proposal,
    { handsOver, by }: { handsOver: boolean; by: Author },
  ): Promise<Judgement> {
    this.#refuseFiles();
    const judged = this.#judge(proposal);
    if (!judged.ok) return judged;
    const how = judged.usesRequest ? "request" : "upload";
    await this.#replace(judged.identity, { how, handsOver, by });
    return { ok: true, facts: judged.facts, remarks: judged.remarks };
  }

  /** A request (ECDSA P-256) that is kept nowhere. `keepsKey`: for the present key, which is one. */
  draftRequest(
    names: readonly string[],
    { keepsKey }: { keepsKey: boolean },
  ): Promise<{ request: string; privateKey: string }> {
    const { privateKey } = this.#options.live.current();
    return makeRequest(names, "ecdsa-p256", keepsKey ? privateKey : undefined);
  }

  /** Shows one that was got by itself from now on; those who know the present one are led over. */
  async useIssued(proposal: Required<Proposal>, by: Author): Promise<Judgement> {
    this.#refuseFiles();
    const judged = this.#judge(proposal);
    if (!judged.ok) return judged;
    await this.#replace(judged.identity, { how: "acme", handsOver: true, by });
    return { ok: true, facts: judged.facts, remarks: judged.remarks };
  }

  /** Makes one of the appliance's own, with a new key, and shows it. */
  async makeOwn(
    names: readonly string[],
    { handsOver, by }: { handsOver: boolean; by: Author },
  ): Promise<void> {
    this.#refuseFiles();
    const made = await makeOwnIdentity(names, this.#options.clock.now());
    await this.#replace(made, { how: "own", handsOver, by });
  }

  /** Makes a request for an authority, in the place of one that waits; gives it as PEM. */
  async request(names: readonly string[], key: RequestKey, by: Author): Promise<string> {
    this.#refuseFiles();
    const made = await makeRequest(names, key);
    const detail = { names: names.join(", "), key, namesBefore: this.#waitingNames };
    await this.#write({ event: "certificate.requested", detail, by });
    this.#request.write(made);
    return made.request;
  }

  /** Forgets the request that waits, with its key. @throws HandrailError `not-found` */
  async dropRequest(by: Author): Promise<void> {
    const namesBefore = this.#waitingNames;
    if (namesBefore === "") throw new HandrailError("not-found", "no request waits");
    await this.#write({ event: "certificate.request-dropped", detail: { namesBefore }, by });
    this.#request.remove();
  }

  /** Changes how TLS is taken. @throws Refusal `bad-request`, field `ciphers` or `oldest` */
  async changeTls(tls: TlsSettings, by: Author): Promise<void> {
    const { live, values } = this.#options;
    mustBeShowable(live.current(), tls);
    const before = this.#tls;
    const detail = {
      ...{ oldestBefore: before.oldest, oldest: tls.oldest },
      ...{ newestBefore: before.newest, newest: tls.newest },
      ...{ ciphersBefore: before.ciphers.join(" "), ciphers: tls.ciphers.join(" ") },
    };
    const also = () => writeTlsSettings(values, tls);
    await this.#write({ event: "tls.changed", detail, by }, { also });
    live.take(live.current(), this.#tls);
  }

  get #tls(): TlsSettings {
    return readTlsSettings(this.#options.values);
  }

  #sourceOf(current: Identity): CertificateSource {
    const { settings, values } = this.#options;
    if (settings.tlsCertificateFile !== undefined) return "files";
    if (new AcmeBook(values).progress.issued === current.fingerprint) return "acme";
    return isOwnMake(current) ? "own" : "uploaded";
  }

  get #waitingNames(): string {
    return this.#request.read()?.names.join(", ") ?? "";
  }

  #judge(proposal: Proposal): Judged {
    const { clock, live, settings } = this.#options;
    return judge(proposal, {
      requestedKey: this.#request.read()?.privateKey,
      presentKey: live.current().privateKey,
      host: settings.publicUrl === undefined ? undefined : namedHost(settings.publicUrl),
      tls: this.#tls,
      now: clock.now(),
    });
  }

  async #replace(
    identity: Identity,
    { how, handsOver, by }: { how: string; handsOver: boolean; by: Author },
  ): Promise<void> {
    const { handOvers, live, settings, values } = this.#options;
    const place = { dataDirectory: settings.dataDirectory, values };
    mustBeShowable(identity, this.#tls);
    const before = live.current();
    const detail = {
      how,
      ...namedValues("", chainFacts(identity.certificate)),
      ...namedValues("Before", chainFacts(before.certificate)),
      handsOver,
    };
    const also = () => {
      if (handsOver) handOvers.add(before, identity);
      else handOvers.forget();
      prepareReplacing(place, identity);
    };
    const settled = (isWritten: boolean) => {
      if (!isWritten) dropReplacing(place);
    };
    await this.#write({ event: "certificate.replaced", detail, by }, { also, settled });
    finishReplacing(place);
    live.take(identity, this.#tls);
    if (how === "request") this.#request.remove();
  }

  async #write(
    { event, detail, by }: { event: string; detail: AuditDetail; by: Author },
    options: AppendOptions = {},
  ): Promise<void> {
    const entry = { event, who: by.name, whoId: by.id, detail };
    const writing = this.#options.audit.append(entry, options);
    // Whoever has changed it sees it at once; the command ends when it is done.
    this.#options.audit.flush();
    await writing;
  }

  /** What the settings name is renewed where it is, by whoever has put it there. */
  #refuseFiles(): void {
    if (this.#options.settings.tlsCertificateFile === undefined) return;
    throw new Refusal("conflict", "the settings name the files of the certificate: change those");
  }
}

/** What is written down must be able to be shown then. @throws Refusal naming `ciphers`; Error */
function mustBeShowable({ certificate, privateKey }: Identity, tls: TlsSettings): void {
  const kind = keyKind(new X509Certificate(certificate).publicKey);
  const fault = tlsFault(tls, kind ?? "ec");
  if (fault !== undefined) throw new Refusal("bad-request", fault, { field: "ciphers" });
  createSecureContext({ cert: certificate, key: privateKey, ...tlsContext(tls) });
}

function namedValues(suffix: string, facts: ChainFacts): AuditDetail {
  return {
    [`subject${suffix}`]: facts.subject,
    [`issuer${suffix}`]: facts.issuer,
    [`fingerprint${suffix}`]: facts.fingerprint,
    [`validTo${suffix}`]: new Date(facts.validTo).toISOString().slice(0, 10),
  };
}
