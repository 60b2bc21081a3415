import {
  checkScript,
  HandrailError,
  isAdvice,
  mayEditScripts,
  mayUseScript,
  type Permission,
  type RepresentativeId,
  type ScriptDocument,
  type ScriptPlatform,
  type ScriptSource,
  type ScriptSummary,
} from "@handrail/protocol";
import type { Account } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { Store } from "../store/database.ts";
import { hashText, type ScriptWriting, type StoredScript, ScriptStore } from "../store/scripts.ts";
import type { Team } from "./teams.ts";

/** Most canned scripts of a site. */
const maxScripts = 2000;

/** What a representative may run, as it is at that moment. `revision` 0: no canned script. */
export interface Runnable {
  readonly name: string;
  readonly revision: number;
  readonly sha256: string;
  readonly text: string;
  readonly platforms: readonly ScriptPlatform[];
  readonly needs: readonly Permission[];
}

/** What the scripts rest on. */
export interface ScriptsOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly teams: () => readonly Team[];
  /** The account as it is now; undefined when it is unknown or disabled. */
  account(id: RepresentativeId): Promise<Account | undefined>;
  /** Called after every change, once it is written. */
  changed(): void;
}

interface ReadScript extends StoredScript {
  readonly script: ScriptDocument;
}

/**
 * The canned scripts of the site, and every change of them: a change and its audit row, with the
 * hashes of before and after, are one transaction. Who is in none of a script's teams does not see
 * that it exists.
 */
export class Scripts {
  readonly #options: ScriptsOptions;
  readonly #store: ScriptStore;
  #all: readonly ReadScript[] = [];

  constructor(options: ScriptsOptions) {
    this.#options = options;
    this.#store = new ScriptStore(options.store);
    this.#load();
  }

  /** What a representative sees of the scripts. @throws HandrailError `not-permitted` */
  async list(id: RepresentativeId): Promise<{ scripts: ScriptSummary[]; mayEdit: boolean }> {
    const account = await this.#account(id);
    const seen = this.#all.filter((each) => this.#sees(account, each));
    return {
      scripts: seen.map((each) => this.#summary(account, each)),
      mayEdit: mayEditScripts(account),
    };
  }

  /** @throws HandrailError `not-found` */
  async read(
    id: RepresentativeId,
    script: string,
  ): Promise<{ document: string; revision: number }> {
    const { document, revision } = this.#get(await this.#account(id), script);
    return { document, revision };
  }

  /**
   * Keeps a document, as a new script or as the successor of a revision.
   * @throws HandrailError `not-permitted`, `not-found`, `conflict`, `bad-request`, `disk-full`
   */
  async save(
    id: RepresentativeId,
    wanted: { id?: string | undefined; revision: number; document: string },
  ): Promise<ScriptSummary> {
    const account = await this.#editor(id);
    const { name } = this.#checked(wanted.document);
    const { audit, clock } = this.#options;
    const { document } = wanted;
    const writing = { name, document, savedAt: clock.now(), savedBy: account.name };
    const script = wanted.id ?? this.#store.newId();
    const { event, detail, also } = wanted.id
      ? this.#change(account, { ...wanted, id: wanted.id }, writing)
      : this.#addition(script, writing);
    await audit.append({ event, who: account.name, whoId: account.id, detail }, { also });
    this.#reload();
    return this.#summary(account, this.#get(account, script));
  }

  /** @throws HandrailError `not-permitted`, `not-found`, `conflict`, `disk-full` */
  async remove(id: RepresentativeId, wanted: { id: string; revision: number }): Promise<void> {
    const account = await this.#editor(id);
    const { script, sha256: sha256Before, revision } = this.#get(account, wanted.id);
    const detail = { script: script.name, revision, sha256Before };
    await this.#options.audit.append(
      { event: "script.removed", who: account.name, whoId: account.id, detail },
      { also: () => this.#store.remove(wanted.id, wanted.revision) },
    );
    this.#reload();
  }

  /**
   * What is to be run, of a script that the representative may use, or as they have written it.
   * @throws HandrailError `not-permitted`, `not-found`, `bad-request` for a macro that does not exist
   */
  async runnable(id: RepresentativeId, source: ScriptSource): Promise<Runnable> {
    const account = await this.#account(id);
    if (!("script" in source)) return written(source);
    const { script, revision, sha256 } = this.#get(account, source.script);
    if (!mayUseScript(script, this.#teamsOf(account))) {
      throw new HandrailError("not-permitted", "the script is for other teams");
    }
    const { name, text, platforms, needs } = script;
    return { name, revision, sha256, text: runnableText(script, text), platforms, needs };
  }

  #addition(script: string, writing: ScriptWriting) {
    if (this.#all.length >= maxScripts) throw new HandrailError("conflict", "too many scripts");
    const detail = { script: writing.name, revision: 1, sha256: hashText(writing.document) };
    return { event: "script.added", detail, also: () => this.#store.add(script, writing) };
  }

  #change(account: Account, wanted: { id: string; revision: number }, writing: ScriptWriting) {
    const before = this.#get(account, wanted.id);
    const nameBefore = before.script.name;
    const detail: AuditDetail = {
      script: writing.name,
      ...(nameBefore === writing.name ? {} : { nameBefore }),
      revision: wanted.revision + 1,
      sha256Before: before.sha256,
      sha256: hashText(writing.document),
    };
    const also = () => this.#store.change(wanted.id, wanted.revision, writing);
    return { event: "script.changed", detail, also };
  }

  #checked(document: string): ScriptDocument {
    const script = checkScript(document);
    const fault = script.faults.find((each) => !isAdvice(each) && each.code !== "unknown-macro");
    if (fault) throw new HandrailError("bad-request", `line ${fault.line + 1}: ${fault.code}`);
    const teams = new Set(this.#options.teams().map(({ name }) => name));
    const unknown = script.teams.find((team) => !teams.has(team));
    if (unknown === undefined) return script;
    throw new HandrailError("bad-request", `no team is called ${unknown}`);
  }

  /** A script that the account may see; others do not exist for it. */
  #get(account: Account, id: string): ReadScript {
    const found = this.#all.find((each) => each.id === id);
    if (found && this.#sees(account, found)) return found;
    throw new HandrailError("not-found", "no such script");
  }

  #sees(account: Account, { script }: ReadScript): boolean {
    return mayEditScripts(account) || mayUseScript(script, this.#teamsOf(account));
  }

  #teamsOf({ id }: Account): string[] {
    const teams = this.#options.teams().filter(({ members }) => members.includes(id));
    return teams.map(({ name }) => name);
  }

  #summary(account: Account, { id, script, document, ...stored }: ReadScript): ScriptSummary {
    const { name, description, platforms, categories, teams, needs } = script;
    const lists = { platforms: [...platforms], categories: [...categories], teams: [...teams] };
    const { revision, sha256, savedAt } = stored;
    return {
      ...{ id, name, description, ...lists, needs: [...needs], revision, sha256, savedAt },
      sizeBytes: Buffer.byteLength(document),
      mayRun: mayUseScript(script, this.#teamsOf(account)),
    };
  }

  async #account(id: RepresentativeId): Promise<Account> {
    const account = await this.#options.account(id);
    if (account) return account;
    throw new HandrailError("not-permitted", "the account is disabled");
  }

  async #editor(id: RepresentativeId): Promise<Account> {
    const account = await this.#account(id);
    if (mayEditScripts(account)) return account;
    throw new HandrailError("not-permitted", "not one who may change scripts");
  }

  #reload(): void {
    this.#load();
    this.#options.changed();
  }

  #load(): void {
    this.#all = this.#store.list().map((each) => ({ ...each, script: checkScript(each.document) }));
  }
}

/** What somebody has written to be run once: as good as typing it into a shell. */
function written({ name, text }: { name: string; text: string }): Runnable {
  const head = `---\nname: ${"-"}\n---\n`;
  const runs = runnableText(checkScript(head + text), text);
  return { name, revision: 0, sha256: hashText(text), text: runs, platforms: [], needs: ["shell"] };
}

function runnableText({ faults }: ScriptDocument, text: string): string {
  const fault = faults.find((each) => !isAdvice(each));
  if (!fault) return text;
  throw new HandrailError("bad-request", `line ${fault.line + 1}: ${fault.code} ${fault.subject}`);
}
