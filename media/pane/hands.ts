import { colourOf } from "@handrail/protocol";
import type { HandListener } from "../screen/hand.ts";
import type { Screen } from "../screen/screen.ts";
import { ColleaguePointers } from "./colleague-pointers.ts";
import type { CommandHandlers, PaneEnd, SessionPane, SessionPaneState } from "./contract.ts";
import { Pen } from "./pen.ts";
import type { Stage } from "./stage.ts";
import type { Texts } from "./texts.ts";

/** What pointing and drawing need of their pane. */
export interface HandsPlace {
  readonly end: PaneEnd<SessionPane>;
  readonly screen: () => Screen;
  readonly stage: () => Stage;
  readonly texts: Texts;
  readonly state: () => SessionPaneState;
  /** Shows what an attempt is refused for. */
  readonly attempt: (attempt: Promise<unknown>) => void;
  /** The pen was taken or put down. */
  readonly changed: () => void;
}

/** Everything that those who take part show each other, and the customer, on the picture. */
export class Hands {
  readonly pen: Pen;
  /** What the mouse over the picture does. */
  readonly listener: HandListener;
  /** What the host says of it. */
  readonly handlers: Pick<
    CommandHandlers<SessionPane>,
    "pen.toggle" | "pen.clear" | "pen.ended" | "pointers"
  >;
  readonly #pointers: ColleaguePointers;

  constructor(place: HandsPlace) {
    const { end, screen } = place;
    const colour = () => {
      const { session, me } = place.state();
      return colourOf(session.participants, me.id);
    };
    const pointers = new ColleaguePointers(
      () => screen().layer,
      (at) => end.notify("pointer.at", { at }),
    );
    const pen = new Pen({ ...place, colour, pointed: (at) => pointers.hovered(at) });
    this.pen = pen;
    this.#pointers = pointers;
    this.listener = {
      hovered: (at) => pointers.hovered(at),
      strokeBegun: (at) => pen.strokeBegun(at),
      strokeMoved: (points) => pen.strokeMoved(points),
      strokeEnded: () => pen.strokeEnded(),
    };
    this.handlers = {
      "pen.toggle": () => pen.toggle(),
      "pen.clear": () => pen.clear(),
      "pen.ended": () => pen.ended(),
      pointers: ({ pointers: moved }) => pointers.moved(moved),
    };
  }

  /** `mayDraw`: there is a picture to draw on, and nothing is in the way. */
  update(state: SessionPaneState, mayDraw: boolean): void {
    this.#pointers.update(state);
    if (!mayDraw) this.pen.stop();
  }
}
