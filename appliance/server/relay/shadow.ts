import {
  type Frame,
  type FrameType,
  frameTypes,
  maxDataBytes,
  surfaceTags,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { CheckpointDesk } from "./checkpoint-desk.ts";
import type { Lodger, ShadowRoom } from "./shadow-room.ts";
import { messagesOf, SurfaceLog } from "./surface-log.ts";

/** A checkpoint is wanted when the log has this many bytes and so many times those of the last. */
const wantedFrom = { leastBytes: 1024 * 1024, times: 4 } as const;
/** Small messages take their time too when somebody joins. */
const wantedFromMessages = 4096;
/** A stream restarts at most so often, ms: each costs its sender what the window has remembered. */
const restartEveryMs = { usual: 15_000, hurried: 3000 } as const;
/** From here on it is urgent. */
const hurriedFromBytes = 2 * 1024 * 1024;
/** Most that is kept since the last checkpoint; beyond, a newcomer costs a new epoch. */
const maxLogBytes = 4 * 1024 * 1024;
/** Making a checkpoint takes at most one part in so many of a processor. */
const restParts = 20;
/** After so long without anything to go on from, a recording asks for a new epoch, ms. */
const wholeAgainMs = 60_000;

/** What a shadow needs of the stream that it follows. */
export interface ShadowOptions {
  readonly desk: CheckpointDesk;
  readonly room: ShadowRoom;
  readonly clock: Clock;
  /** Whether anybody watches. */
  readonly isWatched: () => boolean;
  /** Whether the client and all viewers know what a restart is. */
  readonly mayRestart: () => boolean;
  /** Whether places to go on from are wanted even if nobody joins. */
  readonly isRecorded: () => boolean;
  /** Asks the client to restart its stream, or to begin an epoch. */
  readonly ask: (what: "restart" | "refresh") => void;
  /** The restart that was asked for has just passed. */
  readonly restarted: () => void;
  /** These messages show the picture as it was at the last `restarted`. */
  readonly made: (checkpoint: readonly Uint8Array[]) => void;
  /** The stream cannot be decoded. */
  readonly failed: (reason: string) => void;
}

/**
 * What a newcomer has to be sent to see what everyone sees, without a word to the customer's line:
 * a checkpoint of the picture, and what has been forwarded since. Decodes nothing itself. It looks
 * at the first byte of each message, and now and then asks the client to restart its zstd stream;
 * a thread then makes a new checkpoint of all that came before. Its memory is bounded, by itself and
 * with all others together (`ShadowRoom`), and when anything is wrong with the stream it gives up: a
 * newcomer then costs a new epoch.
 */
export class Shadow implements Lodger {
  readonly #options: ShadowOptions;
  /** Undefined: there is nothing to go on from. Empty: the log begins with an epoch. */
  #base: readonly Uint8Array[] | undefined;
  #baseBytes = 0;
  /** What came since the base; each but the first begins with a restart that was asked for. */
  #logs: SurfaceLog[] = [];
  #isMidMessage = false;
  #hasRestarted = false;
  #isAsked = false;
  /** Counts streams: what is made of an earlier one comes too late. */
  #stream = 0;
  #isMaking = false;
  #nextAskAt = { usual: -Infinity, hurried: -Infinity };
  #lostAt: number | undefined;
  /** No checkpoint can be made of this epoch: it is too large. */
  #isTooLarge = false;
  /** The stream was ill-formed: nothing of this session is decoded any more. */
  #isBarred = false;

  constructor(options: ShadowOptions) {
    this.#options = options;
  }

  /** Whether a newcomer can be given all that it needs. */
  get isWhole(): boolean {
    return this.#base !== undefined;
  }

  /** Whether what a newcomer would be given has restarts in it. */
  get hasRestarted(): boolean {
    return this.#hasRestarted;
  }

  get isWatched(): boolean {
    return this.#options.isWatched();
  }

  /** What a newcomer would be given, bytes. */
  get sizeBytes(): number {
    return this.#baseBytes + this.#logBytes;
  }

  /** Follows one DATA or DATA_MORE frame of the stream, after it was forwarded. */
  frame({ type, payload }: Frame): void {
    if (!this.#isMidMessage) this.#began(payload[0]);
    this.#isMidMessage = type === frameTypes.DATA_MORE;
    this.#logs.at(-1)?.append(type, payload);
    if (this.#logBytes > maxLogBytes) this.#lose();
    this.#options.room.takes(this, this.sizeBytes);
    if (!this.#isMidMessage) this.#consider();
  }

  /** Lets go of what it keeps: nothing more is kept before the next epoch, which nobody asks for. */
  giveUp(): void {
    this.#forget();
  }

  /** The stream is over. */
  cut(): void {
    this.#forget();
    this.#isMidMessage = false;
    this.#lostAt = undefined;
  }

  /**
   * Gives a newcomer everything, in frames; the last message may not be complete: its rest will
   * come as it comes for everyone. The payloads must not be changed.
   */
  replay(send: (type: FrameType, payload: Uint8Array) => void): void {
    this.#options.room.used(this);
    for (const message of this.#base ?? []) {
      let at = 0;
      for (; message.length - at > maxDataBytes; at += maxDataBytes) {
        send(frameTypes.DATA_MORE, message.subarray(at, at + maxDataBytes));
      }
      send(frameTypes.DATA, message.subarray(at));
    }
    for (const log of this.#logs) {
      for (const { type, payload } of log.frames) send(type, payload);
    }
  }

  get #logBytes(): number {
    return this.#logs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  #began(tag: number | undefined): void {
    if (tag === surfaceTags.epoch) {
      this.#forget();
      this.#base = [];
      this.#logs = [new SurfaceLog()];
      this.#lostAt = undefined;
    } else if (tag === surfaceTags.restart && this.#base) {
      this.#hasRestarted = true;
      if (this.#isAsked) this.#restarted();
    }
  }

  #forget(): void {
    this.#stream++;
    this.#base = undefined;
    this.#baseBytes = 0;
    this.#logs = [];
    this.#hasRestarted = false;
    this.#isAsked = false;
    this.#isMaking = false;
    this.#isTooLarge = false;
    this.#options.room.takes(this, 0);
  }

  #lose(): void {
    this.#forget();
    this.#lostAt = this.#options.clock.monotonicMs();
  }

  /** Asks for what is due, between two messages. */
  #consider(): void {
    const { clock, ask, isRecorded, mayRestart, desk } = this.#options;
    const now = clock.monotonicMs();
    if (!this.#base) {
      const isDue = this.#lostAt !== undefined && now - this.#lostAt > wholeAgainMs;
      if (!isDue || this.#isBarred || !isRecorded()) return;
      this.#lostAt = undefined;
      return ask("refresh");
    }
    if (this.#isAsked || this.#isMaking || this.#isBarred || this.#isTooLarge) return;
    const sizeBytes = this.#logBytes;
    const messages = this.#logs.reduce((sum, { messageCount }) => sum + messageCount, 0);
    const wantedBytes = Math.max(wantedFrom.leastBytes, wantedFrom.times * this.#baseBytes);
    const isLong = sizeBytes >= Math.min(wantedBytes, hurriedFromBytes);
    if (!isLong && messages < wantedFromMessages) return;
    const { usual, hurried } = this.#nextAskAt;
    if (now < (sizeBytes >= hurriedFromBytes ? hurried : usual)) return;
    if (!mayRestart() || desk.isBusy) return;
    this.#isAsked = true;
    this.#rest(now, 0);
    ask("restart");
  }

  #rest(now: number, workedMs: number): void {
    const leastMs = workedMs * restParts;
    this.#nextAskAt = {
      usual: now + Math.max(restartEveryMs.usual, leastMs),
      hurried: now + Math.max(restartEveryMs.hurried, leastMs),
    };
  }

  #restarted(): void {
    const { desk, clock, restarted } = this.#options;
    const base = this.#base ?? [];
    const stream = this.#stream;
    const covered = this.#logs.length;
    const from = clock.monotonicMs();
    this.#isAsked = false;
    this.#isMaking = true;
    const messages = [...base.map((each) => new Uint8Array(each)), ...messagesOf(this.#logs)];
    this.#logs.push(new SurfaceLog());
    restarted();
    void desk.make(messages).then((answer) => {
      if (stream !== this.#stream) return;
      this.#isMaking = false;
      this.#rest(from, clock.monotonicMs() - from);
      if ("made" in answer) this.#take(answer.made, covered);
      else if (answer.refused === "too-large") this.#isTooLarge = true;
      else if (answer.refused === "fault") this.#bar(answer.message);
    });
  }

  #take(made: readonly Uint8Array[], covered: number): void {
    this.#base = made;
    this.#baseBytes = made.reduce((sum, { length }) => sum + length, 0);
    this.#logs.splice(0, covered);
    this.#options.room.takes(this, this.sizeBytes);
    this.#options.made(made);
  }

  #bar(reason: string): void {
    this.#isBarred = true;
    this.#forget();
    this.#options.failed(reason);
  }
}
