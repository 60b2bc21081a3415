import { piecesOf, type SessionEvent } from "@handrail/protocol";
import type { PlayerTimeline } from "../screen/player.ts";
import type { TimelineEntry } from "../screen/recording.ts";
import type { PaneLanguage } from "./contract.ts";
import { element } from "./element.ts";
import { eventText, whoText } from "./event-texts.ts";
import type { Texts } from "./texts.ts";
import { headOf, runsOf } from "./timeline-runs.ts";
import { durationText } from "./time.ts";

/** What a timeline does not do itself. */
export interface TimelineOptions {
  readonly texts: Texts;
  readonly language: PaneLanguage;
  readonly seek: (atMs: number) => void;
  readonly openLink: (url: string) => void;
}

/** One thing that was said or done. `row`: what is shown of it while it is folded away. */
interface Entry {
  readonly at: number;
  readonly item: HTMLElement;
  readonly row: HTMLElement;
}

/** What was said and done in a recording; a click on a time goes there. */
export class Timeline {
  readonly element = element("ol", { className: "timeline" });
  readonly #options: TimelineOptions;
  #entries: Entry[] = [];
  #current: HTMLElement | undefined;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  fill({ events, chat }: PlayerTimeline): void {
    const done = runsOf(events).map((run) => this.#run(run));
    const said = chat.map(({ at, what }) => {
      const body = element("span", {}, element("strong", {}, what.from.name), ": ");
      body.append(...piecesOf(what.text).map((piece) => this.#piece(piece)));
      return [this.#entry(at, "said", body)];
    });
    const rows = [...done, ...said].sort(([a], [b]) => (a?.at ?? 0) - (b?.at ?? 0));
    this.#entries = rows.flat();
    this.element.replaceChildren(...rows.flatMap((row) => row[0]?.row ?? []));
  }

  /** Marks the last entry before a position and keeps it in sight. */
  showPosition(positionMs: number): void {
    const entry = this.#entries.findLast(({ at }) => at <= positionMs);
    // What is folded away is shown by what it is folded into.
    const isFolded = entry?.item.closest("details")?.open === false;
    const item = isFolded ? entry?.row : entry?.item;
    if (item === this.#current) return;
    this.#current?.removeAttribute("aria-current");
    this.#current = item;
    item?.setAttribute("aria-current", "true");
    item?.scrollIntoView({ block: "nearest" });
  }

  /** A row for each event that stands alone, and one that opens for several. */
  #run(run: readonly TimelineEntry<SessionEvent>[]): Entry[] {
    const head = headOf(run);
    const entries = run.map(({ at, what }) =>
      this.#entry(at, "event", element("span", {}, this.#text(what))),
    );
    const [first] = entries;
    if (!head || !first || entries.length === 1) return entries;
    const words = this.#options.texts.player.andMore(this.#text(head.what), entries.length - 1);
    const all = element("ol", {}, ...entries.map(({ item }) => item));
    const folded = element("details", {}, element("summary", {}, words), all);
    const { row } = this.#entry(first.at, "event", folded);
    return entries.map((entry) => ({ ...entry, row }));
  }

  #text(event: SessionEvent): string {
    const { texts, language } = this.#options;
    const names: Readonly<Record<string, string>> = texts.permission;
    const text = eventText(event, language, (name) => names[name] ?? name);
    return `${text} · ${whoText(event, language)}`;
  }

  #entry(at: number, className: string, body: HTMLElement): Entry {
    const time = element("button", { type: "button", className: "at" }, durationText(at));
    time.addEventListener("click", () => this.#options.seek(at));
    const item = element("li", { className }, time, body);
    return { at, item, row: item };
  }

  #piece({ text, url }: { text: string; url?: string }): Node {
    if (url === undefined) return document.createTextNode(text);
    const link = element("a", { href: url, rel: "noopener noreferrer" }, text);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#options.openLink(url);
    });
    return link;
  }
}
