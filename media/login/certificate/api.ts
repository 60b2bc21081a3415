import type { Ask } from "../request.ts";
import type { AcmeAnswer, AcmeForm, AcmeView } from "@handrail/protocol/upkeep";
import type { ChainFacts, Judgement, RequestKey, TlsSettings } from "@handrail/protocol";

/** The certificate as it stands. */
export interface Certificate {
  readonly source: "own" | "acme" | "uploaded" | "files";
  readonly facts: ChainFacts;
  /** The request that waits for its certificate. */
  readonly request?: { readonly names: readonly string[]; readonly pem: string };
  readonly tls: TlsSettings;
}

/** What somebody wants the appliance to show, PEM. */
export interface Proposal {
  readonly certificate: string;
  readonly key?: string;
}

/** Where the request that waits is to be had as a file. */
export const requestPath = "/login/api/certificate/request";

/** The requests about the certificate and TLS. Every method throws ApiError. */
export class CertificateApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(signal: AbortSignal): Promise<Certificate> {
    return this.#ask("certificate", { signal });
  }
  check(proposal: Proposal): Promise<Judgement> {
    return this.#ask("certificate/check", { method: "POST", body: proposal });
  }
  use(proposal: Proposal & { handsOver: boolean }): Promise<Judgement> {
    return this.#ask("certificate/use", { method: "POST", body: proposal });
  }
  makeOwn(form: { names: readonly string[]; handsOver: boolean }): Promise<object> {
    return this.#ask("certificate/own", { method: "POST", body: form });
  }
  request(form: { names: readonly string[]; key: RequestKey }): Promise<object> {
    return this.#ask("certificate/request", { method: "POST", body: form });
  }
  dropRequest(): Promise<object> {
    return this.#ask("certificate/request", { method: "DELETE" });
  }
  readAcme(signal: AbortSignal): Promise<AcmeView> {
    return this.#ask("certificate/acme", { signal });
  }
  setAcme(form: AcmeForm): Promise<AcmeAnswer> {
    return this.#ask("certificate/acme", { method: "POST", body: form });
  }
  tryAcme(): Promise<object> {
    return this.#ask("certificate/acme/try", { method: "POST" });
  }
  stopAcme(): Promise<object> {
    return this.#ask("certificate/acme", { method: "DELETE" });
  }
  changeTls(settings: TlsSettings): Promise<object> {
    return this.#ask("tls", { method: "PATCH", body: settings });
  }
}
