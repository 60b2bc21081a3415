import { createHash } from "node:crypto";
import {
  type ChatMessage,
  type DrawMessage,
  drawMessage,
  type Place,
  type SessionEvent,
} from "@handrail/protocol";
import type {
  DecodeStatistics,
  HostHandlers,
  Screenshot,
  SessionPane,
  ViewSettings,
} from "../../media/pane/contract.ts";
import type { Page } from "../support/chromium.ts";
import type { Picture } from "../unit/media/surface-writer.ts";

/** What the session pane said to its host. */
export class SessionHost {
  isReady = false;
  readonly grabs: boolean[] = [];
  readonly asked: string[] = [];
  readonly views: ViewSettings[] = [];
  readonly statistics: DecodeStatistics[] = [];
  readonly faults: string[] = [];
  readonly opened: string[] = [];
  readonly screenshots: Screenshot[] = [];
  readonly sent: string[] = [];
  /** Files that were sent; null: one that is yet to be chosen. */
  readonly files: ({ name: string; bytes: Uint8Array } | null)[] = [];
  /** Lines whose files were to be saved. */
  readonly saved: number[] = [];
  readonly drawn: DrawMessage[] = [];
  readonly pointed: (Place | null)[] = [];
  typing = 0;

  readonly handlers: HostHandlers<SessionPane> = {
    requests: {
      "chat.send": ({ text }) => {
        this.sent.push(text);
        return said(100 + this.sent.length, text, "Rita Keller", "1".repeat(32));
      },
      "chat.canned": () => ({ text: null, isAny: false }),
      "chat.push-url": () => this.#done("chat.push-url"),
      "chat.send-file": ({ file }) => {
        this.files.push(file);
        return null;
      },
      "chat.save-file": ({ seq }) => {
        this.saved.push(seq);
        return null;
      },
      "chat.nudge": () => this.#note("chat.nudge"),
      "note.keep": () => this.#note("note.keep"),
      "session.fill-in": () => this.#note("session.fill-in"),
      "transcript.save": () => this.#note("transcript.save"),
      "permission.request": ({ permission }) => {
        this.asked.push(`permission.request ${permission}`);
        return { granted: true };
      },
      "control.take": () => this.#note("control.take"),
      "control.ask": () => this.#note("control.ask"),
      "control.release": () => this.#note("control.release"),
      "record.start": () => this.#note("record.start"),
      "record.stop": () => this.#note("record.stop"),
      "tool.use": ({ tool }) => this.#note(`tool.use ${tool}`),
      "session.accept": () => this.#note("session.accept"),
      "session.transfer": () => this.#done("session.transfer"),
      "session.share": () => this.#done("session.share"),
      "session.ask-part": () => this.#note("session.ask-part"),
      "pen.start": () => this.#done("pen.start"),
      "session.leave": () => this.#done("session.leave"),
      "session.end": () => this.#done("session.end"),
      "screenshot.save": (screenshot) => {
        this.screenshots.push(screenshot);
        return { path: "/tmp/screenshot.png" };
      },
      "recording.open": () => this.#note("recording.open"),
      "link.open": ({ url }) => {
        this.opened.push(url);
        return null;
      },
      "text.copy": () => null,
      "clipboard.send": ({ png }) => {
        this.#note("clipboard.send");
        return { done: png !== null };
      },
      "clipboard.get": () => this.#note("clipboard.get"),
      "tab.close": () => this.#note("tab.close"),
      "stream.request": () => this.#note("stream.request"),
    },
    notifications: {
      ready: () => (this.isReady = true),
      "keyboard.grabbed": ({ grabbed }) => this.grabs.push(grabbed),
      "chat.typing": () => this.typing++,
      "view.changed": (view) => this.views.push(view),
      "pen.message": ({ bytes }) => this.drawn.push(drawMessage.decode(bytes)),
      "pen.stop": () => this.#note("pen.stop"),
      "pointer.at": ({ at }) => this.pointed.push(at),
      statistics: (statistics) => this.statistics.push(statistics),
      failed: ({ message }) => this.faults.push(message),
    },
  };

  #note(name: string): null {
    this.asked.push(name);
    return null;
  }

  #done(name: string): { done: boolean } {
    this.asked.push(name);
    return { done: true };
  }
}

/** A line of chat as the appliance has it. */
export function said(seq: number, text: string, name: string, id?: string): ChatMessage {
  const kind = id === undefined ? "customer" : "representative";
  const from = { kind, name, ...(id === undefined ? {} : { id }) } as ChatMessage["from"];
  return { seq, from, text, at: Date.now() - 60_000 + seq * 1000 };
}

/** An event as the appliance has it. */
export function happened(seq: number, event: string, who: string): SessionEvent {
  return { seq, at: Date.now() - 60_000 + seq * 1000, event, who, detail: {} };
}

/** SHA-256 of what a canvas of the page shows, as RGBA. */
export async function shownHash(page: Page, selector: string): Promise<string> {
  return page.evaluate(async (name) => {
    const canvas = document.querySelector(name);
    if (!(canvas instanceof HTMLCanvasElement)) return "no canvas";
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const context = copy.getContext("2d");
    context?.drawImage(canvas, 0, 0);
    const { data } = context?.getImageData(0, 0, copy.width, copy.height) ?? { data: [] };
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(data));
    return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
  }, selector);
}

/** The same of a picture of the test. */
export function pictureHash(picture: Picture): string {
  return createHash("sha256").update(Buffer.from(picture.shown().buffer)).digest("hex");
}
