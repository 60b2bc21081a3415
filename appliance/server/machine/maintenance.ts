import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditLog } from "../store/audit.ts";
import { readKnown, readLookTrouble, readTried, writeTried } from "../update/channel/known.ts";
import { isOpen } from "../update/channel/window.ts";
import { UpdateError } from "../update/update-error.ts";
import type { ChannelDesk } from "./channel-desk.ts";
import type { MachineDesk } from "./machine-desk.ts";
import type { UpdateDesk } from "./update-desk.ts";

/** What maintenance rests on. */
export interface MaintenanceOptions {
  readonly channelDesk: ChannelDesk;
  readonly machineDesk: MachineDesk;
  readonly updateDesk: UpdateDesk;
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether something is under way that a restart would cut short. */
  readonly isBusy: () => boolean;
  /** Whether what was installed on the machine needs a restart of it. */
  readonly needsRestart: () => Promise<boolean>;
}

const lookEveryMs = 60_000;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
/** What needs a restart after a restart as well is not mended by another one. */
const restartEveryMs = 20 * hourMs;
const restartedName = "maintenance-restarted-at";
const appliance = "appliance";

/**
 * What the appliance does by itself: looks for releases once a day, fetches the newest, and, in the
 * maintenance window alone, installs it and restarts the machine where that is needed. Each release
 * is tried once, and none that somebody has gone back from; whatever goes wrong is in the audit log
 * and waits for an administrator.
 */
export class Maintenance implements AsyncDisposable {
  readonly #options: MaintenanceOptions;
  #timer: Disposable | undefined;
  #working: Promise<void> | undefined;
  #fetchAfter = 0;
  #isStopping = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Does what is due now. */
  async work(): Promise<void> {
    const { log } = this.#options;
    try {
      await this.#lookForReleases();
      await this.#fetch();
      if (!(await this.#install())) await this.#restart();
    } catch (error) {
      // Those whom it concerns find it in the audit log; the next look goes on.
      log.warn("maintenance.failed", { error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true;
    this.#timer?.[Symbol.dispose]();
    // What is on its way is given up: nobody who stops waits for another server.
    await this.#options.channelDesk[Symbol.asyncDispose]();
    await this.#working;
  }

  #arm(): void {
    if (this.#isStopping) return;
    this.#timer = this.#options.clock.after(lookEveryMs, () => {
      this.#working = this.work().finally(() => this.#arm());
    });
  }

  async #lookForReleases(): Promise<void> {
    const { channelDesk, clock, values } = this.#options;
    const { channel, looksDaily } = channelDesk.settings;
    if (!channel || !looksDaily) return;
    const now = clock.now();
    const lookedAt = readKnown(values, channel.url)?.lookedAt;
    const troubleAt = readLookTrouble(values)?.at;
    // A clock that was set back must not keep it from looking.
    if (isWithin(lookedAt, now, dayMs) || isWithin(troubleAt, now, hourMs)) return;
    await channelDesk.look();
  }

  async #fetch(): Promise<void> {
    const { channelDesk, clock } = this.#options;
    const { state } = channelDesk;
    if (!this.#mayInstall || state.isFetched || state.fetching) return;
    if (clock.now() < this.#fetchAfter) return;
    this.#fetchAfter = clock.now() + hourMs;
    await channelDesk.fetch({ who: appliance });
  }

  /** Whether it has begun. */
  async #install(): Promise<boolean> {
    const { audit, channelDesk, updateDesk, values } = this.#options;
    const { fetchedFile, offered } = channelDesk;
    if (!this.#isTime || !this.#mayInstall || fetchedFile === undefined || !offered) return false;
    try {
      writeTried(values, offered.version);
      await updateDesk.install(fetchedFile, appliance);
    } catch (error) {
      if (!(error instanceof UpdateError)) throw error;
      const detail = { version: offered.version, because: `update-${error.fault}` };
      const writing = audit.append({ event: "update.not-begun", who: appliance, detail });
      audit.flush();
      await writing;
    }
    return true;
  }

  async #restart(): Promise<void> {
    const { channelDesk, clock, machineDesk, needsRestart, values } = this.#options;
    if (!this.#isTime || channelDesk.settings.restarts !== "in-window") return;
    const now = clock.now();
    const restartedAt = Number(values.read(restartedName)?.toString() ?? Number.NaN);
    if (isWithin(restartedAt, now, restartEveryMs)) return;
    if (!machineDesk.canRestart || !(await needsRestart())) return;
    values.write(restartedName, Buffer.from(String(now)));
    await machineDesk.act("reboot", { who: appliance });
  }

  /** Whether nothing speaks against a restart now. */
  get #isTime(): boolean {
    const { channelDesk, clock, isBusy, updateDesk } = this.#options;
    const { window } = channelDesk.settings;
    return isOpen(window, clock.now()) && !updateDesk.isRunning && !isBusy();
  }

  /** Whether there is a release that is to be installed by itself, and was not tried. */
  get #mayInstall(): boolean {
    const { channelDesk, machineDesk, updateDesk, values } = this.#options;
    const { offered, settings } = channelDesk;
    if (!offered || !machineDesk.canRestart || settings.installs !== "in-window") return false;
    return ![readTried(values), updateDesk.disappointing].includes(offered.version);
  }
}

function isWithin(at: number | undefined, now: number, ms: number): boolean {
  return at !== undefined && at <= now && now - at < ms;
}
