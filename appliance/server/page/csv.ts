/**
 * A line of a table as in RFC 4180. What a spreadsheet would take for a formula begins with an
 * apostrophe (OWASP, CSV injection).
 */
export function csvLine(cells: readonly string[]): string {
  const safe = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell));
  return `${safe.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")}\r\n`;
}
