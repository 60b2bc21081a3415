import { HandrailError, type Lsid, type RepresentativeId } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { Store } from "../store/database.ts";
import { NoteStore, type SessionNote } from "../store/notes.ts";
import { hashText } from "../store/scripts.ts";

/** Most notes of one session. */
const maxNotes = 100;
/** Of a note that is told in a line, code points. */
const maxLineLength = 200;

/** What notes rest on. */
export interface NotesOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The account as it is now; undefined when it is unknown or disabled. */
  account(id: RepresentativeId): Promise<Account | undefined>;
}

/** Notes that representatives keep with sessions: each with an audit row, in one transaction. */
export class Notes {
  readonly #options: NotesOptions;
  readonly #store: NoteStore;

  constructor(options: NotesOptions) {
    this.#options = options;
    this.#store = new NoteStore(options.store);
  }

  /** Whether the representative has to do with the session is for the caller to say.
   * @throws HandrailError `not-permitted`, `conflict` when there are too many, `disk-full` */
  async keep(
    id: RepresentativeId,
    lsid: Lsid,
    { title, text }: { title: string; text: string },
  ): Promise<SessionNote> {
    const { audit, clock } = this.#options;
    const account = await this.#options.account(id);
    if (!account) throw new HandrailError("not-permitted", "the account is disabled");
    if (this.#store.count(lsid) >= maxNotes) throw new HandrailError("conflict", "too many notes");
    const { displayName: author } = account;
    const note = { author, authorId: id, title, text, at: clock.now() };
    const detail = { title, sizeBytes: Buffer.byteLength(text), sha256: hashText(text) };
    let kept = 0;
    const also = () => {
      kept = this.#store.add(lsid, note);
    };
    await audit.append({ event: "note.kept", who: author, whoId: id, lsid, detail }, { also });
    return { ...note, id: kept };
  }

  /** The latest of one author in a session, in a line: its title, or how it begins. */
  lastLine(lsid: Lsid, by: RepresentativeId): string | undefined {
    const note = this.ofSession(lsid).findLast(({ authorId }) => authorId === by);
    const [line = ""] = (note?.title.trim() || note?.text.trim() || "").split("\n");
    return line === "" ? undefined : Array.from(line).slice(0, maxLineLength).join("");
  }

  /** Of one session, the first first. */
  ofSession(lsid: Lsid): SessionNote[] {
    return this.#store.ofSession(lsid);
  }
}
