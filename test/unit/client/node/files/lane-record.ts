import {
  downloadConsoleMessage,
  type DownloadConsoleMessage,
  downloadCustomerMessage,
  type DownloadCustomerMessage,
  filesConsoleMessage,
  type FilesConsoleMessage,
  filesCustomerMessage,
  type FilesCustomerMessage,
  filesWriteConsoleMessage,
  type FilesWriteConsoleMessage,
  filesWriteCustomerMessage,
  type FilesWriteCustomerMessage,
} from "@handrail/protocol";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Facts, Lane } from "../../../../../appliance/client/core/files/lane.ts";
import { ReportPace } from "../../../../../appliance/client/core/files/report-pace.ts";
import { Rounds } from "../../../../../appliance/client/core/files/rounds.ts";
import { systemClock } from "../../../../../appliance/client/node/clock.ts";
import type { Desk } from "../../../../../appliance/client/node/files/desk.ts";
import { Downloads } from "../../../../../appliance/client/node/files/downloads.ts";
import { Parts } from "../../../../../appliance/client/node/files/parts.ts";
import { Questions } from "../../../../../appliance/client/node/files/questions.ts";
import { Writes } from "../../../../../appliance/client/node/files/writes.ts";
import { poll } from "../../../../support/poll.ts";

/** What a lane was told, in order. */
export class LaneRecord implements Lane {
  readonly number = 1;
  /** It is full from so many messages on. */
  fullAfter = Infinity;
  readonly sent: Uint8Array[] = [];
  readonly reported: [event: string, facts: Facts][] = [];
  consumed = 0;
  ended: string | undefined;

  get isFull(): boolean {
    return this.sent.length >= this.fullAfter;
  }

  send(message: Uint8Array): void {
    this.sent.push(message);
  }

  sendPieces(pieces: readonly Uint8Array[]): void {
    this.sent.push(...pieces);
  }

  consume(bytes: number): void {
    this.consumed += bytes;
  }

  report(event: string, facts: Facts): void {
    this.reported.push([event, facts]);
  }

  reset(code: string): void {
    this.ended = code;
  }

  /** The facts of all reports of an event. */
  facts(event: string): Facts[] {
    return this.reported.filter(([name]) => name === event).map(([, facts]) => facts);
  }
}

/** All that works on a disk, and a folder of its own to do it in. */
export class Stand implements AsyncDisposable {
  readonly folder: string;
  readonly desk: Desk;

  static async make(): Promise<Stand> {
    return new Stand(await mkdtemp(path.join(tmpdir(), "handrail-files-")));
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.desk = {
      clock: systemClock,
      rounds: new Rounds(systemClock, setImmediate),
      pace: new ReportPace(systemClock),
      parts: new Parts(systemClock),
    };
  }

  /** A path in the folder. */
  at(...names: string[]): Buffer {
    return Buffer.from(path.join(this.folder, ...names));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.desk.parts.removeAll();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the three kinds of work have in common. */
interface Worked extends Disposable {
  take(bytes: Uint8Array): void;
}

/** A channel with a console at its far end, that asks and hears. */
class Talk<Said, Heard extends { id: number }> implements Disposable {
  readonly lane = new LaneRecord();
  readonly work: Worked;
  readonly #encode: (message: Said) => Uint8Array;
  readonly #decode: (bytes: Uint8Array) => Heard;

  constructor(
    make: (lane: Lane) => Worked,
    encode: (message: Said) => Uint8Array,
    decode: (bytes: Uint8Array) => Heard,
  ) {
    this.work = make(this.lane);
    this.#encode = encode;
    this.#decode = decode;
  }

  get heard(): Heard[] {
    return this.lane.sent.map((bytes) => this.#decode(bytes));
  }

  say(message: Said): void {
    this.work.take(this.#encode(message));
  }

  /** The first answer to a request that is as wanted. */
  async hears(id: number, isWanted: (message: Heard) => boolean = () => true): Promise<Heard> {
    return poll(`an answer to ${id}`, () =>
      this.heard.find((message) => message.id === id && isWanted(message)),
    );
  }

  /** Asks, and gives the first answer. */
  async ask(message: Said & { id: number }): Promise<Heard> {
    this.say(message);
    return this.hears(message.id);
  }

  [Symbol.dispose](): void {
    this.work[Symbol.dispose]();
  }
}

/** Asks questions of a stand. */
export function questions({ desk }: Stand) {
  return new Talk<FilesConsoleMessage, FilesCustomerMessage>(
    (lane) => new Questions(lane, desk),
    (message) => filesConsoleMessage.encode(message),
    (bytes) => filesCustomerMessage.decode(bytes),
  );
}

/** Downloads from a stand. */
export function downloads({ desk }: Stand) {
  return new Talk<DownloadConsoleMessage, DownloadCustomerMessage>(
    (lane) => new Downloads(lane, desk),
    (message) => downloadConsoleMessage.encode(message),
    (bytes) => downloadCustomerMessage.decode(bytes),
  );
}

/** Changes a stand. */
export function writes({ desk }: Stand) {
  return new Talk<FilesWriteConsoleMessage, FilesWriteCustomerMessage>(
    (lane) => new Writes(lane, desk),
    (message) => filesWriteConsoleMessage.encode(message),
    (bytes) => filesWriteCustomerMessage.decode(bytes),
  );
}
