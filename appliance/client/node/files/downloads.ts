import {
  childPath,
  type DownloadConsoleMessage,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  isName,
  isPath,
  maxDataBytes,
  maxSmallFileBytes,
  pathText,
  type SmallFile,
} from "@handrail/protocol";
import { fstatSync, readSync, readvSync } from "node:fs";
import { hash as hashWhole } from "node:crypto";
import { BatchReport, factText } from "../../core/files/batch-report.ts";
import type { Lane } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import type { Desk } from "./desk.ts";
import {
  hashInto,
  isSame,
  measuresOf,
  type OpenFile,
  openFile,
  pathOf,
  sha256,
  turnBytes,
  versionOf,
} from "./disk.ts";
import { FileRefusal, refusalOf } from "./fault.ts";
import { Requests } from "./requests.ts";

const nothing = new Uint8Array(0);
/** Most that is read of a file that the kernel makes up, and of which nobody knows the size. */
const maxMadeUpBytes = 16 * 1024 * 1024;
/** Messages of data that are read at once; each is one frame. */
const piecesAtOnce = Math.floor(turnBytes / maxDataBytes);
/** What surrounds a small file in its message, at most. */
const aroundBytes = 64;

/** Sends what files hold, on one `download` channel. */
export class Downloads implements Disposable {
  readonly #lane: Lane;
  readonly #desk: Desk;
  readonly #requests: Requests;

  constructor(lane: Lane, desk: Desk) {
    this.#lane = lane;
    this.#desk = desk;
    this.#requests = new Requests(lane, desk.rounds, (failed) =>
      downloadCustomerMessage.encode(failed),
    );
  }

  /** Takes a message. @throws HandrailError `protocol-violation`, `frame-too-large`, `conflict` */
  take(bytes: Uint8Array): void {
    this.#lane.consume(bytes.length);
    const message = downloadConsoleMessage.decode(bytes);
    if (message.type === "cancel") this.#requests.cancel(message.id);
    else this.#requests.begin(message.id, this.#answer(message));
  }

  [Symbol.dispose](): void {
    this.#requests[Symbol.dispose]();
  }

  *#answer(message: Exclude<DownloadConsoleMessage, { type: "cancel" }>): Work {
    const path = message.type === "read" ? message.path : message.folder;
    if (!isPath(path)) throw new FileRefusal("bad-path");
    if (message.type === "read") yield* this.#read(message);
    else yield* this.#get(message);
  }

  *#read(asked: Extract<DownloadConsoleMessage, { type: "read" }>): Work {
    using file = openFile(pathOf(asked.path), { follow: true });
    const { stats, descriptor } = file;
    const { id, offset } = asked;
    const version = versionOf(stats);
    const { sizeBytes } = measuresOf(stats);
    const isOther = asked.version.length > 0 && !isSame(asked.version, version);
    if (isOther || offset > sizeBytes) throw new FileRefusal("changed");
    const digest = sha256();
    yield* hashInto(digest, descriptor, offset);
    this.#say({ type: "began", id, ...measuresOf(stats), version });
    const facts = { path: factText(pathText(asked.path)), sizeBytes };
    let at = offset;
    let isTold = false;
    try {
      const end = sizeBytes === 0 ? maxMadeUpBytes : sizeBytes;
      for (let isMore = true; isMore && at < end;) {
        const read = this.#send(file, { id, at, most: end - at }, digest);
        at += read;
        isMore = read > 0;
        yield undefined;
      }
      const now = fstatSync(descriptor, { bigint: true });
      if (Number(now.size) < sizeBytes) throw new FileRefusal("changed");
      const whole = digest.digest();
      const row = { ...facts, sizeBytes: at, sha256: whole.toString("hex") };
      isTold = true;
      yield* this.#desk.pace.report(this.#lane, "file.downloaded", row);
      this.#say({ type: "ended", id, sha256: whole, version: versionOf(now) });
    } finally {
      // Whatever has left the computer is written down, also when the rest does not follow.
      if (!isTold && at > offset) {
        const row = { ...facts, sentBytes: at - offset };
        this.#desk.pace.reportNow(this.#lane, "file.download-stopped", row);
      }
    }
  }

  /** Reads the next pieces right behind the heads of their messages; says how much there was. */
  #send(
    { descriptor }: OpenFile,
    { id, at, most }: { id: number; at: number; most: number },
    digest: { update(bytes: Uint8Array): unknown },
  ): number {
    const head = downloadCustomerMessage.encode({ type: "data", id, bytes: nothing });
    const roomBytes = maxDataBytes - head.length;
    const count = Math.min(piecesAtOnce, Math.ceil(most / roomBytes));
    const memory = new ArrayBuffer(count * maxDataBytes);
    const rooms = Array.from({ length: count }, (_, i) => {
      const room = Math.min(roomBytes, most - i * roomBytes);
      return new Uint8Array(memory, i * maxDataBytes + head.length, room);
    });
    const read = readvSync(descriptor, rooms, at);
    const pieces: Uint8Array[] = [];
    for (let left = read, i = 0; left > 0; i++) {
      const held = Math.min(left, rooms[i]?.length ?? 0);
      const piece = new Uint8Array(memory, i * maxDataBytes, head.length + held);
      piece.set(head);
      digest.update(piece.subarray(head.length));
      pieces.push(piece);
      left -= held;
    }
    if (pieces.length > 0) this.#lane.sendPieces(pieces, memory);
    return read;
  }

  *#get({ id, folder, names }: Extract<DownloadConsoleMessage, { type: "get" }>): Work {
    const batch = new BatchReport(folder, sha256);
    let files: SmallFile[] = [];
    let sizeBytes = 0;
    let first = 0;
    try {
      for (const [i, name] of names.entries()) {
        const file = smallFile(folder, name);
        const isMore = sizeBytes + file.content.length + aroundBytes > maxDataBytes;
        if (isMore && files.length > 0) {
          this.#say({ type: "got", id, first, files });
          ({ files, sizeBytes, first } = { files: [], sizeBytes: 0, first: i });
          yield undefined;
        }
        files.push(file);
        sizeBytes += file.content.length + aroundBytes;
        if (file.outcome !== "ok") continue;
        batch.add(name, file.content.length, file.sha256);
        if (batch.isFull) yield* this.#tell(batch);
      }
      yield* this.#tell(batch);
      this.#say({ type: "got", id, first, files });
    } finally {
      const rest = batch.take();
      if (rest) this.#desk.pace.reportNow(this.#lane, "files.downloaded", rest);
    }
  }

  *#tell(batch: BatchReport): Work {
    const row = batch.take();
    if (row) yield* this.#desk.pace.report(this.#lane, "files.downloaded", row);
  }

  #say(message: DownloadCustomerMessage): void {
    this.#lane.send(downloadCustomerMessage.encode(message));
  }
}

function smallFile(folder: Uint8Array, name: Uint8Array): SmallFile {
  try {
    if (!isName(name)) throw new FileRefusal("bad-path");
    const path = childPath(folder, name);
    if (!isPath(path)) throw new FileRefusal("name-too-long");
    return readSmall(pathOf(path));
  } catch (fault) {
    const { error } = refusalOf(fault);
    return { outcome: error, mode: 0, modifiedAt: 0, sha256: nothing, content: nothing };
  }
}

function readSmall(path: Buffer): SmallFile {
  using file = openFile(path, { follow: false });
  const { mode, sizeBytes, modifiedAt } = measuresOf(file.stats);
  if (sizeBytes > maxSmallFileBytes) throw new FileRefusal("too-large");
  const content = Buffer.allocUnsafe(sizeBytes);
  let at = 0;
  for (let read = -1; at < sizeBytes && read !== 0; at += read) {
    read = readSync(file.descriptor, content, at, sizeBytes - at, at);
  }
  if (at < sizeBytes) throw new FileRefusal("changed");
  const sha256 = hashWhole("sha256", content, "buffer");
  return { outcome: "ok", mode, modifiedAt, sha256, content };
}
