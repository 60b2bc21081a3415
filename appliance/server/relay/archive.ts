import {
  type ChatMessage,
  HandrailError,
  isRuledOut,
  type Lsid,
  type RepresentativeId,
  type SessionEvent,
  type SessionView,
} from "@handrail/protocol";
import { type Removal } from "@handrail/protocol/upkeep";
import type { Account } from "../auth/account.ts";
import type { SessionNote } from "../store/notes.ts";
import type { SurveyAnswers } from "../store/surveys.ts";
import type { Member, SessionListing, SessionRecord } from "../store/sessions.ts";
import { layersOf } from "./account.ts";
import type { LiveSession } from "./live-session.ts";
import type { Notes } from "./notes.ts";
import { Session, type SessionSite } from "./session.ts";

/** A session as lists show it. `formerParticipants` took part and do so no more, the first first. */
export type ListedSession = SessionView & {
  readonly hasRecording: boolean;
  /** That its recordings, of the screen and of shells, are deleted. */
  readonly recordingRemoved?: Removal;
  readonly snapshotRemoved?: Removal;
  readonly formerParticipants: readonly Member[];
};

/** Everything that is known of a session. */
export interface SessionDossier {
  readonly session: ListedSession;
  readonly events: SessionEvent[];
  readonly chat: ChatMessage[];
  /** The first first. */
  readonly notes: SessionNote[];
  readonly surveys: SurveyAnswers[];
  /** Whether all of it is kept for ever, whatever the site's settings say. */
  readonly isKept: boolean;
}

/** What is looked up of sessions, whether they go on or have ended. */
export class Archive {
  readonly #site: SessionSite;
  readonly #live: ReadonlyMap<Lsid, LiveSession>;
  readonly #notes: Notes;

  constructor(site: SessionSite, live: ReadonlyMap<Lsid, LiveSession>, notes: Notes) {
    this.#notes = notes;
    this.#site = site;
    this.#live = live;
  }

  /** Sessions that a customer has joined, the newest first. */
  list(listing: SessionListing): ListedSession[] {
    // Whoever has just left sees it no longer.
    if (listing.participant !== undefined) this.#site.audit.flush();
    return this.#site.sessions.list(listing).map((record) => this.#listed(record));
  }

  /** Ended sessions in which a representative took part, the newest first. */
  past(account: Account, limit: number): ListedSession[] {
    // One that has just ended is told of before it is written.
    this.#site.audit.flush();
    return this.#site.sessions.past(account.id, limit).map((record) => this.#listed(record));
  }

  /** One session with its events and chat; undefined when there is none. */
  read(lsid: Lsid): SessionDossier | undefined {
    const { sessions, audit } = this.#site;
    const record = sessions.read(lsid);
    if (!record) return undefined;
    const events = audit.ofSession(lsid);
    const notes = this.#notes.ofSession(lsid);
    const surveys = this.#site.surveys.ofSession(lsid);
    const isKept = this.#site.retention.isKept(lsid);
    const session = this.#listed(record);
    return { session, events, chat: sessions.chat(lsid), notes, surveys, isKept };
  }

  /**
   * Chat and events for whoever takes part, and once it has ended for all who did.
   * @throws HandrailError `not-found`
   */
  history(account: Account, lsid: Lsid): Pick<SessionDossier, "chat" | "events" | "notes"> {
    this.mustRead(account.id, lsid);
    const { sessions, audit } = this.#site;
    const notes = this.#notes.ofSession(lsid);
    return { chat: sessions.chat(lsid), events: audit.ofSession(lsid), notes };
  }

  /** For whoever takes part, and once it has ended for all who did. @throws as `history` */
  mustRead(id: RepresentativeId, lsid: Lsid): void {
    if (this.#mayRead(id, lsid)) return;
    throw new HandrailError("not-found", "no such session");
  }

  /**
   * The same for who adds to what is kept of it, which those who only watched do not.
   * @throws HandrailError `not-found`, `not-permitted`
   */
  mustWrite(id: RepresentativeId, lsid: Lsid): void {
    this.mustRead(id, lsid);
    const live = this.#live.get(lsid)?.core;
    const past = live ? undefined : this.#site.sessions.read(lsid);
    const members = [...(past?.participants ?? []), ...(past?.formerParticipants ?? [])];
    if (live?.roleOf(id) === "representative") return;
    if (members.some((each) => each.id === id && !each.observer)) return;
    throw new HandrailError("not-permitted", "an observer only watches");
  }

  /** The file of a session's recording; undefined when there is none. */
  recordingPath(lsid: Lsid): string | undefined {
    const record = this.#site.sessions.read(lsid);
    const { recordings, retention } = this.#site;
    const isThere = record?.hasRecording && !retention.removed(lsid).recordings;
    return isThere ? recordings.pathOf(lsid) : undefined;
  }

  /** Whether an account may see what is kept of a session: administrators, and as `history`. */
  mayReadRecording(account: Account, lsid: Lsid): boolean {
    return account.role === "administrator" || this.#mayRead(account.id, lsid);
  }

  /**
   * The file of the snapshot of a session's start, for administrators and for whoever takes or took
   * part and may read system information; undefined when there is none.
   * @throws HandrailError `not-found`, `not-permitted`
   */
  snapshotPath(account: Account, lsid: Lsid): string | undefined {
    if (account.role !== "administrator") {
      this.mustWrite(account.id, lsid);
      if (isRuledOut("system", layersOf(account))) {
        throw new HandrailError("not-permitted", "system information is not allowed");
      }
    }
    const { recordings, retention, sessions } = this.#site;
    const record = this.#live.get(lsid)?.core.record ?? sessions.read(lsid);
    const isThere = record?.snapshot === "taken" && !retention.removed(lsid).snapshots;
    return isThere ? recordings.snapshots.pathOf(lsid) : undefined;
  }

  /** Whoever has left a session hears nothing of it until it is over. */
  #mayRead(id: RepresentativeId, lsid: Lsid): boolean {
    const live = this.#live.get(lsid);
    if (live) return live.core.roleOf(id) !== "none";
    return this.#site.sessions.tookPart(id, lsid);
  }

  #listed(record: SessionRecord): ListedSession {
    const session = this.#live.get(record.lsid)?.core ?? new Session(this.#site, record);
    const view = session.view();
    const { formerParticipants: former } = session.record;
    const formerParticipants = former
      .filter(({ id }) => !view.participants.some((each) => each.id === id))
      .toReversed();
    const { recordings, snapshots } = this.#site.retention.removed(record.lsid);
    return {
      ...view,
      hasRecording: record.hasRecording && !recordings,
      ...(recordings ? { recordingRemoved: recordings } : {}),
      ...(snapshots ? { snapshotRemoved: snapshots } : {}),
      formerParticipants,
    };
  }
}
