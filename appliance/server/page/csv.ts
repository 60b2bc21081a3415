/** Signs that begin a formula, of full width as well, and blanks that are left out before them. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A line of a table as in RFC 4180. What a spreadsheet would take for a formula begins with an
 * apostrophe (OWASP, CSV injection).
 */
export function csvLine(cells: readonly string[]): string {
  const safe = cells.map((cell) => (formula.test(cell) ? `'${cell}` : cell));
  return `${safe.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}
