import type { PaneEnd, SessionPane, SessionPaneState, ViewSettings } from "./contract.ts";
import { PaneRefusal } from "./ends.ts";
import type { Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";

/** What taking mouse and keyboard needs of its pane. */
export interface ControlPlace {
  readonly end: PaneEnd<SessionPane>;
  readonly stage: () => Stage;
  readonly texts: Texts;
  readonly state: () => SessionPaneState;
  readonly setView: (change: Partial<ViewSettings>) => void;
  /** Puts the keyboard's focus on the picture. */
  readonly focus: () => void;
  /** Shows what an attempt is refused for. */
  readonly attempt: (attempt: Promise<unknown>) => void;
}

/** Takes mouse and keyboard, and says whose they are where that is in the way. */
export class ControlWish {
  readonly #place: ControlPlace;

  constructor(place: ControlPlace) {
    this.#place = place;
  }

  /** Takes them, unless a colleague has them: then what can be done is offered. */
  take(): void {
    this.#place.attempt(this.#take(false));
  }

  /** Somebody pressed a button on the picture although nothing is sent. */
  pressedIdle(): void {
    const { state, stage, texts } = this.#place;
    const { session, view, me } = state();
    if (session.state !== "active" || session.permissions.control === "denied") return;
    const isMine = session.controller === me.id;
    const run = () => {
      if (isMine) this.#place.setView({ viewOnly: false });
      else this.take();
    };
    const text = view.viewOnly && isMine ? texts.viewOnly : texts.nobodyControls;
    const isHeld = session.controller !== undefined && !isMine;
    const said = isHeld ? texts.controlledBy(this.holderName()) : text;
    stage().warn(said, { label: texts.takeControl, run });
  }

  /** The name of whoever has mouse and keyboard. */
  holderName(): string {
    const { session } = this.#place.state();
    return session.participants.find(({ id }) => id === session.controller)?.name ?? "?";
  }

  /** The host asks the customer first where it must; a colleague who holds it is named. */
  async #take(force: boolean): Promise<void> {
    const { end, stage, texts, attempt } = this.#place;
    try {
      await end.request("control.take", { force });
      this.#place.setView({ viewOnly: false });
      this.#place.focus();
    } catch (error) {
      if (!(error instanceof PaneRefusal) || error.code !== "control-held") throw error;
      stage().warn(
        texts.controlledBy(this.holderName()),
        { label: texts.askHolder, run: () => attempt(this.#askHolder()) },
        { label: texts.takeOver, run: () => attempt(this.#take(true)) },
      );
    }
  }

  async #askHolder(): Promise<void> {
    await this.#place.end.request("control.ask", null);
    this.#place.setView({ viewOnly: false });
  }
}
