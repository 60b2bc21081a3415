import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";

/** As journalctl(1) writes it with --output=json, as far as it is used here. */
const entryShape = z.object({
  __REALTIME_TIMESTAMP: z.string(),
  _TRANSPORT: z.string().optional(),
  _SYSTEMD_UNIT: z.string().optional(),
  SYSLOG_IDENTIFIER: z.string().optional(),
  UNIT: z.string().optional(),
  PRIORITY: z.string().optional(),
  /** Bytes where it is no text. */
  MESSAGE: z.unknown(),
});
type Entry = z.infer<typeof entryShape>;

/** The newest stay. */
const maxTextLength = 6 * 1024 * 1024;
/** Those that speak of the machine alone, never of a person. */
const plainUnits =
  /^(init\.scope|systemd-(networkd|resolved|timesyncd|udevd|logind|journald)\.service)$/;
/** What a line of our own log keeps: names that we have chosen, and numbers. */
const word = /^[a-z][a-z0-9.-]{0,63}$/i;
const wordNames = new Set(["level", "event", "code", "fault", "verb", "step", "signal", "name"]);
const numberNames = /(Ms|Bytes|At|Count|count|port|pid|status|attempts|waiting)$/;

/**
 * The machine's journal for whoever helps its administrators. Lines of the kernel and of the service
 * manager are as they were written; of ours remain time, event, codes and numbers; of all others, of
 * whom nothing is known, remains only that they wrote. @throws Error when it cannot be read
 */
export async function readJournal([program = "", ...args]: readonly string[]): Promise<string> {
  const journal = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(journal, "close");
  // Line by line: all that is printed may be many times what is told of it.
  const [text] = await Promise.all([
    supportLines(createInterface({ input: journal.stdout })),
    ended,
  ]);
  if (journal.exitCode === 0) return text;
  throw new Error(`the journal's program has ended with ${String(journal.exitCode)}`);
}

/** The same of the lines that journalctl prints. */
export async function supportLines(printed: AsyncIterable<string>): Promise<string> {
  const kept: string[] = [];
  let length = 0;
  for await (const line of printed) {
    const { data } = entryShape.safeParse(objectIn(line));
    if (!data) continue;
    const told = lineOf(data);
    kept.push(told);
    length += told.length;
    while (length > maxTextLength) length -= kept.shift()?.length ?? length;
  }
  return kept.join("");
}

function lineOf(entry: Entry): string {
  const at = new Date(Number(entry.__REALTIME_TIMESTAMP) / 1000).toISOString();
  const { MESSAGE: message, PRIORITY: priority = "", _SYSTEMD_UNIT: unit = "" } = entry;
  const who = entry._TRANSPORT === "kernel" ? "kernel" : unit || (entry.SYSLOG_IDENTIFIER ?? "");
  return `${JSON.stringify({ at, priority, who, ...told(entry, message) })}\n`;
}

function told(entry: Entry, message: unknown): Readonly<Record<string, unknown>> {
  if (typeof message !== "string") return {};
  const isPlain = entry._TRANSPORT === "kernel" || plainUnits.test(entry._SYSTEMD_UNIT ?? "");
  if (isPlain) return { unit: entry.UNIT, message };
  if (!entry._SYSTEMD_UNIT?.startsWith("handrail-")) return { letters: message.length };
  const ours = objectIn(message);
  return ours ? wordsOf(ours) : { letters: message.length };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // A line that is no JSON is somebody else's, or of a program that ended badly.
    return undefined;
  }
}

function wordsOf(value: object): Readonly<Record<string, unknown>> {
  const kept = Object.entries(value).map(([name, each]: [string, unknown]) => [
    name,
    keptOf(name, each),
  ]);
  return Object.fromEntries(kept.filter(([, each]) => each !== undefined)) as Readonly<
    Record<string, unknown>
  >;
}

function keptOf(name: string, value: unknown): unknown {
  if (name === "error" || name === "cause") {
    return typeof value === "object" && value !== null ? wordsOf(value) : undefined;
  }
  const isWord = wordNames.has(name) && typeof value === "string" && word.test(value);
  const isNumber = numberNames.test(name) && typeof value === "number";
  return isWord || isNumber || typeof value === "boolean" ? value : undefined;
}
