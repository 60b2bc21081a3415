import type { Disk, HealthReport, RetentionSettings, StorageUse } from "@handrail/protocol/upkeep";
import type { Ask } from "../request.ts";

/** What takes room on the appliance, and how long it is kept. */
export interface Storage {
  readonly disk: Disk;
  readonly uses: readonly StorageUse[];
  readonly retention: RetentionSettings;
}

/** The requests about health and storage. Every method throws ApiError. */
export class UpkeepApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  health(signal: AbortSignal): Promise<HealthReport> {
    return this.#ask("health", { signal });
  }
  storage(signal: AbortSignal): Promise<Storage> {
    return this.#ask("storage", { signal });
  }
  changeRetention(settings: RetentionSettings): Promise<object> {
    return this.#ask("storage/retention", { method: "POST", body: settings });
  }
  keep(lsid: string, isKept: boolean): Promise<object> {
    return this.#ask(`sessions/${lsid}/kept`, { method: "POST", body: { isKept } });
  }
}
