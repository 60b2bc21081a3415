/** A shell somewhere else, as a terminal has it. */
export interface RemoteTerminal extends AsyncDisposable {
  readonly name: string;
  type(text: string): void;
  /** Called with all that comes from now on; replaces the one before. */
  listen(hears: (bytes: Uint8Array) => void): void;
}

/** Types a text and resolves when the answer holds another one; how long that took, ms. */
export function answerMs(
  terminal: RemoteTerminal,
  { typed, awaited }: { typed: string; awaited: string },
): Promise<number> {
  const wanted = Buffer.from(awaited);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${terminal.name}: no answer`)), 120_000);
    let tail = Buffer.alloc(0);
    terminal.listen((bytes) => {
      // The text may come in two pieces: the end of the last one is looked at again.
      tail = Buffer.concat([tail.subarray(-wanted.length), bytes]);
      if (!tail.includes(wanted)) return;
      clearTimeout(timer);
      terminal.listen(() => undefined);
      resolve(performance.now() - startedAt);
    });
    terminal.type(typed);
  });
}
