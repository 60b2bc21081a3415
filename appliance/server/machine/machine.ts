import { statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { HandrailError } from "@handrail/protocol";
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
    const socket = await this.#connect();
    try {
      socket.write(`${JSON.stringify(request)}\n`);
      for await (const line of createInterface({ input: socket })) {
        const answer = machineAnswerShape.parse(JSON.parse(line));
        if (!("progress" in answer)) return answer;
        told(answer.progress);
      }
    } catch (cause) {
      throw new HandrailError("unavailable", "the machine's answer cannot be read", { cause });
    } finally {
      socket.destroy();
    }
    throw new HandrailError("unavailable", "the machine has ended without an answer");
  }

  async #connect(): Promise<Socket> {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>();
    const socket = connect(this.#socketFile);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (cause) => {
      reject(new HandrailError("unavailable", "the machine cannot be reached", { cause }));
    });
    return promise;
  }
}
