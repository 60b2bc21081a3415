import { statSync } from "node:fs";
import { HandrailError } from "@handrail/protocol";
import type {
  MachineState,
  NetworkSettings,
  ProxySettings,
  SshSettings,
  TimeSettings,
} from "@handrail/protocol/upkeep";
import { askProgram } from "./conversation.ts";
import { MachineSettingsError } from "./settings-error.ts";
import { settingsAnswerShape, type SettingsRequest } from "./settings-request.ts";

/**
 * The machine's own settings, which root reads and sets. Whatever is not taken is refused with a
 * MachineSettingsError; a machine that does not answer with a HandrailError `unavailable`.
 */
export class MachineSettings {
  readonly #socketFile: string;

  constructor(socketFile: string) {
    this.#socketFile = socketFile;
  }

  /** Whether there is a machine that does as it is asked: not in a checkout. */
  get isThere(): boolean {
    return statSync(this.#socketFile, { throwIfNoEntry: false })?.isSocket() ?? false;
  }

  async read(): Promise<MachineState> {
    const state = await this.#ask({ verb: "read" });
    if (state) return state;
    throw new HandrailError("unavailable", "the machine has not said what its settings are");
  }

  /** The former settings return by themselves unless these are confirmed in time. */
  async setNetwork(settings: NetworkSettings): Promise<void> {
    await this.#ask({ verb: "network-set", settings });
  }

  async confirmNetwork(): Promise<void> {
    await this.#ask({ verb: "network-confirm" });
  }

  async undoNetwork(): Promise<void> {
    await this.#ask({ verb: "network-undo" });
  }

  async setTime(settings: TimeSettings): Promise<void> {
    await this.#ask({ verb: "time-set", settings });
  }

  async setProxy(settings: ProxySettings): Promise<void> {
    await this.#ask({ verb: "proxy-set", settings });
  }

  async setSsh(settings: SshSettings): Promise<void> {
    await this.#ask({ verb: "ssh-set", settings });
  }

  async setHostName(hostName: string): Promise<void> {
    await this.#ask({ verb: "host-name-set", hostName });
  }

  async #ask(request: SettingsRequest): Promise<MachineState | undefined> {
    for await (const line of askProgram(this.#socketFile, request)) {
      const { data, error: cause } = settingsAnswerShape.safeParse(line);
      if (!data)
        throw new HandrailError("unavailable", "the machine's answer is strange", { cause });
      if ("done" in data) return data.done.state;
      throw new MachineSettingsError(data.refused.fault);
    }
    throw new HandrailError("unavailable", "the machine has ended without an answer");
  }
}
