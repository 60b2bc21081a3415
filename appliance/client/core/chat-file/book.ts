import type { ChatFile } from "@handrail/protocol";

/** How a file of the conversation stands, as the customer reads it. */
export type FileState =
  | { readonly how: "offered" | "waiting" | "withdrawn" | "given" }
  | { readonly how: "saving"; readonly percent: number }
  | { readonly how: "saved"; readonly path: string }
  | { readonly how: "failed"; readonly because: "changed" | "disk-full" | "failed" };

/** Where a file is on its way to, or waits to go. */
export type FileWay = "to-customer" | "from-customer";

/** Tells of each file of the conversation how it stands now. `seq`: of its line. */
export type FileStateListener = (seq: number, state: FileState) => void;

/**
 * The files that the conversation has announced, by the number of their line: what may come in, what
 * the customer has chosen to give, and what the customer wants. Nothing else is taken or given.
 */
export class ChatFileBook {
  readonly #offered = new Map<number, ChatFile>();
  readonly #given = new Map<number, { file: ChatFile; path: string }>();
  readonly #wanted = new Set<number>();
  readonly #ways = new Set<{ readonly by: string; readonly way: FileWay }>();
  #told: FileStateListener = () => undefined;
  #save: (seq: number) => void = () => undefined;
  #waysChanged: () => void = () => undefined;

  /** Who is told how files stand. */
  set listener(told: FileStateListener) {
    this.#told = told;
  }

  /** Who is told that the customer wants a file; see `wants`. */
  set taker(save: (seq: number) => void) {
    this.#save = save;
  }

  /** Who is told that `waysOf` says something else. */
  set waysListener(changed: () => void) {
    this.#waysChanged = changed;
  }

  /** Which way a representative of that name exchanges files now, one entry for each file. */
  waysOf(by: string): readonly FileWay[] {
    return [...this.#ways].flatMap((each) => (each.by === by ? [each.way] : []));
  }

  /** A file is on its way until what this answers is called. */
  goes(by: string, way: FileWay): () => void {
    const entry = { by, way };
    this.#ways.add(entry);
    this.#waysChanged();
    return () => {
      if (this.#ways.delete(entry)) this.#waysChanged();
    };
  }

  /** A representative has announced a file. */
  announced(seq: number, file: ChatFile): void {
    this.#offered.set(seq, file);
  }

  /** The customer gives a file. */
  gives(seq: number, file: ChatFile, path: string): void {
    this.#given.set(seq, { file, path });
  }

  offered(seq: number): ChatFile | undefined {
    return this.#offered.get(seq);
  }

  given(seq: number): { file: ChatFile; path: string } | undefined {
    return this.#given.get(seq);
  }

  /** The customer has pressed Save. */
  want(seq: number): void {
    if (!this.#offered.has(seq)) return;
    this.#wanted.add(seq);
    this.#told(seq, { how: "waiting" });
    this.#save(seq);
  }

  wants(seq: number): boolean {
    return this.#wanted.has(seq);
  }

  /** Says how a file stands; what is over is wanted no more. */
  tell(seq: number, state: FileState): void {
    if (["saved", "failed", "withdrawn"].includes(state.how)) this.#wanted.delete(seq);
    this.#told(seq, state);
  }
}
