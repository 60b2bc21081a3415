/**
 * A snapshot as text: a page in Markdown, plain lines to compare and to copy, and JSON for other
 * programs. Values come from the customer's computer: nothing in them works as Markdown.
 */
import type { SystemFields, SystemList, SystemReport } from "./system.ts";
import type { SystemReading, SystemSnapshot } from "./system-snapshot.ts";
import { bar, timeText, type ValueWords, valueText } from "./system-value.ts";

/** The words around the values, in the console's language. */
export interface SystemWords extends ValueWords {
  readonly title: (computer: string) => string;
  readonly customer: string;
  readonly readAt: string;
  readonly category: (name: string) => string;
  readonly field: (name: string) => string;
  readonly list: (name: string) => string;
  readonly omitted: (rows: number) => string;
  readonly empty: string;
  /** Why there is nothing of a category. */
  readonly failed: (category: string, reason: "unavailable" | "too-slow") => string;
}

/** The whole snapshot, or the readings given, as a page in Markdown. */
export function markdownOf(
  snapshot: SystemSnapshot,
  words: SystemWords,
  readings = snapshot.readings,
) {
  const { customer, computer, takenAt } = snapshot;
  const head = [
    `# ${escaped(words.title(computer))}`,
    [
      `**${escaped(words.customer)}** ${escaped(customer)}`,
      `**${escaped(words.readAt)}** ${escaped(timeText(takenAt, words.language))}`,
    ].join(" · "),
  ];
  return [...head, ...readings.flatMap((reading) => sectionOf(reading, words)), ""].join("\n\n");
}

/** Plain lines, the rows of each list in the order of their texts: for the diff editor. */
export function linesOf(readings: readonly SystemReading[], words: SystemWords): string {
  return readings.map((reading) => readingLines(reading, words).join("\n")).join("\n\n") + "\n";
}

/** The snapshot as it was read, with the names of the protocol. */
export function jsonOf({ customer, computer, takenAt, lsid, readings }: SystemSnapshot): string {
  const entries = readings.map(({ category, answer }): [string, object] => [
    category,
    answer.answer === "report"
      ? { takenAt: answer.takenAt, ...answer.report }
      : { failed: answer.reason },
  ]);
  const whole = { computer, customer, lsid, takenAt, categories: Object.fromEntries(entries) };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

/** A row in one line: what it is, and the rest. */
export function rowText(row: SystemFields, words: SystemWords): string {
  return Object.entries(row)
    .map(([field, value]) => valueText(field, value, words))
    .join(" · ");
}

function readingLines({ category, answer }: SystemReading, words: SystemWords): string[] {
  const title = `== ${words.category(category)} ==`;
  if (answer.answer === "failed") return [title, words.failed(category, answer.reason)];
  const { facts, lists } = answer.report;
  return [
    title,
    ...Object.entries(facts).map(([name, value]) => factLine(name, valueText(name, value, words))),
    ...lists.flatMap((list) => listLines(list)),
  ];

  function factLine(name: string, text: string): string {
    return `${words.field(name)}: ${text}`;
  }

  function listLines({ name, rows, omitted }: SystemList): string[] {
    const sorted = rows.map((row) => `  ${rowText(row, words)}`).sort();
    const more = omitted > 0 ? [`  ${words.omitted(omitted)}`] : [];
    return [`${words.list(name)} (${rows.length + omitted})`, ...sorted, ...more];
  }
}

function sectionOf({ category, answer }: SystemReading, words: SystemWords): string[] {
  const title = `## ${escaped(words.category(category))}`;
  if (answer.answer === "failed")
    return [title, `*${escaped(words.failed(category, answer.reason))}*`];
  return [title, ...reportBlocks(answer.report, words)];
}

function reportBlocks({ facts, lists }: SystemReport, words: SystemWords): string[] {
  const lines = Object.entries(facts).map(([name, value]) => {
    const label = escaped(words.field(name));
    return `- **${label}** ${escaped(cellText(name, value, words))}`;
  });
  const known = lines.length > 0 ? [lines.join("\n")] : [];
  return [...known, ...lists.flatMap((list) => listBlocks(list, words))];
}

function listBlocks({ name, rows, omitted }: SystemList, words: SystemWords): string[] {
  const title = `### ${escaped(words.list(name))}`;
  if (rows.length === 0) return [title, `*${escaped(words.empty)}*`];
  // A computer leaves out what it does not know: not every row has every column.
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) =>
    columns.map((column) => {
      const value = row[column];
      return value === undefined ? "" : cellText(column, value, words);
    }),
  );
  const more = omitted > 0 ? [`*${escaped(words.omitted(omitted))}*`] : [];
  return [title, tableOf(columns.map(words.field), cells), ...more];
}

function cellText(field: string, value: SystemFields[string], words: SystemWords): string {
  const drawn = bar(field, value);
  const text = valueText(field, value, words);
  return drawn === undefined ? text : `${drawn} ${text}`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** Text that Markdown shows as it is: no mark-up, no HTML, no links, no pictures. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&$^=]/g, "\\$&").replaceAll("://", "\\:\\/\\/");
}
