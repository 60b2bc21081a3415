/**
 * A recorded shell as asciicast v2, read leniently: a torn last line, as a crash leaves it, and lines
 * of kinds that are not known are left out. Source: asciicast v2.
 */

/** Something that happened in a recorded shell. `at`: ms since its beginning. */
export type CastEvent =
  | { readonly at: number; readonly kind: "output"; readonly text: string }
  | { readonly at: number; readonly kind: "size"; readonly columns: number; readonly rows: number }
  | { readonly at: number; readonly kind: "mark"; readonly label: string };

/** A recorded shell. */
export interface Cast {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  readonly events: readonly CastEvent[];
  readonly durationMs: number;
}

/** Where a text was shown. */
export interface CastHit {
  /** When its last character was shown, ms since the beginning. */
  readonly at: number;
}

/** Largest terminal that is believed. */
const maxSide = 1000;
/** Most places that a search gives. */
const maxHits = 1000;
/** Control and escape sequences, ECMA-48, and single controls but the end of a line. */
const unseen = new RegExp(
  [
    "\\u001b\\[[0-?]*[ -/]*[@-~]",
    "\\u001b[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?",
    "\\u001b[ -/]*[0-~]",
    "[\\u0000-\\u0009\\u000b-\\u001f\\u007f]",
  ].join("|"),
  "g",
);

/** Reads a file; undefined when it is no recorded shell. */
export function parseCast(text: string): Cast | undefined {
  const [first = "", ...lines] = text.split("\n");
  const header = parseJson(first);
  if (!isRecord(header) || header["version"] !== 2) return undefined;
  const events = lines.map(parseEvent).filter((event) => event !== undefined);
  const { width, height, title } = header;
  return {
    columns: side(width) ?? 80,
    rows: side(height) ?? 24,
    title: typeof title === "string" ? title : "",
    events,
    durationMs: events.at(-1)?.at ?? 0,
  };
}

/** Finds a text in what was shown, whatever its case, oldest first. */
export function searchCast({ events }: Cast, wanted: string): CastHit[] {
  const needle = wanted.toLowerCase();
  if (needle === "") return [];
  const outputs = events.filter((event) => event.kind === "output");
  const raw = outputs.map(({ text }) => text).join("");
  const { plain, rawAt } = plainText(raw);
  const ends: number[] = [];
  let end = 0;
  for (const { text } of outputs) ends.push((end += text.length));
  const hits: CastHit[] = [];
  const hay = plain.toLowerCase();
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + needle.length)) {
    const last = rawAt(at + needle.length - 1);
    const index = ends.findIndex((each) => each > last);
    hits.push({ at: outputs[index]?.at ?? 0 });
    if (hits.length >= maxHits) break;
  }
  return hits;
}

/** What a person sees of output, and where each character of it stands in that. */
function plainText(raw: string): { plain: string; rawAt: (index: number) => number } {
  const pieces: { plainStart: number; rawStart: number }[] = [];
  let plain = "";
  let from = 0;
  const add = (to: number) => {
    if (to > from) pieces.push({ plainStart: plain.length, rawStart: from });
    plain += raw.slice(from, to);
  };
  for (const { index, 0: sequence } of raw.matchAll(unseen)) {
    add(index);
    from = index + sequence.length;
  }
  add(raw.length);
  const rawAt = (index: number) => {
    let low = 0;
    for (let high = pieces.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((pieces[middle]?.plainStart ?? 0) <= index) low = middle;
      else high = middle;
    }
    const piece = pieces[low];
    return piece ? piece.rawStart + index - piece.plainStart : index;
  };
  return { plain, rawAt };
}

function parseEvent(line: string): CastEvent | undefined {
  const parsed = parseJson(line);
  if (!Array.isArray(parsed)) return undefined;
  const [seconds, code, data] = parsed as unknown[];
  if (typeof seconds !== "number" || typeof data !== "string") return undefined;
  const at = Math.max(0, Math.round(seconds * 1000));
  switch (code) {
    case "o":
      return { at, kind: "output", text: data };
    case "r": {
      const [columns, rows] = data.split("x").map((text) => side(Number(text)));
      return columns && rows ? { at, kind: "size", columns, rows } : undefined;
    }
    case "m":
      return { at, kind: "mark", label: data };
    default:
      return undefined;
  }
}

function side(value: unknown): number | undefined {
  const isSide = typeof value === "number" && Number.isInteger(value) && value > 0;
  return isSide ? Math.min(value, maxSide) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
