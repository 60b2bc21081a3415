import type { Channel } from "@handrail/protocol";
import { Worker } from "node:worker_threads";
import type { ToolHost, ToolReport, ToolUse } from "../../core/tools.ts";
import type { FileTool, FromDisk, ToDisk } from "./disk-worker.ts";

/** With less than this in a channel, more is fetched from the disk, bytes. */
const lowWaterBytes = 32 * 1024;

interface Lane {
  readonly channel: Channel;
  readonly report: ToolReport;
  /** Bytes that the channel was given, all in all. */
  given: number;
  /** Messages that came in since the thread was last told. */
  arrived: Uint8Array[];
}

/**
 * The thread that works on files, and the channels that lead to it. It begins with the first tool
 * that is used and ends with the last.
 */
export class DiskThread {
  readonly #script: URL;
  readonly #lanes = new Map<number, Lane>();
  /** Tools that are in use, or whose end is not told yet. */
  #tools = 0;
  #worker: Worker | undefined;
  #count = 0;

  /** `script`: the module `disk-worker`, as it is or bundled. */
  constructor(script: URL) {
    this.#script = script;
  }

  /** One kind of its channels as a tool of this computer. */
  tool(tool: FileTool): ToolHost {
    this.#tools++;
    return {
      use: (use) => this.#use(tool, use),
      [Symbol.dispose]: () => this.#end(tool),
    };
  }

  #use(tool: FileTool, { channel, report }: ToolUse): void {
    const worker = (this.#worker ??= this.#start());
    const number = ++this.#count;
    const lane: Lane = { channel, report, given: 0, arrived: [] };
    this.#lanes.set(number, lane);
    const say = (message: ToDisk) => worker.postMessage(message);
    say({ t: "open", lane: number, tool });
    // Credit is given for what the disk has taken, not for what lies here.
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => {
        lane.arrived.push(bytes);
        if (lane.arrived.length > 1) return;
        setImmediate(() => {
          say({ t: "messages", lane: number, messages: lane.arrived });
          lane.arrived = [];
        });
      },
      drained: () => say({ t: "sent", lane: number, bytes: lane.given - channel.queuedBytes }),
      closed: () => say({ t: "closed", lane: number }),
    };
  }

  /** What is left unfinished is taken away before the thread ends, and what was done is told. */
  #end(tool: FileTool): void {
    const worker = this.#worker;
    if (!worker) return void this.#tools--;
    worker.ref();
    worker.postMessage({ t: "end", tool } satisfies ToDisk);
  }

  #start(): Worker {
    const worker = new Worker(this.#script);
    worker.on("message", (message: FromDisk) => this.#take(worker, message));
    worker.on("error", (error: unknown) => this.#failed(worker, error));
    // A client with nothing else to do may end.
    worker.unref();
    return worker;
  }

  #take(worker: Worker, message: FromDisk): void {
    if (message.t === "ended") return this.#ended(worker);
    const lane = this.#lanes.get(message.lane);
    if (!lane) return;
    const { channel } = lane;
    switch (message.t) {
      case "send":
        return this.#send(worker, { ...message, to: lane });
      case "consume":
        return channel.consume(message.bytes);
      case "report":
        return lane.report(message.event, message.facts);
      case "reset":
        return channel.reset(message.code, message.reason);
      case "left":
        return void this.#lanes.delete(message.lane);
    }
  }

  #send(
    worker: Worker,
    { to, lane, messages }: { to: Lane; lane: number; messages: readonly Uint8Array[] },
  ): void {
    for (const bytes of messages) {
      to.given += bytes.length;
      to.channel.send(bytes);
    }
    const { queuedBytes } = to.channel;
    if (queuedBytes >= lowWaterBytes) return;
    worker.postMessage({ t: "sent", lane, bytes: to.given - queuedBytes } satisfies ToDisk);
  }

  #ended(worker: Worker): void {
    this.#tools--;
    worker.unref();
    if (this.#tools > 0 || this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
  }

  #failed(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    for (const { channel } of this.#lanes.values()) channel.reset("unavailable", reason);
    this.#lanes.clear();
  }
}
