import type { Ask } from "../request.ts";

/** What the site is called, the origin by which people reach it, how many may work at once. */
export interface SiteValues {
  readonly siteName: string;
  readonly publicUrl: string;
  readonly seats: number;
}

/** How they stand. */
export interface SiteView {
  readonly inForce: SiteValues;
  /** From the next start of the server on. */
  readonly kept: SiteValues;
  /** What can be changed here: not what the server is started with. */
  readonly changeable: readonly (keyof SiteValues)[];
  /** Whether the certificate is for the kept address. */
  readonly isCertified: boolean;
}

/** The requests about what the site is to people. Every method throws ApiError. */
export class SiteSettingsApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(signal: AbortSignal): Promise<SiteView> {
    return this.#ask("site", { signal });
  }
  change(changes: Partial<SiteValues>): Promise<object> {
    return this.#ask("site", { method: "PATCH", body: changes });
  }
}
