import type { DebianUpdates, ReleaseChannelState, UpkeepSettings } from "@handrail/protocol/upkeep";
import type { Ask } from "../request.ts";
import type { Trust } from "../line/trust.ts";
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

/** How it stands with the release channel. */
export type ChannelState = ReleaseChannelState<Trust>;
/** Where releases are looked for, and what happens by itself. */
export type Upkeep = UpkeepSettings<Trust>;

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

  channel(signal: AbortSignal): Promise<ChannelState> {
    return this.#ask("updates/channel", { signal });
  }
  changeChannel(upkeep: Upkeep): Promise<object> {
    return this.#ask("updates/channel", { method: "PATCH", body: upkeep });
  }
  /** What went wrong is in the state. */
  look(): Promise<ChannelState> {
    return this.#ask("updates/channel/look", { method: "POST", body: {} });
  }
  /** Begins to fetch the release that waits; the state says how it goes. */
  fetch(): Promise<object> {
    return this.#ask("updates/channel/fetch", { method: "POST", body: {} });
  }
  cancelFetch(): Promise<object> {
    return this.#ask("updates/channel/cancel", { method: "POST", body: {} });
  }
  /** Installs the release that was fetched. */
  installFetched(): Promise<object> {
    return this.#ask("updates/channel/install", { method: "POST", body: {} });
  }

  debian(signal: AbortSignal): Promise<DebianUpdates> {
    return this.#ask("updates/debian", { signal });
  }
}
