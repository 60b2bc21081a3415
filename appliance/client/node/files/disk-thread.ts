import {
  downloadCustomerMessage,
  filesCustomerMessage,
  filesWriteCustomerMessage,
} from "@handrail/protocol";
import type { ToolHost, ToolUse } from "../../core/tools.ts";
import type { FileTool } from "./disk-worker.ts";
import { notAnswering } from "./footing.ts";
import { type HungPlace, hungPlaceOf } from "./hung-place.ts";
import type { FailureEncoder } from "./requests.ts";
import { WorkingThread } from "./working-thread.ts";

/** Threads at a time: as many places as can hang before nothing is done with files any more. */
const maxThreads = 4;

/** When a thread counts as hanging: it did not get on in so many looks in a row. */
export interface Patience {
  readonly lookEveryMs: number;
  readonly looks: number;
}

/** A disk that was asleep takes eight seconds or so. */
const usualPatience: Patience = { lookEveryMs: 1000, looks: 12 };

const encoders: Readonly<Record<FileTool, FailureEncoder>> = {
  files: (failed) => filesCustomerMessage.encode(failed),
  download: (failed) => downloadCustomerMessage.encode(failed),
  "files-write": (failed) => filesWriteCustomerMessage.encode(failed),
};

interface Ending {
  readonly thread: WorkingThread;
  readonly tool: FileTool;
  readonly over: () => void;
}

function leaveAtOnce(): void {
  process.kill(process.pid, "SIGKILL");
}

/**
 * The threads that work on files. Mostly it is one; it begins with the first tool that is used and
 * ends with the last. When a call to the system does not come back, as with a network disk that is
 * gone, whoever asked is told so, the thread is left to wait, and another does everything else: it
 * touches nothing of that place until the first one gets on.
 */
export class DiskThread {
  readonly #script: URL;
  readonly #patience: Patience;
  /** Those that hang, and where. */
  readonly #threads = new Map<WorkingThread, HungPlace | undefined>();
  /** Tools that are in use, or whose end is not told yet. */
  #tools = 0;
  /** What threads are still to say: that they have ended a tool. */
  #ending: readonly Ending[] = [];
  readonly #hanging = new Set<WorkingThread>();
  #watch: NodeJS.Timeout | undefined;
  #count = 0;

  /** `script`: the module `disk-worker`, as it is or bundled. */
  constructor(script: URL, patience = usualPatience) {
    this.#script = script;
    this.#patience = patience;
  }

  /** One kind of its channels as a tool of this computer. */
  tool(tool: FileTool): ToolHost {
    this.#tools++;
    return {
      use: (use) => this.#use(tool, use),
      [Symbol.dispose]: () => this.#end(tool),
    };
  }

  /** @throws Error when too much hangs */
  #use(tool: FileTool, { channel, report }: ToolUse): void {
    const thread = this.#working() ?? this.#start();
    thread.open(++this.#count, { tool, channel, report });
  }

  #working(): WorkingThread | undefined {
    return [...this.#threads].find(([, place]) => !place)?.[0];
  }

  get #hungPlaces(): HungPlace[] {
    return [...this.#threads.values()].filter((place) => place !== undefined);
  }

  #start(): WorkingThread {
    if (this.#threads.size >= maxThreads) throw new Error("disks of this computer do not answer");
    const { lookEveryMs } = this.#patience;
    const about = { beatEveryMs: lookEveryMs / 2, avoided: this.#hungPlaces };
    const thread: WorkingThread = new WorkingThread(this.#script, about, {
      ended: (tool) => this.#ended(thread, tool),
      failed: () => this.#forget(thread),
    });
    this.#threads.set(thread, undefined);
    this.#watch ??= setInterval(() => this.#look(), lookEveryMs).unref();
    return thread;
  }

  #look(): void {
    for (const [thread, place] of this.#threads) {
      const missed = thread.look();
      if (place && missed === 0) this.#settle(thread, undefined);
      else if (!place && missed >= this.#patience.looks) this.#hangs(thread);
    }
  }

  /** Tells who asked for it; the other channels of the thread can be opened anew, with another. */
  #hangs(thread: WorkingThread): void {
    const { path, lane, request } = thread.errand;
    const place = hungPlaceOf(path);
    const tool = thread.toolOf(lane);
    const { error, detail } = notAnswering(place);
    const failed = { type: "failed", id: request, error, detail } as const;
    thread.drop("a disk does not answer", tool && { lane, words: encoders[tool](failed) });
    this.#settle(thread, place);
    this.#waitNoMore(thread);
  }

  /** It hangs at a place, or gets on. */
  #settle(thread: WorkingThread, place: HungPlace | undefined): void {
    this.#threads.set(thread, place);
    this.#mayHoldExit(thread, place !== undefined);
    const places = this.#hungPlaces;
    for (const each of this.#threads.keys()) each.avoid(places);
  }

  /** What is left unfinished is taken away before the threads end, and what was done is told. */
  #end(tool: FileTool): void {
    const waiting = [...this.#threads].filter(([, place]) => !place).map(([thread]) => thread);
    for (const thread of this.#threads.keys()) thread.end(tool);
    let left = waiting.length;
    const over = () => {
      if (--left === 0) this.#endedTool();
    };
    for (const thread of waiting) thread.holdProgram(true);
    this.#ending = [...this.#ending, ...waiting.map((thread) => ({ thread, tool, over }))];
    if (left === 0) this.#endedTool();
  }

  #ended(thread: WorkingThread, tool: FileTool): void {
    const ending = this.#ending.find((each) => each.thread === thread && each.tool === tool);
    if (ending) this.#over([ending]);
  }

  /** Whatever it was still to say it will not say soon. */
  #waitNoMore(thread: WorkingThread): void {
    this.#over(this.#ending.filter((each) => each.thread === thread));
  }

  #over(endings: readonly Ending[]): void {
    this.#ending = this.#ending.filter((each) => !endings.includes(each));
    for (const { thread, over } of endings) {
      if (!this.#ending.some((each) => each.thread === thread)) thread.holdProgram(false);
      over();
    }
  }

  #endedTool(): void {
    this.#tools--;
    if (this.#tools > 0) return;
    for (const thread of [...this.#threads.keys()]) {
      void thread.terminate().then(() => this.#mayHoldExit(thread, false));
      this.#forget(thread);
    }
  }

  #forget(thread: WorkingThread): void {
    this.#threads.delete(thread);
    this.#waitNoMore(thread);
    if (this.#threads.size > 0) return;
    clearInterval(this.#watch);
    this.#watch = undefined;
  }

  /** A program that ends waits for its threads, and would for one that hangs, for ever. */
  #mayHoldExit(thread: WorkingThread, isHanging: boolean): void {
    if (isHanging) this.#hanging.add(thread);
    else this.#hanging.delete(thread);
    process.off("exit", leaveAtOnce);
    if (this.#hanging.size > 0) process.on("exit", leaveAtOnce);
  }
}
