import type { Lsid } from "@handrail/protocol";
import type { ViewSettings } from "../../media/pane/contract.ts";
import type { Memory } from "../site/trust.ts";

const name = "view";
const atFirst: ViewSettings = { zoom: "fit", monitor: "all", viewOnly: false, side: "chat" };

/** How each session is looked at; a new one starts with the last choice of zoom and side panel. */
export class ViewMemory {
  readonly #memory: Memory;
  readonly #views = new Map<Lsid, ViewSettings>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  of(lsid: Lsid): ViewSettings {
    const last = this.#memory.get<Pick<ViewSettings, "zoom" | "side">>(name);
    return this.#views.get(lsid) ?? { ...atFirst, ...last };
  }

  set(lsid: Lsid, view: ViewSettings): void {
    this.#views.set(lsid, view);
    void this.#memory.update(name, { zoom: view.zoom, side: view.side });
  }
}
