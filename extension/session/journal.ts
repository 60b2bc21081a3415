import type {
  ChatMessage,
  consoleSide,
  KeptNote,
  Lsid,
  Params,
  Result,
  SessionEvent,
} from "@handrail/protocol";
import { Signal } from "../signal.ts";

type Loaded = Result<typeof consoleSide, "session.history">;
/** What is kept of a session, as far as its participants see it. */
type History = Loaded & { readonly notes: readonly KeptNote[] };

/** Something new in a session's journal. */
export type Entry =
  | { readonly kind: "chat"; readonly message: ChatMessage }
  | { readonly kind: "event"; readonly event: SessionEvent }
  | { readonly kind: "note"; readonly note: KeptNote }
  | { readonly kind: "typing"; readonly name: string }
  | { readonly kind: "warning"; readonly code: string; readonly text: string }
  /** Everything was read anew. */
  | { readonly kind: "history" };

/**
 * Chat and events of the sessions that are open here. Kept in the extension host, so that a pane
 * that was hidden or loaded anew gets all of it again.
 */
export class Journal {
  readonly added = new Signal<{ lsid: Lsid; entry: Entry }>();
  readonly #load: (params: Params<typeof consoleSide, "session.history">) => Promise<Loaded>;
  readonly #histories = new Map<Lsid, History>();

  constructor(load: (params: Params<typeof consoleSide, "session.history">) => Promise<Loaded>) {
    this.#load = load;
  }

  /** What is known of a session so far. */
  of(lsid: Lsid): History {
    return this.#histories.get(lsid) ?? { chat: [], events: [], notes: [] };
  }

  /** Reads a session's history from the appliance. @throws HandrailError its refusal */
  async load(lsid: Lsid): Promise<void> {
    const loaded = await this.#load({ lsid });
    const now = this.of(lsid);
    this.#histories.set(lsid, {
      chat: merged(loaded.chat, now.chat),
      events: merged(loaded.events, now.events),
      notes: mergedNotes(loaded.notes ?? [], now.notes),
    });
    this.added.fire({ lsid, entry: { kind: "history" } });
  }

  addMessage(lsid: Lsid, message: ChatMessage): void {
    const { chat, events, notes } = this.of(lsid);
    if (chat.some(({ seq }) => seq === message.seq)) return;
    this.#histories.set(lsid, { chat: merged(chat, [message]), events, notes });
    this.added.fire({ lsid, entry: { kind: "chat", message } });
  }

  addEvent(lsid: Lsid, event: SessionEvent): void {
    const { chat, events, notes } = this.of(lsid);
    if (events.some(({ seq }) => seq === event.seq)) return;
    this.#histories.set(lsid, { chat, events: merged(events, [event]), notes });
    this.added.fire({ lsid, entry: { kind: "event", event } });
  }

  addNote(lsid: Lsid, note: KeptNote): void {
    const now = this.of(lsid);
    if (now.notes.some(({ id }) => id === note.id)) return;
    this.#histories.set(lsid, { ...now, notes: mergedNotes(now.notes, [note]) });
    this.added.fire({ lsid, entry: { kind: "note", note } });
  }

  addPassing(lsid: Lsid, entry: Extract<Entry, { kind: "typing" | "warning" }>): void {
    this.added.fire({ lsid, entry });
  }

  /** Nobody looks at the session any more. */
  forget(lsid: Lsid): void {
    this.#histories.delete(lsid);
  }
}

/** Both lists by their numbers, each entry once. */
function merged<T extends { seq: number }>(a: readonly T[], b: readonly T[]): T[] {
  const bySeq = new Map([...a, ...b].map((entry) => [entry.seq, entry]));
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

function mergedNotes(a: readonly KeptNote[], b: readonly KeptNote[]): KeptNote[] {
  const byId = new Map([...a, ...b].map((note) => [note.id, note]));
  return [...byId.values()].sort((x, y) => x.id - y.id);
}
