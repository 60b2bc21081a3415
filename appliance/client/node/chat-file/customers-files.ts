import type { ChildProcess } from "node:child_process";
import { type ChatFile, HandrailError, isErrorCode } from "@handrail/protocol";
import type { z } from "zod";
import type { ChatFileHost, KeptPart, OpenFile } from "../../core/chat-file/host.ts";
import { type DesktopStart, forkProgram } from "../desktop-user.ts";
import { type ChatFilesOrder, ChatFilesReport, values } from "./message.ts";

type Waiting = PromiseWithResolvers<unknown>;

/** The conversation's files as the client sees them whose process has the customer's rights. */
class CustomersFiles implements ChatFileHost {
  readonly #program: URL;
  readonly #desktop: DesktopStart;
  readonly #waiting = new Map<number, Waiting>();
  #process: ChildProcess | undefined;
  #lastId = 0;

  constructor(program: URL, desktop: DesktopStart) {
    this.#program = program;
    this.#desktop = desktop;
  }

  async begin(file: ChatFile): Promise<KeptPart> {
    const part = ++this.#lastId;
    await this.#ask({ order: "begin", id: part, file }, values.nothing);
    return {
      write: (bytes) =>
        this.#ask({ order: "write", id: ++this.#lastId, part, bytes }, values.nothing),
      finish: () => this.#ask({ order: "finish", id: ++this.#lastId, part }, values.finish),
      discard: () => this.#ask({ order: "discard", id: ++this.#lastId, part }, values.nothing),
    };
  }

  look(path: string) {
    return this.#ask({ order: "look", id: ++this.#lastId, path }, values.look);
  }

  async open(path: string): Promise<OpenFile> {
    const opened = ++this.#lastId;
    const { sizeBytes } = await this.#ask({ order: "open", id: opened, path }, values.open);
    const read = async (fromByte: number, maxBytes: number) => {
      const asked = { order: "read", id: ++this.#lastId, opened, fromByte, maxBytes } as const;
      const bytes = await this.#ask(asked, values.read);
      if (bytes.length > maxBytes) throw new Error("more than was asked for");
      return bytes;
    };
    const close = () => this.#ask({ order: "close", id: ++this.#lastId, opened }, values.nothing);
    return { sizeBytes, read, close };
  }

  /** @throws HandrailError as the process says, `internal` when it has ended */
  async #ask<T>(order: ChatFilesOrder, shape: z.ZodType<T>): Promise<T> {
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(order.id, answer);
    const to = this.#start();
    to.send(order, (error) => {
      if (error) this.#ended(to);
    });
    return shape.parse(await answer.promise);
  }

  #start(): ChildProcess {
    if (this.#process) return this.#process;
    const started = forkProgram(this.#program, this.#desktop);
    this.#process = started;
    started.on("message", (message) => this.#heard(started, message));
    started.on("error", () => this.#ended(started));
    started.on("exit", () => this.#ended(started));
    // It ends with this program, and keeps nobody waiting.
    started.unref();
    started.channel?.unref();
    return started;
  }

  #heard(from: ChildProcess, message: unknown): void {
    const report = ChatFilesReport.safeParse(message).data;
    // What says anything else is not ours any more.
    if (!report) return this.#ended(from);
    const waiting = this.#waiting.get(report.id);
    this.#waiting.delete(report.id);
    if (report.report === "done") return waiting?.resolve(report.value);
    const code = isErrorCode(report.code) ? report.code : "internal";
    waiting?.reject(new HandrailError(code, report.message));
  }

  #ended(ended: ChildProcess): void {
    if (ended !== this.#process) return;
    this.#process = undefined;
    ended.kill("SIGKILL");
    const lost = new HandrailError("internal", "the process of the files has ended");
    for (const { reject } of this.#waiting.values()) reject(lost);
    this.#waiting.clear();
  }
}

/**
 * `program`: that which has the files; started at the first use, and again when it has ended: what was
 * chosen before that is to be chosen again.
 */
export function openCustomersFiles(program: URL, desktop: DesktopStart): ChatFileHost {
  return new CustomersFiles(program, desktop);
}
