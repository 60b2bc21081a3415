/** About so high is a row of text, in pixels. */
export const rowHeight = 17.5;
/** About so many letters fit in a row. */
const rowLength = 50;
/** From these heights on, in pixels, a screen has room for more. */
const middling = 700;
const large = 800;

/** How much the parts of the help window take that may grow and scroll. */
export interface Heights {
  /** So many rows of what is allowed are seen at once; one more is no reason to scroll. */
  readonly rows: number;
  /** A conversation has at least this height, in pixels. */
  readonly chat: number;
}

/**
 * What a screen of that height, in pixels, leaves room for. On the smallest, and with a question or
 * the last words above, the box for messages and Stop stay in sight.
 */
export function heightsOn(screenHeight: number): Heights {
  if (screenHeight < middling) return { rows: 5, chat: 90 };
  if (screenHeight < large) return { rows: 8, chat: 120 };
  return { rows: 9 + Math.floor((screenHeight - large) / rowHeight), chat: 180 };
}

/** About how many rows the lines take. */
export function rowsOf(lines: string): number {
  return lines
    .split("\n")
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / rowLength)), 0);
}
