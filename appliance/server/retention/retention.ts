/**
 * Deletes what the site keeps no longer of its sessions: at the start and once an hour. The row of
 * the audit log and the mark at the session come first, in one transaction; files go after them, so
 * that a deletion which is cut short is finished by the next run and never happens unseen.
 */
import { statfs } from "node:fs/promises";
import { HandrailError, type Lsid, toHandrailError } from "@handrail/protocol";
import { type RetentionSettings, retentionShape } from "@handrail/protocol/upkeep";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { KeptKind, RecordingStore } from "../store/recordings.ts";
import type { Purge, PurgeKind, RetentionStore } from "../store/retention.ts";
import { type Candidate, latestEnd, select, type Selection } from "./selection.ts";

/** What keeping and deleting rest on. */
export interface RetentionOptions {
  readonly values: ApplianceValues;
  readonly retention: RetentionStore;
  readonly recordings: RecordingStore;
  readonly recordingsDirectory: string;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether something reads all recordings, as a backup does. */
  readonly isBeingRead: () => boolean;
}

/** Who wants something; the audit log has it. */
export interface RetentionAuthor {
  readonly name: string;
  readonly id?: string;
}

const settingsName = "retention";
const startDelayMs = 30_000;
const everyMs = 3_600_000;
/** A row of the audit log stands for no more sessions than that. */
const maxPerRow = 500;
const kindsOf: Readonly<Record<PurgeKind, readonly KeptKind[]>> = {
  recordings: ["recordings", "shells"],
  snapshots: ["snapshots"],
};

/** How long the site keeps what sessions leave behind. */
export class Retention implements AsyncDisposable {
  readonly #options: RetentionOptions;
  #running: Promise<void> | undefined;
  #timer: Disposable | undefined;
  #isStopping = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#wait(startDelayMs);
  }

  get settings(): RetentionSettings {
    const stored = this.#options.values.read(settingsName);
    return stored ? retentionShape.parse(JSON.parse(stored.toString())) : {};
  }

  /** Changes them, and deletes at once what they keep no longer. @throws HandrailError `disk-full` */
  async change(settings: RetentionSettings, { name: who, id: whoId }: RetentionAuthor) {
    const { audit, values } = this.#options;
    const detail = {
      retention: JSON.stringify(settings),
      retentionBefore: JSON.stringify(this.settings),
    };
    const also = () => values.write(settingsName, Buffer.from(JSON.stringify(settings)));
    await audit.append({ event: "retention.changed", who, whoId, detail }, { also });
    // A run that goes on has chosen by what held before.
    void Promise.resolve(this.#running).then(() => this.run());
  }

  /** Keeps all of a session for ever, or as the site does. @throws HandrailError `disk-full` */
  async keep(lsid: Lsid, isKept: boolean, { name: who, id: whoId }: RetentionAuthor) {
    const { audit, retention } = this.#options;
    if (retention.isKept(lsid) === isKept) return;
    const event = isKept ? "session.kept" : "session.no-longer-kept";
    const also = () => retention.setKept(lsid, isKept);
    await audit.append({ event, who, whoId, lsid }, { also });
  }

  /** Deletes what is due, one run at a time. Never rejects: what is left is for the next run. */
  run(): Promise<void> {
    this.#running ??= this.#run()
      .catch((error: unknown) =>
        this.#options.log.error("retention.failed", { error: toHandrailError(error) }),
      )
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#timer?.[Symbol.dispose]();
    await this.#running;
  }

  #wait(delayMs: number): void {
    this.#timer = this.#options.clock.after(delayMs, () => {
      void this.run();
      this.#wait(everyMs);
    });
  }

  async #run(): Promise<void> {
    if (this.#isStopping || this.#options.isBeingRead()) return;
    await this.#removeFiles();
    for (const selection of await this.#select()) {
      for (let first = 0; first < selection.chosen.length; first += maxPerRow) {
        if (this.#isStopping) return;
        const chosen = selection.chosen.slice(first, first + maxPerRow);
        await this.#purge({ ...selection, chosen });
      }
    }
  }

  async #select(): Promise<Selection[]> {
    const { clock, recordingsDirectory } = this.#options;
    const { settings } = this;
    if (Object.keys(settings).length === 0) return [];
    const { bavail, bsize } = await statfs(recordingsDirectory);
    const now = clock.now();
    return select(await this.#candidates(), { settings, now, freeBytes: bavail * bsize });
  }

  async #candidates(): Promise<Candidate[]> {
    const { clock, recordings, retention } = this.#options;
    const ended = retention.endedBefore(latestEnd(clock.now()));
    const found = new Map<string, Candidate>();
    for await (const { lsid, kind: keptKind, sizeBytes } of recordings.files()) {
      const endedAt = ended.get(lsid);
      if (endedAt === undefined || recordings.isHeld(lsid)) continue;
      const kind = keptKind === "snapshots" ? "snapshots" : "recordings";
      const key = `${lsid} ${kind}`;
      const before = found.get(key)?.sizeBytes ?? 0;
      found.set(key, { lsid, kind, endedAt, sizeBytes: before + sizeBytes });
    }
    // What is marked already is for `#removeFiles`, and counted in the audit log.
    for (const { lsid, kind } of retention.unfinished()) found.delete(`${lsid} ${kind}`);
    return [...found.values()];
  }

  async #purge(selection: Selection): Promise<void> {
    const { audit, clock, log, retention } = this.#options;
    const { chosen, keepDays } = selection;
    const at = clock.now();
    const also = () => retention.mark(chosen, keepDays === undefined ? { at } : { at, keepDays });
    const detail = detailOf(selection);
    try {
      await audit.append({ event: "retention.purged", who: "appliance", detail }, { also });
    } catch (error) {
      if (!(error instanceof HandrailError) || error.code !== "conflict") throw error;
      // Somebody wants one of them kept since they were chosen: the next run chooses anew.
      return log.warn("retention.put-off", { error });
    }
    await this.#removeFiles();
  }

  /** Removes the files of all that is marked, but for what somebody looks at just now. */
  async #removeFiles(): Promise<void> {
    for (const purge of this.#options.retention.unfinished()) {
      if (!this.#isStopping) await this.#remove(purge);
    }
  }

  async #remove(purge: Purge): Promise<void> {
    const { recordings, retention } = this.#options;
    if (recordings.isHeld(purge.lsid)) return;
    await recordings.remove(purge.lsid, kindsOf[purge.kind]);
    retention.finish(purge);
  }
}

/** How many, how much, and from which days on to which their sessions ended. */
function detailOf({ kind, chosen, keepDays }: Selection): AuditDetail {
  const day = (each: Candidate | undefined) =>
    new Date(each?.endedAt ?? 0).toISOString().slice(0, 10);
  return {
    what: kind,
    count: chosen.length,
    sizeBytes: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    from: day(chosen[0]),
    to: day(chosen.at(-1)),
    ...(keepDays === undefined ? {} : { keepDays }),
  };
}
