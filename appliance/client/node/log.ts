/** What is worth telling the person who looks for a fault; never a secret, a key or what is typed. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number>>) => void;

/** Writes JSON lines to standard error when asked to, else nothing: no file is left behind. */
export function openLog(isVerbose: boolean): Log {
  if (!isVerbose) return () => undefined;
  return (event, fields) => {
    const at = new Date().toISOString();
    process.stderr.write(`${JSON.stringify({ at, event, ...fields })}\n`);
  };
}
