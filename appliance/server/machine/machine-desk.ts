import { isDeepStrictEqual } from "node:util";
import {
  type MachineState,
  type NetworkSettings,
  networkSettingsShape,
  type ProxySettings,
  type SshSettings,
  type TimeSettings,
} from "@handrail/protocol/upkeep";
import { HandrailError, toHandrailError } from "@handrail/protocol";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ApplianceValues } from "../store/appliance-values.ts";
import type { AuditDetail } from "../store/audit-row.ts";
import type { AuditEntry, AuditLog } from "../store/audit.ts";
import type { Machine, MachineEnd } from "./machine.ts";
import type { MachineSettings } from "./machine-settings.ts";
import { mustBeProxy, mustBeTimeServers } from "./machine-check.ts";
import { machineFaultOf } from "./settings-error.ts";
import { keyFingerprint, networkText, timeText } from "./settings-text.ts";

/** What can be started anew, or switched off. */
export const machineActs = ["restart", "reboot", "power-off"] as const;
/** One of these. */
export type MachineAct = (typeof machineActs)[number];

/** Who wants something done: the name as the audit log has it, and the account. */
export type Wisher = Pick<AuditEntry, "who" | "whoId">;

/** What the desk rests on. */
export interface MachineDeskOptions {
  readonly machine: Machine;
  readonly settings: MachineSettings;
  readonly values: ApplianceValues;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
}

/** The settings of the network that wait for somebody to keep them. */
const waitingShape = z.object({
  before: networkSettingsShape,
  settings: networkSettingsShape,
  /** Unix ms. */
  confirmBefore: z.number(),
});
type Waiting = z.infer<typeof waitingShape>;

const waitingName = "network-waiting";
/** The machine goes back at the moment itself, and needs a little for it. */
const lookAfterMs = 5_000;
/** What has not been refused by then is under way: it ends with this server. */
const refusedWithinMs = 2_000;

/**
 * Changes the machine's settings for administrators, and writes down what they were and are. The
 * machine checks them itself, and goes back to its former network unless somebody keeps the new one.
 */
export class MachineDesk implements Disposable {
  readonly #options: MachineDeskOptions;
  #timer: Disposable | undefined;

  constructor(options: MachineDeskOptions) {
    this.#options = options;
    if (this.#waiting) this.#look(lookAfterMs);
  }

  /** Whether there is a machine that can be started anew and switched off. */
  get canRestart(): boolean {
    return this.#options.machine.isThere;
  }

  /** Whether there is a machine whose settings can be seen and changed. */
  get hasSettings(): boolean {
    return this.#options.settings.isThere;
  }

  /** What the machine says of its settings. @throws HandrailError `unavailable`, and as setNetwork */
  async state(): Promise<MachineState> {
    const state = await this.#door.read();
    await this.#settle(state.network.settings, state.network.confirmBefore);
    return state;
  }

  /**
   * Sets the network. Unless it is kept before `confirmBefore`, the former settings return.
   * @throws an error with the `fault` for which the machine does not take it
   */
  async setNetwork(settings: NetworkSettings, by: Wisher): Promise<void> {
    const { network } = await this.state();
    const detail = { networkBefore: networkText(network.settings), network: networkText(settings) };
    await this.#change("machine.network-set", by, detail, () => this.#door.setNetwork(settings));
    const { confirmBefore } = (await this.#door.read()).network;
    if (confirmBefore === undefined) return;
    this.#wait({ before: network.settings, settings, confirmBefore });
    this.#lookAt(confirmBefore);
  }

  /** Keeps the settings of the network. @throws an error with the fault `nothing-to-confirm` */
  async confirmNetwork(by: Wisher): Promise<void> {
    const { settings } = (await this.state()).network;
    await this.#door.confirmNetwork();
    const detail = { network: networkText(settings) };
    await this.#write("machine.network-confirmed", by, detail, () => this.#forget());
  }

  /** Goes back to the former settings. @throws an error with the fault `nothing-to-confirm` */
  async undoNetwork(by: Wisher): Promise<void> {
    const networkBefore = networkText((await this.state()).network.settings);
    const waiting = this.#waiting;
    // Whoever looks meanwhile shall not take it for the machine's own doing.
    this.#forget();
    try {
      await this.#door.undoNetwork();
    } catch (error) {
      if (waiting) this.#wait(waiting);
      throw error;
    }
    const { network } = await this.#door.read();
    const detail = { networkBefore, network: networkText(network.settings) };
    await this.#write("machine.network-undone", by, detail);
  }

  /** As with a proxy: what is no server's name may be a secret. @throws as setNetwork */
  async setTime(time: TimeSettings, by: Wisher): Promise<void> {
    mustBeTimeServers(time);
    const before = (await this.state()).time;
    const detail = { timeBefore: timeText(before), time: timeText(time) };
    await this.#change("machine.time-set", by, detail, () => this.#door.setTime(time));
  }

  /** What is no proxy is not written down either: it may hold a password. @throws as setNetwork */
  async setProxy(proxy: ProxySettings, by: Wisher): Promise<void> {
    mustBeProxy(proxy);
    const before = (await this.state()).proxy;
    const detail = { addressBefore: before.address, address: proxy.address };
    await this.#change("machine.proxy-set", by, detail, () => this.#door.setProxy(proxy));
  }

  /** The audit log has the fingerprints of the keys. @throws as setNetwork */
  async setSsh(ssh: SshSettings, by: Wisher): Promise<void> {
    const before = (await this.state()).ssh;
    const detail = {
      keyBefore: keyFingerprint(before.authorisedKey),
      key: keyFingerprint(ssh.authorisedKey),
    };
    await this.#change("machine.ssh-set", by, detail, () => this.#door.setSsh(ssh));
  }

  /** @throws as setNetwork */
  async setHostName(hostName: string, by: Wisher): Promise<void> {
    const { hostName: before } = await this.state();
    const detail = { nameBefore: before, name: hostName };
    await this.#change("machine.host-name-set", by, detail, () => this.#door.setHostName(hostName));
  }

  /**
   * Has the server or the machine start anew, or switches it off; everyone is told before. Resolves
   * when it is under way. @throws HandrailError `unavailable` when there is no machine, or it refuses
   */
  async act(act: MachineAct, by: Wisher): Promise<void> {
    const { clock, machine } = this.#options;
    if (!machine.isThere) throw new HandrailError("unavailable", "there is no such machine here");
    await this.#write(`machine.${act}`, by, {});
    const begun = Promise.withResolvers<MachineEnd | undefined>();
    const timer = clock.after(refusedWithinMs, () => begun.resolve(undefined));
    machine
      .ask({ verb: act, by: by.who.slice(0, 100) }, () => begun.resolve(undefined))
      .then(begun.resolve, begun.reject);
    const end = await begun.promise.finally(() => timer[Symbol.dispose]());
    if (end && "refused" in end) throw new HandrailError("unavailable", end.refused.message);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  get #door(): MachineSettings {
    const { settings } = this.#options;
    if (settings.isThere) return settings;
    throw new HandrailError("unavailable", "there is no such machine here");
  }

  get #waiting(): Waiting | undefined {
    const kept = this.#options.values.read(waitingName);
    return kept && waitingShape.safeParse(JSON.parse(kept.toString())).data;
  }

  #wait(waiting: Waiting): void {
    this.#options.values.write(waitingName, Buffer.from(JSON.stringify(waiting)));
  }

  #forget(): void {
    this.#options.values.remove(waitingName);
  }

  #lookAt(confirmBefore: number): void {
    this.#look(Math.max(0, confirmBefore - this.#options.clock.now()) + lookAfterMs);
  }

  /** Looks whether the machine has gone back by itself. */
  #look(afterMs: number): void {
    const { clock, log } = this.#options;
    this.#timer?.[Symbol.dispose]();
    this.#timer = clock.after(afterMs, () => {
      this.state().catch((error: unknown) => {
        log.warn("machine.not-read", { error: toHandrailError(error) });
      });
    });
  }

  /** Writes down, once, what nobody has decided: the machine has its former network again. */
  async #settle(now: NetworkSettings, confirmBefore: number | undefined): Promise<void> {
    const waiting = this.#waiting;
    if (!waiting) return;
    if (confirmBefore !== undefined) return this.#lookAt(confirmBefore);
    // Kept by the command, which has written that down.
    if (!isDeepStrictEqual(now, waiting.before)) return this.#forget();
    const detail = { networkBefore: networkText(waiting.settings), network: networkText(now) };
    const appliance = { who: "appliance" };
    await this.#write("machine.network-undone", appliance, detail, () => this.#forget());
  }

  /**
   * Has the machine do what is written down already: nothing comes into force that no row tells of.
   * What it refuses has a row, too.
   */
  async #change(
    event: string,
    by: Wisher,
    detail: AuditDetail,
    work: () => Promise<void>,
  ): Promise<void> {
    await this.#write(event, by, detail);
    try {
      await work();
    } catch (error) {
      const because = `machine-${machineFaultOf(error) ?? "failed"}`;
      await this.#write("machine.not-set", by, { ...detail, because });
      throw error;
    }
  }

  async #write(event: string, by: Wisher, detail: AuditDetail, also?: () => void): Promise<void> {
    const { audit } = this.#options;
    const writing = audit.append({ event, ...by, detail }, also ? { also } : {});
    audit.flush();
    await writing;
  }
}
