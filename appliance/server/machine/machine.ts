import { statSync } from "node:fs";
import { HandrailError } from "@handrail/protocol";
import { askProgram } from "./conversation.ts";
import { type MachineAnswer, machineAnswerShape, type MachineRequest } from "./request.ts";

/** How the machine has ended what it was asked for. */
export type MachineEnd = Exclude<MachineAnswer, { progress: unknown }>;

/** The machine that the server runs on, as far as it lets itself be asked. */
export class Machine {
  readonly #socketFile: string;

  constructor(socketFile: string) {
    this.#socketFile = socketFile;
  }

  /** Whether there is one that does as it is asked: not in a checkout. */
  get isThere(): boolean {
    return statSync(this.#socketFile, { throwIfNoEntry: false })?.isSocket() ?? false;
  }

  /**
   * Asks for one thing; resolves when it is done or refused. What stops this server ends it before.
   * @throws HandrailError `unavailable` when there is no machine, or it says nothing that is known
   */
  async ask(
    request: MachineRequest,
    told: (progress: Extract<MachineAnswer, { progress: unknown }>["progress"]) => void = () =>
      undefined,
  ): Promise<MachineEnd> {
    for await (const line of askProgram(this.#socketFile, request)) {
      const read = machineAnswerShape.safeParse(line);
      if (!read.success) {
        const { error: cause } = read;
        throw new HandrailError("unavailable", "the machine's answer cannot be read", { cause });
      }
      if (!("progress" in read.data)) return read.data;
      told(read.data.progress);
    }
    throw new HandrailError("unavailable", "the machine has ended without an answer");
  }
}
