import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import { holdFile } from "../store/data-lock.ts";
import { mustHaveRoomForCopy, mustOpenDatabase, openSuitable } from "./bundle-check.ts";
import { DatabaseCopy } from "./database-copy.ts";
import type { Health } from "./health.ts";
import { type Journal, type Stage, UpdateNotes, type UpdateResult } from "./journal.ts";
import type { MachineConfig } from "./machine-config.ts";
import type { Manifest } from "./manifest.ts";
import { Releases } from "./releases.ts";
import { Service } from "./service.ts";
import { unpack } from "./unpack.ts";
import { toUpdateError, UpdateError } from "./update-error.ts";

/** How far it is. `share`: of the step, 0 to 1. */
export interface Progress {
  readonly step: Stage | "warning";
  readonly share?: number;
}

/** What an updater works with. */
export interface UpdaterOptions {
  readonly config: MachineConfig;
  readonly health: Health;
  readonly clock: Clock;
  told(progress: Progress): void;
}

/** How the appliance stands. */
export interface UpdateStatus {
  readonly current: string;
  /** The release that `rollback` leads to. */
  readonly previous: string | undefined;
  /** Under way, or cut short. */
  readonly journal: Journal | undefined;
  readonly result: UpdateResult | undefined;
}

/**
 * Puts releases in the place of one another. Whatever cuts it short, at whatever moment: the journal
 * says how far it came, and `recover` leads to the release before, or to the new one once that has
 * proved itself. The server is stopped before the database is copied, so that a copy holds all that
 * was ever acknowledged; it is put back only when the failed release has changed the database's
 * schema, for otherwise the release before reads it, with all that came in meanwhile.
 */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #releases: Releases;
  readonly #database: DatabaseCopy;
  readonly #service: Service;
  readonly #notes: UpdateNotes;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    this.#releases = new Releases(options.config.releasesRoot);
    // What is no appliance has no place for notes, and is told so.
    void this.#releases.current;
    this.#database = new DatabaseCopy(options.config.dataDirectory);
    this.#service = new Service(options.config);
    this.#notes = new UpdateNotes(this.#releases.notesFolder);
  }

  get status(): UpdateStatus {
    const { current } = this.#releases;
    const { journal, result } = this.#notes;
    return { current, previous: this.#previous, journal, result };
  }

  /** What a bundle holds. @throws UpdateError when it cannot be installed */
  async check(file: string, { allowOlder }: { allowOlder: boolean }): Promise<Manifest> {
    await using bundle = await this.#open(file, allowOlder);
    return bundle.manifest;
  }

  /** @throws UpdateError; unless it is `busy`, the appliance is as it was before */
  async install(file: string, wish: { by: string; allowOlder: boolean }): Promise<UpdateResult> {
    using stack = new DisposableStack();
    stack.use(this.#begin());
    await using bundle = await this.#open(file, wish.allowOlder);
    const { version } = bundle.manifest;
    const journal = this.#journal("update", version, wish.by);
    await this.#or(journal, "abandon", async () => {
      this.#reach(journal, "unpacking");
      const tellShare = (share: number) => this.#options.told({ step: "unpacking", share });
      await unpack(bundle, this.#releases.draftOf(version), tellShare);
      await this.#releases.adopt(version);
    });
    return this.#replace(journal);
  }

  /**
   * Back to the release before. Where it cannot open the database, the copy from before the update
   * is taken, if `loseChanges`: what has happened since is lost then.
   * @throws UpdateError `nothing-before`, `newer-database`, and as `install`
   */
  async rollback(wish: { by: string; loseChanges: boolean }): Promise<UpdateResult> {
    using stack = new DisposableStack();
    stack.use(this.#begin());
    const version = this.#previous;
    if (version === undefined) {
      throw new UpdateError("nothing-before", "There is no release to go back to.");
    }
    const takesCopy = wish.loseChanges && this.#database.has(version);
    if (!takesCopy) await mustOpenDatabase(this.#releases.manifest(version), this.#database);
    await mustHaveRoomForCopy(this.#database);
    return this.#replace(this.#journal("rollback", version, wish.by), takesCopy);
  }

  /**
   * Finishes or undoes what was cut short; undefined when nothing was. `isServed`: the service
   * manager may be asked, as it may not before the server of this start of the machine.
   */
  async recover({ isServed }: { isServed: boolean }): Promise<UpdateResult | undefined> {
    using stack = new DisposableStack();
    stack.use(this.#hold());
    const { journal } = this.#notes;
    if (!journal) return undefined;
    const cut = new UpdateError("interrupted", `The update was cut short (${journal.stage}).`);
    switch (journal.stage) {
      case "unpacking":
      case "stopping":
      case "copying":
        return this.#abandon(journal, cut, isServed);
      case "switching":
      case "checking":
      case "going-back":
        if (isServed) await this.#service.stop();
        return this.#goBack(journal, cut, isServed);
      case "keeping": {
        const result = await this.#keep(journal);
        if (isServed) await this.#service.start();
        return result;
      }
    }
  }

  /** Stops the server, puts the release in its place, and sees whether it does well. */
  async #replace(journal: Journal, takesCopy = false): Promise<UpdateResult> {
    const { from, to } = journal;
    await this.#warn(from);
    await this.#or(journal, "abandon", async () => {
      this.#reach(journal, "stopping");
      await this.#service.stop();
      this.#reach(journal, "copying");
      await this.#database.make(from);
    });
    await this.#or(journal, "goBack", async () => {
      this.#reach(journal, "switching");
      if (takesCopy) await this.#database.restore(to);
      this.#releases.switchTo(to);
      this.#reach(journal, "checking");
      await this.#service.start();
      await this.#options.health.wait(to, this.#options.config.healthTimeoutMs);
    });
    return this.#keep(journal, takesCopy);
  }

  /** Whoever is in a session is told, and has time to finish a sentence. */
  async #warn(current: string): Promise<void> {
    const { warningMs } = this.#options.config;
    if (warningMs === 0 || (await this.#options.health.version()) !== current) return;
    if (!(await this.#service.warn())) return;
    this.#options.told({ step: "warning" });
    await pause(warningMs);
  }

  /** The new release stays, and the one before beside it. */
  async #keep(journal: Journal, isDatabaseRestored = false): Promise<UpdateResult> {
    const { from, to, kind } = journal;
    this.#reach(journal, "keeping");
    // Back from where one came from: that release has disappointed, and goes.
    const kept = kind === "update" ? [to, from] : [to];
    await this.#database.keepOnly(from);
    await this.#releases.keepOnly(kept);
    return this.#end(journal, { isDatabaseRestored });
  }

  /** Nothing has changed yet: the server goes on where it was stopped. */
  async #abandon(journal: Journal, error: UpdateError, isServed: boolean): Promise<UpdateResult> {
    const { stage, kind, to } = journal;
    await rm(this.#releases.draftOf(to), { recursive: true, force: true });
    if (kind === "update") await rm(this.#releases.folderOf(to), { recursive: true, force: true });
    if (isServed && stage !== "unpacking") await this.#service.start();
    return this.#end(journal, { isDatabaseRestored: false, error });
  }

  /** The release before is the current one again; asked again, it does the same again. */
  async #goBack(journal: Journal, error: UpdateError, isServed: boolean): Promise<UpdateResult> {
    const { from, to, kind } = journal;
    this.#reach(journal, "going-back");
    const isDatabaseRestored = await this.#restoreChanged(from);
    this.#releases.switchTo(from);
    if (kind === "update") await rm(this.#releases.folderOf(to), { recursive: true, force: true });
    if (isServed) await this.#service.start();
    return this.#end(journal, { isDatabaseRestored, error });
  }

  /** Puts the copy back when the schema is another one than when the release was left. */
  async #restoreChanged(from: string): Promise<boolean> {
    if (!this.#database.has(from)) return false;
    if ((await this.#database.schema()) === (await this.#database.schema(from))) return false;
    await this.#database.restore(from);
    return true;
  }

  /** Does a part of an update; when it fails, undoes it and says why. */
  async #or(
    journal: Journal,
    otherwise: "abandon" | "goBack",
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (cause) {
      const error = toUpdateError(cause);
      const now = this.#notes.journal ?? journal;
      if (otherwise === "abandon") await this.#abandon(now, error, true);
      else {
        await this.#service.stop();
        await this.#goBack(now, error, true);
      }
      throw error;
    }
  }

  #end(
    { kind, from, to, by, startedAt }: Journal,
    outcome: { isDatabaseRestored: boolean; error?: UpdateError },
  ): UpdateResult {
    const { error, isDatabaseRestored } = outcome;
    const why = error && { fault: error.fault, message: error.message.slice(0, 2000) };
    const endedAt = this.#options.clock.now();
    const result = { kind, from, to, by, startedAt, endedAt, isDatabaseRestored, ...why };
    this.#notes.end(result);
    return result;
  }

  #journal(kind: Journal["kind"], to: string, by: string): Journal {
    const startedAt = this.#options.clock.now();
    return { stage: "unpacking", kind, from: this.#releases.current, to, by, startedAt };
  }

  #reach(journal: Journal, stage: Stage): void {
    this.#notes.reach({ ...journal, stage });
    this.#options.told({ step: stage });
  }

  #open(file: string, allowOlder: boolean) {
    const { updateKeysDirectory: keysDirectory } = this.#options.config;
    const [releases, database] = [this.#releases, this.#database];
    return openSuitable(file, { releases, database, keysDirectory, allowOlder });
  }

  /** @throws UpdateError `busy` also when an earlier update was cut short */
  #begin(): Disposable {
    const lock = this.#hold();
    if (!this.#notes.journal) return lock;
    lock[Symbol.dispose]();
    throw new UpdateError(
      "busy",
      "An update was cut short. `handrail update recover` finishes or undoes it.",
    );
  }

  #hold(): Disposable {
    const lock = holdFile(path.join(this.#releases.notesFolder, "lock"), 0);
    if (lock) return lock;
    throw new UpdateError("busy", "Another update is under way.");
  }

  get #previous(): string | undefined {
    const { current } = this.#releases;
    return this.#releases.list().find((each) => each !== current && this.#releases.has(each));
  }
}
