import {
  encodeText,
  HandrailError,
  maxSystemText,
  type SystemAnswer,
  systemAnswer,
  type SystemCategory,
  type SystemList,
  type SystemReport,
  type SystemRequest,
  systemRequest,
} from "@handrail/protocol";
import { RequestTurns, type Turn } from "./request-turns.ts";
import type { ToolHost, ToolUse } from "./tools.ts";

/** What knows this computer. */
export interface SystemSource {
  /**
   * Reads one category; stops when the signal is aborted.
   * @throws HandrailError `too-slow`; any other error: this computer cannot say
   */
  read(category: SystemCategory, signal: AbortSignal): Promise<SystemReport>;
}

/** Most requests of one channel that wait for their turn. */
const maxWaiting = 32;
/** Room for a report in a message, beside what is around it. */
const maxReportBytes = 2 * 1024 * 1024 - 1024;

/**
 * System information as a tool: answers one request after the other, whoever asks, so that reading
 * never burdens the computer more than once at a time. What is read is reported first.
 */
export class SystemTool implements ToolHost {
  readonly #source: SystemSource;
  readonly #now: () => number;
  readonly #turns: RequestTurns<SystemRequest>;

  /** `now`: the time of day, Unix ms. */
  constructor(source: SystemSource, now: () => number) {
    this.#source = source;
    this.#now = now;
    this.#turns = new RequestTurns({
      maxWaiting,
      decode: (bytes) => systemRequest.decode(bytes),
      answer: (turn) => this.#answer(turn),
    });
  }

  use(use: ToolUse): void {
    this.#turns.use(use);
  }

  [Symbol.dispose](): void {
    this.#turns[Symbol.dispose]();
  }

  async #answer({ request, channel, report, signal }: Turn<SystemRequest>): Promise<void> {
    const { id, category } = request;
    report("system.read", { category });
    const answer = await this.#read(category, signal);
    if (!signal.aborted) channel.send(systemAnswer.encode({ ...answer, id }));
  }

  async #read(category: SystemCategory, signal: AbortSignal): Promise<Unnumbered> {
    try {
      const report = fitting(await this.#source.read(category, signal));
      return { answer: "report", takenAt: Math.round(this.#now()), report };
    } catch (error) {
      const isSlow = error instanceof HandrailError && error.code === "too-slow";
      return { answer: "failed", reason: isSlow ? "too-slow" : "unavailable" };
    }
  }
}

type Unnumbered = WithoutId<SystemAnswer>;
type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/** The report as it fits into one message: from the longest list the last rows are left out. */
export function fitting(report: SystemReport): SystemReport {
  let fits = { facts: shortened(report.facts), lists: report.lists.map(shortRows) };
  while (encodeText(JSON.stringify(fits)).length > maxReportBytes) {
    const longest = Math.max(...fits.lists.map(({ rows }) => rows.length));
    const lists = fits.lists.map((list) => (list.rows.length === longest ? halved(list) : list));
    fits = { ...fits, lists };
  }
  return fits;
}

function shortRows(list: SystemList): SystemList {
  return { ...list, rows: list.rows.map(shortened) };
}

function halved(list: SystemList): SystemList {
  const kept = Math.floor(list.rows.length / 2);
  const omitted = list.omitted + list.rows.length - kept;
  return { ...list, rows: list.rows.slice(0, kept), omitted };
}

function shortened(fields: SystemReport["facts"]): SystemReport["facts"] {
  const entries = Object.entries(fields).map(([name, value]) =>
    typeof value === "string" && value.length > maxSystemText
      ? ([name, `${value.slice(0, maxSystemText - 1)}…`] as const)
      : ([name, value] as const),
  );
  return Object.fromEntries(entries);
}
