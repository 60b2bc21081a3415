import {
  type Channel,
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
import type { ToolHost, ToolReport, ToolUse } from "./tools.ts";

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
  readonly #uses = new Set<AbortController>();
  #turn: Promise<void> = Promise.resolve();

  /** `now`: the time of day, Unix ms. */
  constructor(source: SystemSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  use({ channel, report }: ToolUse): void {
    const gone = new AbortController();
    const { signal } = gone;
    this.#uses.add(gone);
    let waiting = 0;
    channel.listener = {
      message: (bytes) => {
        const request = requestOf(channel, bytes);
        if (!request) return gone.abort();
        if (waiting >= maxWaiting) {
          gone.abort();
          return channel.reset("conflict", "too many requests at once");
        }
        waiting++;
        this.#turn = this.#turn.then(async () => {
          if (!signal.aborted) await this.#answer({ request, channel, report, signal });
          waiting--;
        });
      },
      closed: () => {
        this.#uses.delete(gone);
        gone.abort();
      },
    };
  }

  [Symbol.dispose](): void {
    for (const gone of this.#uses) gone.abort();
    this.#uses.clear();
  }

  async #answer(asked: {
    request: SystemRequest;
    channel: Channel;
    report: ToolReport;
    signal: AbortSignal;
  }): Promise<void> {
    const { channel, signal } = asked;
    const { id, category } = asked.request;
    asked.report("system.read", { category });
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

function requestOf(channel: Channel, bytes: Uint8Array): SystemRequest | undefined {
  try {
    return systemRequest.decode(bytes);
  } catch (error) {
    channel.reset("protocol-violation", error instanceof Error ? error.message : "");
    return undefined;
  }
}

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
