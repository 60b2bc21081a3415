import {
  colourOf,
  type ColleaguePointer,
  participantColours,
  type Place,
  type RepresentativeId,
} from "@handrail/protocol";
import type { Layer } from "../screen/layer.ts";
import type { SessionPaneState } from "./contract.ts";

/** One's own place is told at most so often, ms. */
const sendEveryMs = 50;
/** Whoever has not moved for so long points at nothing any more, ms. */
const shownForMs = 10_000;

interface Seen {
  readonly at: Place;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Shows where colleagues point on the picture, and tells them where one points oneself. */
export class ColleaguePointers {
  readonly #layer: () => Layer;
  readonly #send: (at: Place | null) => void;
  readonly #seen = new Map<RepresentativeId, Seen>();
  #state: SessionPaneState | undefined;
  #at: Place | null = null;
  #sent: Place | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(layer: () => Layer, send: (at: Place | null) => void) {
    this.#layer = layer;
    this.#send = send;
  }

  /** Who takes part has changed. */
  update(state: SessionPaneState): void {
    this.#state = state;
    for (const id of this.#seen.keys()) {
      if (!this.#others().some((each) => each.id === id)) this.#forget(id);
    }
    this.#show();
  }

  /** One points there oneself; undefined: the mouse has left the picture. */
  hovered(at: Place | undefined): void {
    this.#at = at ?? null;
    if (this.#others().length === 0) return;
    this.#timer ??= setTimeout(() => this.#tell(), sendEveryMs);
  }

  /** Colleagues have moved. */
  moved(pointers: readonly ColleaguePointer[]): void {
    for (const { id, at } of pointers) {
      this.#forget(id);
      if (!at) continue;
      const timer = setTimeout(() => {
        this.#forget(id);
        this.#show();
      }, shownForMs);
      this.#seen.set(id, { at, timer });
    }
    this.#show();
  }

  #tell(): void {
    this.#timer = undefined;
    const [at, sent] = [this.#at, this.#sent];
    if (at === sent || (at?.x === sent?.x && at?.y === sent?.y)) return;
    this.#sent = at;
    this.#send(at);
  }

  #show(): void {
    const others = this.#others();
    const shown = others.flatMap(({ id, name }) => {
      const seen = this.#seen.get(id);
      const place = colourOf(this.#state?.session.participants ?? [], id);
      const colour = participantColours[place] ?? participantColours[0];
      return seen ? [{ id, name, colour, at: seen.at }] : [];
    });
    this.#layer().setPointers(shown);
  }

  #forget(id: RepresentativeId): void {
    clearTimeout(this.#seen.get(id)?.timer);
    this.#seen.delete(id);
  }

  /** Colleagues who are there to see and to be seen. */
  #others() {
    const { session, me } = this.#state ?? {};
    if (session?.state !== "active") return [];
    return session.participants.filter(({ id, connected }) => id !== me?.id && connected);
  }
}
