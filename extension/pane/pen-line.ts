import { type Channel, HandrailError, type Lsid, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { errorText } from "../error-text.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";

/** What the way to draw needs of its pane. */
export interface PenPlace {
  readonly link: Connection;
  readonly conduct: Conduct;
  readonly session: () => SessionView;
  /** It is gone, by whoever's will. */
  readonly ended: () => void;
}

/** The way on which one pane draws on the customer's screen, open only while its pen is in hand. */
export class PenLine implements vscode.Disposable {
  readonly #place: PenPlace;
  readonly #lsid: Lsid;
  #channel: Channel | undefined;

  constructor(place: PenPlace, lsid: Lsid) {
    this.#place = place;
    this.#lsid = lsid;
  }

  /**
   * Opens it, asking the customer where that is needed. Resolves once strokes may be sent: they wait
   * in the channel until the customer's client takes them.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`
   */
  async start(): Promise<void> {
    if (this.#channel) return;
    const { link, conduct, session } = this.#place;
    if (session().state !== "active") {
      throw new HandrailError("session-ended", "no session of this representative");
    }
    const title = vscode.l10n.t(
      "Waiting for {0} to allow drawing on the screen",
      customerName(session()),
    );
    await permit({ session: session(), conduct, permission: "draw", title });
    const channel = link.open("draw", this.#lsid);
    this.#channel = channel;
    channel.listener = {
      closed: (code) => {
        if (this.#channel !== channel) return;
        this.#channel = undefined;
        this.#place.ended();
        if (code === undefined || code === "session-ended") return;
        const because = errorText(new HandrailError(code, "the way to draw is gone"));
        conduct.notices.tell(this.#lsid, because, false);
      },
    };
  }

  /** Sends a message of the channel; dropped when there is none. */
  send(message: Uint8Array): void {
    this.#channel?.send(message);
  }

  /** What was drawn goes by itself. */
  stop(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.close();
  }

  dispose(): void {
    this.stop();
  }
}
