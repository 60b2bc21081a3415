/** With the cell after it, it fits into a script's name. */
const maxRunbookName = 80;

/**
 * What a run of a cell is called, for the customer and for who reads what was done. `runbook`: path
 * or name of the runbook, of which the last part counts. `cell`: which one, in words.
 */
export function runName(runbook: string, cell: string): string {
  const file = runbook.slice(runbook.lastIndexOf("/") + 1);
  // The end says which cell: of a long name its beginning is enough.
  return `${file.slice(0, maxRunbookName)}, ${cell}`;
}
