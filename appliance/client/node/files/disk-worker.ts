/**
 * A disk's thread: answers what consoles ask about files, and works on them with the system's own
 * blocking calls, so that a slow disk holds up neither screen nor input. In shared memory it says
 * what it is about to touch: of a call that does not come back nobody else could tell. The main thread passes on
 * what channels carry, and reads none of it.
 */
import { type ErrorCode, toHandrailError } from "@handrail/protocol";
import { parentPort, workerData } from "node:worker_threads";
import type { Facts, Lane } from "../../core/files/lane.ts";
import { ReportPace } from "../../core/files/report-pace.ts";
import { Rounds } from "../../core/files/rounds.ts";
import { systemClock } from "../clock.ts";
import type { Desk } from "./desk.ts";
import { Downloads } from "./downloads.ts";
import { avoid, goOn, newErrand, standIn } from "./footing.ts";
import type { HungPlace } from "./hung-place.ts";
import { Parts } from "./parts.ts";
import { Questions } from "./questions.ts";
import { Writes } from "./writes.ts";

/** The kinds of channel that the disk's thread works on. */
export type FileTool = "files" | "download" | "files-write";

/** What the main thread tells the disk's. `sent`: bytes of a lane that have left, all in all. */
export type ToDisk =
  | { t: "open"; lane: number; tool: FileTool }
  | { t: "messages"; lane: number; messages: Uint8Array[] }
  | { t: "sent"; lane: number; bytes: number }
  | { t: "closed"; lane: number }
  | { t: "avoid"; places: readonly HungPlace[] }
  | { t: "end"; tool: FileTool };

/** What a disk's thread is started with. */
export interface DiskThreadData {
  /** Where it says what it is doing; see `Pulse`. */
  readonly pulse: SharedArrayBuffer;
  readonly beatEveryMs: number;
  /** Places that another thread hangs at. */
  readonly avoided: readonly HungPlace[];
}

/** What the disk's thread tells the main one. `left`: nothing more comes of that lane. */
export type FromDisk =
  | { t: "send"; lane: number; messages: readonly Uint8Array[] }
  | { t: "consume"; lane: number; bytes: number }
  | { t: "report"; lane: number; event: string; facts: Facts }
  | { t: "reset"; lane: number; code: ErrorCode; reason: string }
  | { t: "left"; lane: number }
  | { t: "ended"; tool: FileTool };

/** What may wait to be sent on one lane, bytes. */
const highWaterBytes = 1024 * 1024;

function tell(message: FromDisk, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

/** A lane as this thread has it: what is done with it is told to the main thread. */
class ThreadLane implements Lane {
  readonly number: number;
  #given = 0;
  #sent = 0;
  #consumed = 0;

  constructor(number: number) {
    this.number = number;
  }

  get isFull(): boolean {
    return this.#given - this.#sent >= highWaterBytes;
  }

  sent(bytes: number): void {
    this.#sent = bytes;
  }

  send(message: Uint8Array): void {
    this.#given += message.length;
    tell({ t: "send", lane: this.number, messages: [message] });
  }

  sendPieces(pieces: readonly Uint8Array[], memory: ArrayBuffer): void {
    for (const { length } of pieces) this.#given += length;
    tell({ t: "send", lane: this.number, messages: pieces }, [memory]);
  }

  consume(bytes: number): void {
    if (this.#consumed === 0) queueMicrotask(() => this.#tellConsumed());
    this.#consumed += bytes;
  }

  report(event: string, facts: Facts): void {
    tell({ t: "report", lane: this.number, event, facts });
  }

  reset(code: ErrorCode, reason: string): void {
    tell({ t: "reset", lane: this.number, code, reason });
  }

  #tellConsumed(): void {
    tell({ t: "consume", lane: this.number, bytes: this.#consumed });
    this.#consumed = 0;
  }
}

interface Use {
  readonly tool: FileTool;
  readonly lane: ThreadLane;
  readonly work: Disposable & { take(bytes: Uint8Array): void };
}

/** Does something for a lane; what is done after it is nobody's errand. */
function during(lane: number, work: () => void): void {
  goOn(newErrand(lane));
  try {
    work();
  } finally {
    goOn(newErrand(0));
  }
}

const data = workerData as DiskThreadData;
const pulse = standIn(data.pulse);
avoid(data.avoided);
pulse.beat();
setInterval(() => pulse.beat(), data.beatEveryMs);

const desk: Desk = {
  clock: systemClock,
  rounds: new Rounds(systemClock, (run) => void setImmediate(() => during(0, run))),
  pace: new ReportPace(systemClock),
  parts: new Parts(systemClock),
};
const makers = { files: Questions, download: Downloads, "files-write": Writes } as const;
const uses = new Map<number, Use>();

function close(number: number): void {
  const use = uses.get(number);
  uses.delete(number);
  use?.work[Symbol.dispose]();
  tell({ t: "left", lane: number });
}

function take(number: number, messages: readonly Uint8Array[]): void {
  for (const bytes of messages) {
    const use = uses.get(number);
    if (!use) return;
    try {
      use.work.take(bytes);
    } catch (fault) {
      const { code, message } = toHandrailError(fault);
      use.lane.reset(code, message);
      close(number);
    }
  }
}

function end(tool: FileTool): void {
  for (const [number, use] of uses) if (use.tool === tool) close(number);
  if (tool === "files-write") desk.parts.removeAll();
  tell({ t: "ended", tool });
}

parentPort?.on("message", (message: ToDisk) => {
  switch (message.t) {
    case "open": {
      const lane = new ThreadLane(message.lane);
      const work = new makers[message.tool](lane, desk);
      uses.set(message.lane, { tool: message.tool, lane, work });
      return;
    }
    case "messages":
      return during(message.lane, () => take(message.lane, message.messages));
    case "sent":
      uses.get(message.lane)?.lane.sent(message.bytes);
      return desk.rounds.wake();
    case "closed":
      return during(message.lane, () => close(message.lane));
    case "avoid":
      return avoid(message.places);
    case "end":
      return during(0, () => end(message.tool));
  }
});
