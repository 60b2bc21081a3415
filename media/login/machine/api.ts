import type {
  MachineState,
  NetworkSettings,
  ProxySettings,
  SshSettings,
  TimeSettings,
} from "@handrail/protocol/upkeep";
import type { Ask } from "../request.ts";

/** What can be started anew, or switched off. */
export type MachineAct = "restart" | "reboot" | "power-off";

/** The machine that the appliance runs on. */
export interface MachineView {
  /** Whether there is one that can be started anew and switched off: not in a checkout. */
  readonly canRestart: boolean;
  /** Whether there is one whose settings can be seen and changed. */
  readonly hasSettings: boolean;
  /** How many customers are connected. */
  readonly customers: number;
  /** When the server started, Unix ms. */
  readonly startedAt: number;
  /** By the machine's clock, Unix ms. */
  readonly now: number;
  /** Absent also where the machine does not answer. */
  readonly state?: MachineState;
  /** Of the key that may sign in by SSH. */
  readonly sshFingerprint?: string;
}

/** A machine whose address has changed does not answer here, and nobody says so. */
const networkAnswerTimeoutMs = 20_000;

/** The requests about the machine. Every method throws ApiError. */
export class MachineApi {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  read(signal: AbortSignal): Promise<MachineView> {
    return this.#ask("machine", { signal });
  }
  act(act: MachineAct): Promise<object> {
    return this.#ask("machine/act", { method: "POST", body: { act } });
  }
  /** No answer within 20 s is an ApiError without a code, as when nothing answers. */
  setNetwork(settings: NetworkSettings): Promise<object> {
    const signal = AbortSignal.timeout(networkAnswerTimeoutMs);
    return this.#ask("machine/network", { method: "PATCH", body: settings, signal });
  }
  confirmNetwork(): Promise<object> {
    return this.#ask("machine/network/confirm", { method: "POST", body: {} });
  }
  undoNetwork(): Promise<object> {
    return this.#ask("machine/network/undo", { method: "POST", body: {} });
  }
  setTime(settings: TimeSettings): Promise<object> {
    return this.#ask("machine/time", { method: "PATCH", body: settings });
  }
  setProxy(settings: ProxySettings): Promise<object> {
    return this.#ask("machine/proxy", { method: "PATCH", body: settings });
  }
  /** `password`: one's own, to let somebody in. `password-wrong` */
  setSsh(settings: SshSettings & { password?: string }): Promise<object> {
    return this.#ask("machine/ssh", { method: "PATCH", body: settings });
  }
  setHostName(hostName: string): Promise<object> {
    return this.#ask("machine/host-name", { method: "PATCH", body: { hostName } });
  }
}
