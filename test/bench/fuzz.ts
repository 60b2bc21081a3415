// `node test/bench/fuzz.ts [executions] [seed]`: a million damaged messages through everything that
// reads what a peer or a file says. Nothing but a refusal with a code of the catalogue may come out.

import {
  consoleSide,
  Dialogue,
  encodeFrame,
  type Frame,
  frameTypes,
  HandrailError,
  inputMessage,
  maxRetainedBytes,
  Mux,
  openFrame,
  RecordingReader,
  surfaceMessage,
  viewerMessage,
} from "@handrail/protocol";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { readVectors, toHex, type Vector } from "../wire/vector.ts";
import { Chance, damaged } from "./damage.ts";

/** How much is tried. The same seed gives the same run. */
export interface FuzzOptions {
  executions: number;
  seed: number;
}

/** What came of it. `codes`: how often each refusal occurred; `ok` is the rest. */
export interface FuzzReport {
  executions: number;
  codes: Record<string, number>;
  /** Growth of the heap from a tenth of the run to its end, both after a collection. */
  heapGrowthBytes: number;
}

type Target = (chance: Chance) => void;

/** The most that the heap may have grown by: more is a list that somebody else can make longer. */
const maxHeapGrowthBytes = 16 * 1024 * 1024;

/** @throws Error naming the bytes, when a reader fails in any other way than by a refusal. */
export async function fuzz({ executions, seed }: FuzzOptions): Promise<FuzzReport> {
  const targets = targetsFrom(await readVectors());
  const chance = new Chance(seed);
  const codes: Record<string, number> = {};
  let heapAtStart = 0;
  for (let i = 0; i < executions; i++) {
    // Answers to questions are given between messages.
    if (i % 1000 === 0) await setImmediate();
    if (i === Math.floor(executions / 10)) heapAtStart = collectedHeapBytes();
    const code = codeOf(() => chance.pick(targets)(chance)) ?? "ok";
    codes[code] = (codes[code] ?? 0) + 1;
  }
  const heapGrowthBytes = collectedHeapBytes() - heapAtStart;
  if (heapGrowthBytes > maxHeapGrowthBytes) {
    throw new Error(`the heap grew by ${heapGrowthBytes} bytes with seed ${seed}`);
  }
  return { executions, codes, heapGrowthBytes };
}

function targetsFrom(vectors: readonly Vector[]): Target[] {
  const seedsOf = (format: string) =>
    vectors.filter((v) => v.format === format).flatMap(({ lines = [] }) => lines);
  const reads = (format: string, read: (bytes: Uint8Array) => unknown): Target => {
    const seeds = seedsOf(format);
    return (chance) => {
      const bytes = damaged(chance, seeds);
      explained(format, bytes, () => read(bytes));
    };
  };
  const recording = Uint8Array.from(Buffer.concat(seedsOf("recording")));
  const link = linkTarget(seedsOf("frame"), seedsOf("console says"));
  return [
    ...[link, link, link, link, link],
    reads("surface", (bytes) => surfaceMessage.decode(bytes)),
    reads("viewer", (bytes) => viewerMessage.decode(bytes)),
    reads("input", (bytes) => inputMessage.decode(bytes)),
    (chance) => {
      const bytes = damaged(chance, [recording]);
      const cut = chance.below(bytes.length + 1);
      explained("recording", bytes, () => {
        const reader = new RecordingReader();
        reader.push(bytes.subarray(0, cut));
        reader.push(bytes.subarray(cut));
      });
    },
  ];
}

/** The appliance's end of a link, and one message at a time from a peer that means harm. */
function linkTarget(frames: readonly Uint8Array[], controls: readonly Uint8Array[]): Target {
  let link: Mux | undefined;
  return (chance) => {
    link ??= applianceEnd(chance);
    const bytes = nextBytes(chance, frames, controls);
    try {
      explained("link", bytes, () => link?.receive(bytes));
    } catch (error) {
      // The link ends with the error's code, as it would on a socket.
      link.lost();
      link = undefined;
      throw error;
    }
    for (let i = chance.below(4); i > 0; i--) link.pull();
    if (link.memory.retainedBytes > maxRetainedBytes + 64 * 1024) {
      throw new Error(`${link.memory.retainedBytes} bytes are kept for a peer`);
    }
    if (chance.below(5000) === 0) link = undefined;
  };
}

let nextChannel = 1;
// Frames that mostly do not end a link, so that it lives to see many.
const { DATA, DATA_MORE, CLOSE, RESET } = frameTypes;
const harmless = [DATA, DATA, DATA, DATA_MORE, CLOSE, RESET];

function nextBytes(
  chance: Chance,
  frames: readonly Uint8Array[],
  controls: readonly Uint8Array[],
): Uint8Array {
  const payload = damaged(chance, controls);
  switch (chance.below(12)) {
    case 0:
      return damaged(chance, frames);
    case 1:
      return encodeFrame({ type: frameTypes.DATA, channel: 0, payload });
    case 2: {
      const kind = chance.pick(["screen", "input", "hologram"]);
      return encodeFrame(openFrame((nextChannel += 2), { kind, lsid: "" }));
    }
    default: {
      const type: Frame["type"] = chance.pick(harmless);
      const channel = Math.max(0, nextChannel - 2 * chance.below(20));
      return encodeFrame({ type, channel, payload: payload.subarray(0, chance.below(30)) });
    }
  }
}

function applianceEnd(chance: Chance): Mux {
  nextChannel = -1;
  const mux: Mux = new Mux({
    side: "accepting",
    now: () => chance.below(100_000),
    wake: () => undefined,
    control: (text) => dialogue.receive(text),
    opened: (_, channel) => {
      if (chance.below(8) === 0) throw new HandrailError("not-permitted", "refused");
      channel.listener = {
        message: (bytes) => channel.send(bytes),
        closed: () => mux.say("closed"),
      };
    },
  });
  const refuse = (): never => {
    throw new HandrailError("not-found", "nothing is here");
  };
  const handlers = Object.fromEntries(Object.keys(consoleSide.calls).map((name) => [name, refuse]));
  const dialogue = new Dialogue({
    ...{ mine: { calls: {}, notices: {} }, theirs: { calls: consoleSide.calls, notices: {} } },
    ...{ handlers: handlers as Record<keyof typeof consoleSide.calls, () => never> },
    ...{ listeners: {}, failed: () => undefined, say: (text: string) => mux.say(text) },
  });
  return mux;
}

function codeOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HandrailError && error.code !== "internal") return error.code;
    throw error;
  }
}

/** Passes refusals on; anything else becomes an error that can be tried again by hand. */
function explained(reader: string, bytes: Uint8Array, act: () => unknown): void {
  try {
    act();
  } catch (cause) {
    if (cause instanceof HandrailError) throw cause;
    throw new Error(`${reader} failed on ${toHex(bytes)}`, { cause });
  }
}

function collectedHeapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

if (import.meta.main) {
  const [executions = "1000000", seed = "1"] = process.argv.slice(2);
  const report = await fuzz({ executions: Number(executions), seed: Number(seed) });
  console.log(`${report.executions} executions, heap grew by ${report.heapGrowthBytes} bytes`);
  for (const [code, count] of Object.entries(report.codes)) console.log(`${code}: ${count}`);
}
