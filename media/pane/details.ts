import {
  type Customer,
  type Permission,
  permissions,
  personalQueue,
  queueKind,
  type SessionEvent,
} from "@handrail/protocol";
import type { DecodeStatistics, PaneLanguage, SessionPaneState } from "./contract.ts";
import { element } from "./element.ts";
import { eventText, whoText } from "./event-texts.ts";
import type { Refusal } from "./situation.ts";
import type { Texts } from "./texts.ts";
import { durationText, timeText } from "./time.ts";

/** The facts of a session, as a list of terms and descriptions. */
export class Details {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #list = element("dl", { className: "facts" });

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = element("section", { "aria-label": texts.information }, this.#list);
  }

  update(state: SessionPaneState, statistics: DecodeStatistics | undefined): void {
    const facts = [...this.#people(state), ...this.#times(state), ...this.#rights(state)];
    if (statistics) facts.push([this.#texts.picture, pictureText(statistics, this.#texts)]);
    facts.push([this.#texts.lsid, element("code", {}, state.lsid)]);
    this.#list.replaceChildren(
      ...facts.flatMap(([term, what]) => [element("dt", {}, term), element("dd", {}, what)]),
    );
  }

  #people(state: SessionPaneState): Fact[] {
    const texts = this.#texts;
    const { session } = state;
    const { customer } = session;
    const facts: Fact[] = [
      [texts.customer, customer.name],
      [texts.computer, computerText(customer, texts)],
      [texts.platform, customer.platform],
      [texts.language, customer.language ? texts.languages[customer.language] : ""],
      [texts.issue, customer.issue],
      [texts.queue, queueText(state, texts)],
      [texts.state, texts.states[session.state]],
    ];
    const people = session.participants.map(({ name, observer, connected }) => {
      const remarks = [observer ? texts.observer : "", connected ? "" : texts.away];
      const remark = remarks.filter((part) => part !== "").join(", ");
      return element("div", {}, remark === "" ? name : `${name} (${remark})`);
    });
    facts.push([texts.representatives, element("div", {}, ...people)]);
    return facts.filter(([, what]) => what !== "");
  }

  #times({ session, language }: SessionPaneState): Fact[] {
    const texts = this.#texts;
    const { createdAt, acceptedAt, endedAt } = session;
    const facts: Fact[] = [[texts.created, timeText(createdAt, language)]];
    if (acceptedAt !== undefined) facts.push([texts.accepted, timeText(acceptedAt, language)]);
    if (endedAt !== undefined) facts.push([texts.endedAt, timeText(endedAt, language)]);
    facts.push([texts.duration, durationText((endedAt ?? Date.now()) - (acceptedAt ?? createdAt))]);
    return facts;
  }

  #rights({ session }: SessionPaneState): Fact[] {
    const lines = permissions.map((permission) => {
      const state = session.permissions[permission];
      const { permission: names, permissionState: states, unasked, asksItself } = this.#texts;
      const allowed = asksItself[permission] ?? unasked;
      const standing = session.unasked?.includes(permission) ? allowed : states[state];
      const text = this.#texts.permissionLine(names[permission], standing);
      return element("div", { className: `right ${state}` }, text);
    });
    return [[this.#texts.permissions, element("div", {}, ...lines)]];
  }
}

function queueText({ session: { queue }, me }: SessionPaneState, texts: Texts): string {
  switch (queueKind(queue.id)) {
    case "general":
      return texts.generalQueue;
    case "team":
      return queue.name;
    case "personal":
      if (queue.id === personalQueue(me.id)) return texts.ownQueue;
      return texts.personalQueue(queue.name);
  }
}

type Fact = [term: string, what: string | HTMLElement];

function pictureText(statistics: DecodeStatistics, texts: Texts): string {
  const perSecond = statistics.updatesPerSecond.toFixed(1);
  return texts.pictureFigures(perSecond, statistics.paintMsP50.toFixed(1));
}

/** What happened in a session, oldest first. */
export class EventList {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #language: PaneLanguage;
  readonly #list = element("ol", { className: "events" });
  readonly #empty: HTMLElement;
  readonly #seen = new Set<number>();
  /** The latest refusal of each permission. */
  readonly #refusals = new Map<SessionEvent["detail"][string], SessionEvent>();

  constructor(texts: Texts, language: PaneLanguage) {
    this.#texts = texts;
    this.#language = language;
    this.#empty = element("p", { className: "empty" }, texts.noEvents);
    this.element = element("section", { "aria-label": texts.events }, this.#empty, this.#list);
  }

  setEvents(events: readonly SessionEvent[]): void {
    this.#seen.clear();
    this.#refusals.clear();
    this.#list.replaceChildren();
    for (const event of events) this.add(event);
  }

  /** Why a permission was last refused: an answer, or what came of there being none. */
  whyRefused(permission: Permission): Refusal {
    const because = this.#refusals.get(permission)?.detail.because;
    return because === "no answer" || because === "customer away" ? because : "no";
  }

  add(event: SessionEvent): void {
    if (this.#seen.has(event.seq)) return;
    this.#seen.add(event.seq);
    const { permission } = event.detail;
    if (event.event === "permission.refused" && permission !== undefined) {
      this.#refusals.set(permission, event);
    }
    this.#empty.hidden = true;
    const time = element("time", {}, timeText(event.at, this.#language, true));
    time.dateTime = new Date(event.at).toISOString();
    const names: Readonly<Record<string, string>> = this.#texts.permission;
    const what = eventText(event, this.#language, (name) => names[name] ?? name);
    const name = whoText(event, this.#language);
    const who = name === "" ? "" : ` · ${name}`;
    this.#list.append(element("li", {}, time, " ", what, element("span", {}, who)));
  }
}

/** The computer, and whether it is worked with an administrator's rights. */
function computerText({ computer, isElevated }: Customer, texts: Texts): string {
  return isElevated ? texts.withRights(computer) : computer;
}
