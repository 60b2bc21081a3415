import { rm } from "node:fs/promises";
import path from "node:path";
import { HandrailError, toHandrailError } from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { AuditLog } from "../store/audit.ts";
import { writePiece } from "../store/piece-file.ts";
import { moveInPlace } from "../update/durable.ts";
import { type UpdateResult, updateNotesIn } from "../update/journal.ts";
import { toUpdateError, type UpdateFault, UpdateError } from "../update/update-error.ts";
import type { Machine } from "./machine.ts";
import { type MachineAnswer, type MachineRequest, uploadName } from "./request.ts";

/** What an update rests on, as the server sees it. */
export interface UpdateDeskOptions {
  readonly machine: Machine;
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDirectory: string;
  /** Folder of the releases. */
  readonly releasesDirectory: string;
}

type Step = Extract<MachineAnswer, { progress: unknown }>["progress"];
type Wish = Extract<MachineRequest, { verb: "update-install" | "update-rollback" }>;

/** How it stands with updates. */
export interface UpdateState {
  /** Whether this is an appliance that can be updated at all. */
  readonly isAppliance: boolean;
  /** Under way: `to` is known once the release is unpacked. */
  readonly running?: Step & { readonly to?: string };
  /** Why the last one was not begun. */
  readonly refused?: UpdateFault;
  readonly last?: UpdateResult;
}

/** The key under which it is kept which results are in the audit log already. */
const toldName = "update-told";
const lookEveryMs = 2_000;

/** Has the machine install releases for administrators, and writes down how that ended. */
export class UpdateDesk implements Disposable {
  readonly #options: UpdateDeskOptions;
  readonly #notes: ReturnType<typeof updateNotesIn>;
  #step: Step | undefined;
  #refused: UpdateFault | undefined;
  #telling: Promise<void> | undefined;
  #timer: Disposable | undefined;

  constructor(options: UpdateDeskOptions) {
    this.#options = options;
    this.#notes = updateNotesIn(options.releasesDirectory);
    this.#look();
  }

  /** Whether an update is under way. */
  get isRunning(): boolean {
    return this.#step !== undefined || this.#notes.journal !== undefined;
  }

  /** The release that was left last, or was not kept: installing it again is for people to decide. */
  get disappointing(): string | undefined {
    const { result } = this.#notes;
    if (result?.kind === "rollback") return result.from;
    return result?.fault === undefined ? undefined : result.to;
  }

  /** Whatever it says has ended is in the audit log by then. */
  async state(): Promise<UpdateState> {
    await this.#tell();
    const { journal, result } = this.#notes;
    const step = this.#step ?? (journal && { step: journal.stage });
    return {
      isAppliance: this.#options.machine.isThere,
      ...(step ? { running: { ...step, ...(journal ? { to: journal.to } : {}) } } : {}),
      ...(this.#refused === undefined ? {} : { refused: this.#refused }),
      ...(result ? { last: result } : {}),
    };
  }

  /** Takes the next piece of a bundle; false when it is not the next one. @throws UpdateError */
  async write(at: number, piece: Buffer): Promise<boolean> {
    this.#mustBeFree();
    this.#refused = undefined;
    return writePiece(this.#upload, at, piece).catch((error: unknown) => {
      throw toUpdateError(error);
    });
  }

  /** The version of the bundle that was sent. @throws UpdateError why it cannot be installed */
  async check(): Promise<string> {
    this.#mustBeFree();
    const end = await this.#options.machine.ask({ verb: "update-check" });
    if ("done" in end) return end.done.version ?? "";
    await rm(this.#upload, { force: true });
    throw new UpdateError(end.refused.fault, end.refused.message);
  }

  /** Begins; `state` tells how it goes on, also that of the server that comes after this one. */
  begin(wish: Wish): void {
    this.#mustBeFree();
    this.#refused = undefined;
    this.#step = { step: "unpacking" };
    void this.#follow(wish);
  }

  /**
   * Installs a bundle that lies on the same disk, which takes the place of one that was sent.
   * @throws UpdateError why it cannot be installed; `state` says it as well
   */
  async install(file: string, by: string): Promise<void> {
    this.#mustBeFree();
    this.#refused = undefined;
    try {
      moveInPlace(file, this.#upload);
      await this.check();
      this.begin({ verb: "update-install", by });
    } catch (error) {
      if (error instanceof UpdateError) this.#refused = error.fault;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  async #follow(wish: Wish): Promise<void> {
    const { log, machine } = this.#options;
    try {
      const end = await machine.ask(wish, (step) => (this.#step = step));
      if ("refused" in end) this.#refused = end.refused.fault;
    } catch (error) {
      // It ends with this server as well, when the machine stops that.
      log.warn("update.out-of-sight", { error: toHandrailError(error) });
    }
    this.#step = undefined;
    await rm(this.#upload, { force: true });
  }

  #mustBeFree(): void {
    const { machine } = this.#options;
    if (!machine.isThere)
      throw new HandrailError("unavailable", "this is not an appliance's image");
    if (this.isRunning) throw new UpdateError("busy", "An update is under way.");
  }

  get #upload(): string {
    return path.join(this.#options.dataDirectory, "update", uploadName);
  }

  /** Looks whether an update has ended that is not in the audit log. */
  #look(): void {
    void this.#tell();
    this.#timer = this.#options.clock.after(lookEveryMs, () => this.#look());
  }

  /** One at a time, so that nothing is told twice. */
  #tell(): Promise<void> {
    this.#telling ??= this.#writeDown()
      .catch((error: unknown) => {
        this.#options.log.error("update.not-told", { error: toHandrailError(error) });
      })
      .finally(() => (this.#telling = undefined));
    return this.#telling;
  }

  async #writeDown(): Promise<void> {
    const { audit, values } = this.#options;
    const { result } = this.#notes;
    if (!result) return;
    const mark = Buffer.from(`${result.startedAt} ${result.endedAt}`);
    if (values.read(toldName)?.equals(mark)) return;
    const also = () => values.write(toldName, mark);
    const entry = { event: eventOf(result), who: result.by, detail: detailOf(result) };
    const writing = audit.append(entry, { also });
    audit.flush();
    await writing;
  }
}

function eventOf({ fault, kind }: UpdateResult): string {
  if (fault !== undefined) return "update.failed";
  return kind === "rollback" ? "update.rolled-back" : "update.installed";
}

function detailOf({ from, to, fault, isDatabaseRestored }: UpdateResult): AuditDetail {
  return {
    version: to,
    versionBefore: from,
    ...(fault === undefined ? {} : { because: `update-${fault}` }),
    ...(isDatabaseRestored ? { isDatabaseRestored } : {}),
  };
}
