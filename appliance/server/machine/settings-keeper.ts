import { setTimeout as pause } from "node:timers/promises";
import type {
  MachineState,
  NetworkSettings,
  SshSettings,
  TimeSettings,
} from "@handrail/protocol/upkeep";
import type { Clock } from "../clock.ts";
import type { SettingsConfig } from "../update/machine-config.ts";
import { runCommand } from "../update/service.ts";
import {
  isMachineName,
  isSshKey,
  isTimeZone,
  mustBeProxy,
  mustBeTimeServers,
  networkFault,
} from "./machine-check.ts";
import { networkFiles, readNetworkFiles, vlanName } from "./network-file.ts";
import { NetworkNow } from "./network-now.ts";
import { NetworkTrial } from "./network-trial.ts";
import { MachineSettingsError } from "./settings-error.ts";
import type { SettingsRequest } from "./settings-request.ts";
import { SystemFiles, systemFiles } from "./system-files.ts";

const lookEveryMs = 500;
const sshRule = "tcp dport 22 accept\n";

/** Reads and sets what the machine's files say, as root; everything is checked here. */
export class SettingsKeeper {
  readonly #config: SettingsConfig;
  readonly #clock: Clock;
  readonly #files: SystemFiles;
  readonly #now: NetworkNow;
  readonly #trial: NetworkTrial;

  constructor(config: SettingsConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    this.#files = new SystemFiles(config.root);
    this.#now = new NetworkNow(config, this.#files);
    this.#trial = new NetworkTrial(config.networkTrialFile, this.#files);
  }

  /** Does what was asked for; gives the state where that was it. @throws MachineSettingsError */
  async perform(request: SettingsRequest): Promise<MachineState | undefined> {
    switch (request.verb) {
      case "read":
        return this.#read();
      case "network-set":
        return this.#setNetwork(request.settings);
      case "network-confirm":
        return this.#confirmNetwork();
      case "network-undo":
        if (!(await this.undoNetwork())) throw new MachineSettingsError("nothing-to-confirm");
        return undefined;
      case "time-set":
        return this.#setTime(request.settings);
      case "proxy-set":
        mustBeProxy(request.settings);
        this.#files.writeProxy(request.settings);
        return undefined;
      case "ssh-set":
        return this.#setSsh(request.settings);
      case "host-name-set":
        if (!isMachineName(request.hostName)) throw new MachineSettingsError("bad-host-name");
        await runCommand([...this.#config.hostNameCommand, request.hostName]);
        return undefined;
    }
  }

  /** Takes back a network that nobody has kept; false when none waits. */
  async undoNetwork(): Promise<boolean> {
    const tried = this.#network;
    if (!this.#trial.undo()) return false;
    await this.#takeUp(tried);
    await runCommand(this.#config.stopTrialCommand);
    return true;
  }

  get #network(): NetworkSettings {
    return readNetworkFiles((name) => this.#files.read(name));
  }

  async #read(): Promise<MachineState> {
    const { confirmBefore } = this.#trial;
    return {
      hostName: this.#files.read(systemFiles.hostName)?.trim() ?? "",
      network: {
        settings: this.#network,
        ...(await this.#now.read()),
        ...(confirmBefore === undefined ? {} : { confirmBefore }),
      },
      time: this.#files.time,
      proxy: this.#files.proxy,
      ssh: { authorisedKey: this.#files.read(systemFiles.sshKey)?.trim() ?? "" },
    };
  }

  async #setNetwork(settings: NetworkSettings): Promise<undefined> {
    const fault = networkFault(settings);
    if (fault) throw new MachineSettingsError(fault);
    const before = this.#network;
    const { networkTrialMs, startTrialCommand } = this.#config;
    this.#trial.begin(networkFiles(settings), this.#clock.now() + networkTrialMs);
    await runCommand(startTrialCommand);
    await this.#takeUp(before);
    if (settings.method === "dhcp" || (await this.#isTakenUp(settings.addresses))) return undefined;
    await this.undoNetwork();
    throw new MachineSettingsError("address-taken");
  }

  async #confirmNetwork(): Promise<undefined> {
    if (!this.#trial.keep()) throw new MachineSettingsError("nothing-to-confirm");
    await runCommand(this.#config.stopTrialCommand);
    return undefined;
  }

  /** Has the network be as the files say now, which said `before` until now. */
  async #takeUp(before: NetworkSettings): Promise<void> {
    await runCommand(this.#config.reloadNetworkCommand);
    const was = vlanOf(before);
    if (was !== undefined && was !== vlanOf(this.#network)) await this.#now.remove(vlanName(was));
  }

  /** Without a line nobody can be asked for an address, and nobody can have it. */
  async #isTakenUp(addresses: readonly string[]): Promise<boolean> {
    const end = this.#clock.now() + this.#config.networkSettleMs;
    for (;;) {
      const standing = await this.#now.standingOf(addresses);
      if (standing === "taken-up") return true;
      if (standing === "refused") return false;
      if (this.#clock.now() >= end) return standing === "no-line";
      await pause(lookEveryMs);
    }
  }

  async #setTime(time: TimeSettings): Promise<undefined> {
    const { ntpServers, zone } = time;
    if (!isTimeZone(zone) || !this.#files.knowsTimeZone(zone)) {
      throw new MachineSettingsError("unknown-zone");
    }
    mustBeTimeServers(time);
    this.#files.writeTimeServers(ntpServers);
    this.#files.writeTimeZone(zone);
    await runCommand(this.#config.reloadTimeCommand);
    return undefined;
  }

  /** The door is opened last, and closed first. */
  async #setSsh({ authorisedKey }: SshSettings): Promise<undefined> {
    const { reloadFirewallCommand, startSshCommand, stopSshCommand } = this.#config;
    const key = authorisedKey.trim();
    if (key === "") {
      this.#files.write(systemFiles.sshRule, undefined);
      await runCommand(reloadFirewallCommand);
      await runCommand(stopSshCommand);
      this.#files.write(systemFiles.sshKey, undefined);
      return undefined;
    }
    if (this.#config.ssh === "never") throw new MachineSettingsError("ssh-never");
    if (!isSshKey(key)) throw new MachineSettingsError("bad-ssh-key");
    const names = [systemFiles.sshKey, systemFiles.sshRule] as const;
    const before = names.map((name) => this.#files.read(name));
    try {
      this.#files.write(systemFiles.sshKey, `${key}\n`);
      await runCommand(startSshCommand);
      this.#files.write(systemFiles.sshRule, sshRule);
      await runCommand(reloadFirewallCommand);
    } catch (error) {
      // Else it would hold from the machine's next start on, although it was refused.
      for (const [i, name] of names.entries()) this.#files.write(name, before[i]);
      throw error;
    }
    return undefined;
  }
}

function vlanOf(settings: NetworkSettings): number | undefined {
  return settings.method === "static" ? settings.vlan : undefined;
}
