import type { UpdateFault, UpdateStep } from "./texts.ts";

/** How an update ended. `endedAt` in Unix ms. */
export interface UpdateResult {
  readonly kind: "update" | "rollback";
  readonly from: string;
  readonly to: string;
  readonly endedAt: number;
  readonly fault?: UpdateFault;
  readonly isDatabaseRestored: boolean;
}

/** How it stands with updates. */
export interface UpdateState {
  readonly version: string;
  /** False where there is nothing that could be updated, as in a checkout. */
  readonly isAppliance: boolean;
  readonly running?: { readonly step: UpdateStep; readonly share?: number; readonly to?: string };
  /** Why the last one was not begun. */
  readonly refused?: UpdateFault;
  readonly last?: UpdateResult;
}

/** How the appliance is asked. Throws ApiError. */
type Ask = <T>(
  address: string,
  options: { method?: "POST"; body?: object; signal?: AbortSignal },
) => Promise<T>;

/** The requests about updates. Every method throws ApiError. */
export class UpdateApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  state(signal: AbortSignal): Promise<UpdateState> {
    return this.#ask("updates", { signal });
  }
  send(at: number, piece: Blob): Promise<object> {
    return this.#ask(`updates/piece?at=${at}`, { method: "POST", body: piece });
  }
  check(): Promise<{ version: string }> {
    return this.#ask("updates/check", { method: "POST" });
  }
  install(): Promise<object> {
    return this.#ask("updates/install", { method: "POST" });
  }
  rollback(form: { loseChanges: boolean }): Promise<object> {
    return this.#ask("updates/rollback", { method: "POST", body: form });
  }
}
