import type { Channel } from "@handrail/protocol";
import { Worker } from "node:worker_threads";
import type { ToolReport } from "../../core/tools.ts";
import type { DiskThreadData, FileTool, FromDisk, ToDisk } from "./disk-worker.ts";
import type { HungPlace } from "./hung-place.ts";
import { type Errand, Pulse } from "./pulse.ts";

/** With less than this in a channel, more is fetched from the disk, bytes. */
const lowWaterBytes = 32 * 1024;

/** A channel that leads to a thread. */
export interface DiskLane {
  readonly tool: FileTool;
  readonly channel: Channel;
  readonly report: ToolReport;
}

interface OpenLane extends DiskLane {
  /** Bytes that the channel was given, all in all. */
  given: number;
  /** Messages that came in since the thread was last told. */
  arrived: Uint8Array[];
}

/** Whom a thread tells. */
export interface ThreadEvents {
  /** It has taken away what was left unfinished with a tool. */
  ended(tool: FileTool): void;
  /** It is no more; its channels are gone. */
  failed(): void;
}

/** One thread that works on files, and the channels that lead to it. */
export class WorkingThread {
  readonly #worker: Worker;
  readonly #pulse = new Pulse();
  readonly #lanes = new Map<number, OpenLane>();
  #beats = 0;
  #missed = 0;

  /** `script`: the module `disk-worker`, as it is or bundled. */
  constructor(script: URL, about: Omit<DiskThreadData, "pulse">, events: ThreadEvents) {
    const workerData: DiskThreadData = { ...about, pulse: this.#pulse.memory };
    const worker = new Worker(script, { workerData });
    worker.on("message", (message: FromDisk) => {
      if (message.t === "ended") events.ended(message.tool);
      else this.#take(message);
    });
    worker.on("error", (error: unknown) => {
      this.drop(error instanceof Error ? error.message : String(error));
      events.failed();
    });
    // A client with nothing else to do may end.
    worker.unref();
    this.#worker = worker;
  }

  /** What it was about when it last said so. */
  get errand(): Errand {
    return this.#pulse.errand;
  }

  /** Looks whether it has got on since the last look; gives how often in a row it has not. */
  look(): number {
    const { beats } = this.#pulse;
    const isStanding = beats > 0 && beats === this.#beats;
    this.#missed = isStanding ? this.#missed + 1 : 0;
    this.#beats = beats;
    return this.#missed;
  }

  /** Leads a channel to it. `lane`: a number that no other channel has. */
  open(lane: number, { tool, channel, report }: DiskLane): void {
    const open: OpenLane = { tool, channel, report, given: 0, arrived: [] };
    this.#lanes.set(lane, open);
    const pass = () => {
      if (open.arrived.length > 0) this.#say({ t: "messages", lane, messages: open.arrived });
      open.arrived = [];
    };
    this.#say({ t: "open", lane, tool });
    // Credit is given for what the disk has taken, not for what lies here.
    channel.consumesAtOnce = false;
    channel.listener = {
      message: (bytes) => {
        open.arrived.push(bytes);
        if (open.arrived.length === 1) setImmediate(pass);
      },
      drained: () => this.#say({ t: "sent", lane, bytes: open.given - channel.queuedBytes }),
      closed: () => {
        // What was said last, that something is not wanted any more, say, comes before the end.
        pass();
        this.#say({ t: "closed", lane });
      },
    };
  }

  /** What a lane is for. */
  toolOf(lane: number): FileTool | undefined {
    return this.#lanes.get(lane)?.tool;
  }

  /**
   * Ends its channels, saying why; the thread hears of it when it gets on. `last`: what
   * one of them is still told before.
   */
  drop(reason: string, last?: { readonly lane: number; readonly words: Uint8Array }): void {
    for (const [lane, { channel }] of this.#lanes) {
      channel.listener = {};
      if (lane === last?.lane) {
        channel.send(last.words);
        channel.close();
      } else channel.reset("unavailable", reason);
      this.#say({ t: "closed", lane });
    }
    this.#lanes.clear();
  }

  /** What it is not to touch. */
  avoid(places: readonly HungPlace[]): void {
    this.#say({ t: "avoid", places });
  }

  /** A tool is used no more: `ended` is told when what was left unfinished is taken away. */
  end(tool: FileTool): void {
    this.#say({ t: "end", tool });
  }

  /** Whether the program waits for it before it ends. */
  holdProgram(isHeld: boolean): void {
    if (isHeld) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Ends it; resolves when it has got on and is no more. The program need not wait for that. */
  async terminate(): Promise<void> {
    const ended = this.#worker.terminate();
    // Which has it waited for.
    this.#worker.unref();
    await ended;
  }

  #say(message: ToDisk): void {
    this.#worker.postMessage(message);
  }

  #take(message: Exclude<FromDisk, { t: "ended" }>): void {
    const lane = this.#lanes.get(message.lane);
    if (!lane) return;
    const { channel } = lane;
    switch (message.t) {
      case "send":
        return this.#send(message.lane, lane, message.messages);
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

  #send(number: number, lane: OpenLane, messages: readonly Uint8Array[]): void {
    const { channel } = lane;
    for (const bytes of messages) {
      lane.given += bytes.length;
      channel.send(bytes);
    }
    const { queuedBytes } = channel;
    if (queuedBytes >= lowWaterBytes) return;
    this.#say({ t: "sent", lane: number, bytes: lane.given - queuedBytes });
  }
}
