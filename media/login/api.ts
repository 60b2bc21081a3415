import {
  type ActionPlatform,
  type ChatMessage,
  type FieldDefinition,
  type Participant,
  type Permission,
  type PersonLanguage,
  type Rule,
  type SessionEvent,
  type SessionView,
  type SurveyAudience,
  type SurveyQuestion,
  type SystemSnapshot,
  type Lifetime,
} from "@handrail/protocol";
import { type Removal } from "@handrail/protocol/upkeep";
import { AuditApi } from "./audit/api.ts";
import type { BackupState, ScheduleRequest } from "./backup/state.ts";
import { BackupTargetApi } from "./backup/target-api.ts";
import { CertificateApi } from "./certificate/api.ts";
import { MailApi } from "./mail/api.ts";
import { SyslogApi } from "./syslog/api.ts";
import { UpkeepApi } from "./upkeep/api.ts";
import { SecondFactorApi } from "./second-factor/api.ts";
import { MachineApi } from "./machine/api.ts";
import { SiteSettingsApi } from "./site-settings/api.ts";
import { type Ask, requestRoot, Requests } from "./request.ts";
import { UpdateApi } from "./update/api.ts";

/** What an account may administer. */
export type AccountRole = "administrator" | "representative";
/** The rules of an account of its own. */
export type Rules = Readonly<Partial<Record<Permission, Rule>>>;

/** Who is signed in. `csrf` goes with every write. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  readonly csrf: string;
}

/** Where the site stands, as anybody may know it. */
export interface SiteState {
  readonly siteName: string;
  readonly version: string;
  readonly setUpNeeded: boolean;
  readonly signedIn?: Me;
  /** What is still asked of a browser whose password was right. */
  readonly next?: "code" | "set-up";
}

/** An account. Times in Unix ms. */
export interface Representative {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: AccountRole;
  readonly rules: Rules;
  /** May change canned scripts, also as no administrator. */
  readonly editsScripts: boolean;
  readonly hasSecondFactor: boolean;
  readonly createdAt: number;
  readonly passwordChangedAt: number;
  readonly lastSignedInAt?: number;
  readonly disabledAt?: number;
}

/** A new account. */
export interface NewRepresentative {
  readonly name: string;
  readonly displayName: string;
  readonly password: string;
  readonly role: AccountRole;
}

/** A team. `members`: ids of accounts. `waiting`: customers in its queue. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly waiting: number;
}

/** What a team is made of. */
export type TeamRequest = Pick<Team, "name" | "members">;

/** Something that is defined for all sessions, with its id. */
export type Defined<Body> = Body & { readonly id: string };
/** The kinds of what is defined, as the appliance's requests call them. */
export type DefinitionPath = "canned-messages" | "fields" | "special-actions" | "questions";

/** A question that is asked when a session is over. */
export interface QuestionBody extends Omit<SurveyQuestion, "id"> {
  readonly audience: SurveyAudience;
}

/** What one person answered to a survey. `byId` is empty for the customer. */
export interface SurveyAnswers {
  readonly byId: string;
  readonly byName: string;
  readonly at: number;
  readonly answers: readonly (Omit<SurveyQuestion, "id" | "text"> & {
    readonly question: SurveyQuestion["text"];
    readonly value: string;
  })[];
}

/** Where all answers to the surveys are to be had as a file. */
export const surveysExportPath = "/login/api/surveys/export";

/** A field that representatives fill in for a session. */
export type FieldBody = Omit<FieldDefinition, "id">;

/** A special action of the site. */
export interface SpecialActionBody {
  readonly name: { readonly en: string; readonly fr: string };
  readonly command: string;
  readonly platform: ActionPlatform;
  /** Ids of the teams that may do it; empty: everybody. */
  readonly teams: readonly string[];
  /** Empty in both languages: the customer is told and not asked. */
  readonly question: { readonly en: string; readonly fr: string };
}

/** A message that representatives choose instead of writing it. */
export interface CannedMessageBody {
  readonly title: string;
  readonly text: string;
  /** Empty: for customers of every language. */
  readonly language: PersonLanguage | "";
}

/** What may be changed of an account. */
export interface RepresentativeChange {
  readonly displayName?: string;
  readonly role?: AccountRole;
  readonly disabled?: boolean;
  readonly rules?: Rules;
  readonly editsScripts?: boolean;
}

/** A session in the list. `formerParticipants` took part and do so no more, the first first. */
export type SessionRow = SessionView & {
  readonly hasRecording: boolean;
  /** That its recordings, or its snapshot, are deleted. */
  readonly recordingRemoved?: Removal;
  readonly snapshotRemoved?: Removal;
  readonly formerParticipants: readonly Pick<Participant, "id" | "name" | "observer">[];
};

/** A page of the list. `next`: the `before` of the page after it, when there may be one. */
export interface SessionList {
  readonly sessions: readonly SessionRow[];
  readonly next?: number;
}

/** All that is kept of a session. */
export interface SessionHistory {
  readonly session: SessionRow;
  readonly events: readonly SessionEvent[];
  readonly chat: readonly ChatMessage[];
  readonly notes: readonly SessionNote[];
  readonly surveys: readonly SurveyAnswers[];
  /** Whether everything of it is kept for ever. */
  readonly isKept: boolean;
}

/** A note that a representative has kept with a session; `text` is shown as it is. */
export interface SessionNote {
  readonly id: number;
  readonly author: string;
  readonly title: string;
  readonly text: string;
  readonly at: number;
}

/** A shell that was recorded. `number`: within its session. */
export interface ShellRecording {
  readonly number: number;
  readonly startedAt: number;
  readonly title: string;
  readonly sizeBytes: number;
}

/** How the appliance is. */
export interface Status {
  readonly hostName: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly certificate: Lifetime;
  readonly startedAt: number;
  readonly clients: { readonly console: number; readonly customer: number };
  readonly seats: { readonly used: number; readonly total: number };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly audit: { readonly rows: number; readonly intact: boolean; readonly head: string };
}

/**
 * The appliance's administration requests. Every method throws ApiError. The answers come from the
 * same version of the same program that served this page, so that their shapes are not checked.
 */
export class Api {
  readonly #requests: Requests;
  readonly #ask: Ask;

  constructor(csrf = "") {
    this.#requests = new Requests(csrf);
    this.#ask = (address, options) => this.#requests.ask(address, options);
  }

  state(signal?: AbortSignal): Promise<SiteState> {
    return this.#ask("state", signal ? { signal } : {});
  }
  setUp(form: { code: string } & Omit<NewRepresentative, "role">): Promise<object> {
    return this.#ask("set-up", { method: "POST", body: form });
  }
  signIn(form: { name: string; password: string }): Promise<object> {
    return this.#ask("sign-in", { method: "POST", body: form });
  }
  signOut(): Promise<object> {
    return this.#ask("sign-out", { method: "POST", body: {} });
  }

  async representatives(signal: AbortSignal): Promise<readonly Representative[]> {
    const answer = await this.#ask<{ representatives: Representative[] }>("representatives", {
      signal,
    });
    return answer.representatives;
  }
  addRepresentative(form: NewRepresentative): Promise<{ id: string }> {
    return this.#ask("representatives", { method: "POST", body: form });
  }
  changeRepresentative(id: string, change: RepresentativeChange): Promise<object> {
    return this.#ask(`representatives/${id}`, { method: "PATCH", body: change });
  }
  resetPassword(id: string, password: string): Promise<object> {
    return this.#ask(`representatives/${id}/password`, { method: "POST", body: { password } });
  }
  revoke(id: string): Promise<object> {
    return this.#ask(`representatives/${id}/revoke`, { method: "POST", body: {} });
  }

  async teams(signal: AbortSignal): Promise<readonly Team[]> {
    return (await this.#ask<{ teams: Team[] }>("teams", { signal })).teams;
  }
  addTeam(form: TeamRequest): Promise<{ id: string }> {
    return this.#ask("teams", { method: "POST", body: form });
  }
  changeTeam(id: string, change: Partial<TeamRequest>): Promise<object> {
    return this.#ask(`teams/${id}`, { method: "PATCH", body: change });
  }
  deleteTeam(id: string): Promise<object> {
    return this.#ask(`teams/${id}`, { method: "DELETE" });
  }

  async definitions<Body>(
    path: DefinitionPath,
    signal: AbortSignal,
  ): Promise<readonly Defined<Body>[]> {
    return (await this.#ask<{ definitions: Defined<Body>[] }>(path, { signal })).definitions;
  }
  addDefinition(path: DefinitionPath, body: object): Promise<{ id: string }> {
    return this.#ask(path, { method: "POST", body });
  }
  changeDefinition(path: DefinitionPath, id: string, body: object): Promise<object> {
    return this.#ask(`${path}/${id}`, { method: "PATCH", body });
  }
  deleteDefinition(path: DefinitionPath, id: string): Promise<object> {
    return this.#ask(`${path}/${id}`, { method: "DELETE" });
  }

  sessions(
    query: { before: number | undefined; limit: number; search: string },
    signal: AbortSignal,
  ): Promise<SessionList> {
    const parameters = new URLSearchParams({ limit: String(query.limit) });
    if (query.before !== undefined) parameters.set("before", String(query.before));
    if (query.search !== "") parameters.set("q", query.search);
    return this.#ask(`sessions?${parameters.toString()}`, { signal });
  }
  session(lsid: string, signal: AbortSignal): Promise<SessionHistory> {
    return this.#ask(`sessions/${lsid}`, { signal });
  }
  async shells(lsid: string, signal: AbortSignal): Promise<readonly ShellRecording[]> {
    const answer = await this.#ask<{ shells: ShellRecording[] }>(`sessions/${lsid}/shells`, {
      signal,
    });
    return answer.shells;
  }
  snapshot(lsid: string, signal: AbortSignal): Promise<SystemSnapshot> {
    return this.#ask(`sessions/${lsid}/snapshot`, { signal });
  }
  /** The file of a recorded shell, asciicast v2. */
  async shell(lsid: string, number: number, signal: AbortSignal): Promise<string> {
    const response = await this.#requests.fetch(`sessions/${lsid}/shells/${number}`, { signal });
    return response.text();
  }
  /** The file of a recording, piece by piece as it arrives. */
  async *recording(lsid: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const response = await this.#requests.fetch(`sessions/${lsid}/recording`, { signal });
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
      if (done) return;
      yield value;
    }
  }

  /** About the audit log. */
  get audit(): AuditApi {
    return new AuditApi(this.#ask);
  }

  /** About the certificate and TLS. */
  get certificate(): CertificateApi {
    return new CertificateApi(this.#ask);
  }

  /** About what the site is to people. */
  get siteSettings(): SiteSettingsApi {
    return new SiteSettingsApi(this.#ask);
  }

  /** About how mail is sent. */
  get mail(): MailApi {
    return new MailApi(this.#ask);
  }

  /** About where the audit log is sent. */
  get syslog(): SyslogApi {
    return new SyslogApi(this.#ask);
  }

  /** About health, storage, and how long things are kept. */
  get upkeep(): UpkeepApi {
    return new UpkeepApi(this.#ask);
  }

  /** About second factors. */
  get secondFactor(): SecondFactorApi {
    return new SecondFactorApi(this.#ask);
  }

  /** About releases of the appliance. */
  get updates(): UpdateApi {
    return new UpdateApi(this.#ask);
  }

  /** About the machine that the appliance runs on. */
  get machine(): MachineApi {
    return new MachineApi(this.#ask);
  }

  /** About where backups are sent. */
  get backupTarget(): BackupTargetApi {
    return new BackupTargetApi(this.#ask);
  }

  backups(signal: AbortSignal): Promise<BackupState> {
    return this.#ask("backups", { signal });
  }
  makeBackup(form: { passphrase: string; withRecordings: boolean }): Promise<object> {
    return this.#ask("backups", { method: "POST", body: form });
  }
  setBackupSchedule(form: ScheduleRequest): Promise<object> {
    return this.#ask("backups/schedule", { method: "POST", body: form });
  }
  deleteBackup(name: string): Promise<object> {
    return this.#ask(`backups/${name}`, { method: "DELETE" });
  }

  status(signal: AbortSignal): Promise<Status> {
    return this.#ask("status", { signal });
  }
}

/** Where a backup is to be had as a file. */
export function backupPath(name: string): string {
  return `${requestRoot}/backups/${name}`;
}
