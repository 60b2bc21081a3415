/** What one benchmark found: rows for people, figures for programs. */
export interface BenchReport {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Figures by name; a name says its unit. */
  readonly figures: Readonly<Record<string, number | string | boolean>>;
}

/** A benchmark that `npm run bench -- NAME` runs. */
export interface Bench {
  readonly name: string;
  /** It takes minutes and room on the disk: run only where it is named. */
  readonly onRequest?: true;
  run(): Promise<BenchReport>;
}

/** The rows as a table in fixed-width text. */
export function formatTable({ title, columns, rows }: BenchReport): string {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ");
  const [head = [], ...body] = cells;
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [`\n${title}`, line(head), rule, ...body.map(line), ""].join("\n");
}

/** The value under which the share `p` (0..1) of the values lies; NaN when there are none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Rounded for a table. */
export function round(value: number, digits = 1): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
