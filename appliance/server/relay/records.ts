import type { consoleSide, Lsid, Params, Result } from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Archive } from "./archive.ts";
import type { SessionFields } from "./fields.ts";
import type { LiveSession } from "./live-session.ts";
import type { Notes } from "./notes.ts";
import type { SessionSite } from "./session.ts";
import type { Surveys } from "./surveys.ts";

interface RecordsOptions {
  readonly site: SessionSite;
  readonly live: ReadonlyMap<Lsid, LiveSession>;
  readonly archive: Archive;
  readonly fields: SessionFields;
  readonly surveys: Surveys;
  readonly notes: Notes;
}

/** What consoles read of the records of sessions, and write into them, during and after. */
export class Records {
  readonly #options: RecordsOptions;

  constructor(options: RecordsOptions) {
    this.#options = options;
  }

  /** What has happened in a session. @throws HandrailError `not-found` */
  history(account: Account, lsid: Lsid): Result<typeof consoleSide, "session.history"> {
    return this.#options.archive.history(account, lsid);
  }

  /** The sessions that an account has taken part in, the newest first. */
  past(account: Account, limit: number): Result<typeof consoleSide, "session.past"> {
    return { sessions: this.#options.archive.past(account, limit) };
  }

  /** The fields that sessions have. */
  fieldList(): Result<typeof consoleSide, "field.list"> {
    return { fields: this.#options.fields.list() };
  }

  /** Fills fields in. @throws HandrailError `not-found`, and as `SessionFields.set` */
  async fillIn(
    account: Account,
    { lsid, fields }: Params<typeof consoleSide, "session.fill-in">,
  ): Promise<void> {
    this.#options.archive.mustRead(account.id, lsid);
    await this.#options.fields.set(account.id, lsid, fields);
  }

  /** What representatives are asked when a session is over. */
  surveyList(): Result<typeof consoleSide, "survey.list"> {
    return { questions: this.#options.surveys.list("representative") };
  }

  /** Keeps a representative's answers. @throws HandrailError `not-found`, and as `Surveys.answer` */
  async answerSurvey(
    account: Account,
    { lsid, answers }: Params<typeof consoleSide, "survey.answer">,
  ): Promise<void> {
    this.#options.archive.mustRead(account.id, lsid);
    await this.#options.surveys.answer(lsid, account, answers);
  }

  /** Keeps a note and tells everyone in the session. @throws HandrailError `not-found` */
  async keepNote(
    account: Account,
    { lsid, note }: Params<typeof consoleSide, "note.keep">,
  ): Promise<void> {
    const { archive, live, notes, site } = this.#options;
    archive.mustWrite(account.id, lsid);
    const kept = await notes.keep(account.id, lsid, note);
    const others = live.get(lsid)?.core.participants ?? [account.id];
    site.tell(others, "note.kept", { lsid, note: kept });
  }
}
