import {
  type FilesWriteConsoleMessage,
  filesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  filesWriteCustomerMessage,
  HandrailError,
  isPath,
  maxFileRequests,
  uploadTokenBytes,
} from "@handrail/protocol";
import type { Facts, Lane } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import { change, type Change } from "./changes.ts";
import type { Desk } from "./desk.ts";
import { FileRefusal } from "./fault.ts";
import { goOn, newErrand } from "./footing.ts";
import { SmallFiles } from "./small-files.ts";
import { Requests } from "./requests.ts";
import { Upload } from "./upload.ts";

type Asked<T> = Extract<FilesWriteConsoleMessage, { type: T }>;

/** How often a long change tells how far it is, ms. */
const progressMs = 250;

/** Changes the disk as one console asks, on one `files-write` channel. */
export class Writes implements Disposable {
  readonly #lane: Lane;
  readonly #desk: Desk;
  readonly #requests: Requests;
  readonly #uploads = new Map<number, Upload>();

  constructor(lane: Lane, desk: Desk) {
    this.#lane = lane;
    this.#desk = desk;
    this.#requests = new Requests(lane, desk.rounds, (failed) =>
      filesWriteCustomerMessage.encode(failed),
    );
  }

  /** Takes a message. @throws HandrailError `protocol-violation`, `frame-too-large`, `conflict` */
  take(bytes: Uint8Array): void {
    const message = filesWriteConsoleMessage.decode(bytes);
    // So nobody sends more than can be written.
    if (message.type === "put") return this.#put(message, bytes.length);
    if (message.type === "data") this.#data(message);
    this.#lane.consume(bytes.length);
    if (message.type === "begin") this.#begin(message);
    else if (message.type === "finish") this.#finish(message);
    else if (message.type === "cancel") this.#cancel(message.id);
    else if (message.type !== "data") this.#requests.begin(message.id, this.#change(message));
  }

  /** The console is gone: what it was uploading can be gone on with. */
  [Symbol.dispose](): void {
    this.#requests[Symbol.dispose]();
    for (const upload of this.#uploads.values()) upload[Symbol.dispose]();
    this.#uploads.clear();
  }

  #put(put: Asked<"put">, bytes: number): void {
    this.#requests.begin(put.id, this.#putting(put, bytes));
  }

  *#putting(put: Asked<"put">, bytes: number): Work {
    try {
      if (!isPath(put.folder)) throw new FileRefusal("bad-path");
      const work = new SmallFiles(put, this.#lane, this.#desk);
      yield* work.work((message) => this.#say(message));
    } finally {
      this.#lane.consume(bytes);
    }
  }

  #begin(begin: Asked<"begin">): void {
    const { id } = begin;
    if (this.#uploads.size >= maxFileRequests || this.#uploads.has(id)) {
      throw new HandrailError("conflict", "too many uploads at once, or one twice");
    }
    if (begin.token.length !== uploadTokenBytes) {
      throw new HandrailError("protocol-violation", "no token of an upload");
    }
    const upload = new Upload(begin, this.#desk.parts);
    this.#uploads.set(id, upload);
    this.#requests.begin(id, this.#opening(begin, upload));
  }

  *#opening({ id, path }: Asked<"begin">, upload: Upload): Work {
    try {
      if (!isPath(path) || path.length === 1) throw new FileRefusal("bad-path");
      const offset = yield* upload.open(() => this.#taken(id));
      this.#say({ type: "ready", id, offset });
    } catch (fault) {
      this.#failed(id, fault);
    }
  }

  #data({ id, bytes }: Asked<"data">): void {
    const upload = this.#uploads.get(id);
    // It has failed while this was under way.
    if (!upload) return;
    if (!upload.isReady) throw new HandrailError("protocol-violation", "not ready for data");
    goOn(newErrand(this.#lane.number, id));
    try {
      upload.write(bytes);
    } catch (fault) {
      this.#failed(id, fault);
    }
  }

  #finish({ id, sha256 }: Asked<"finish">): void {
    const upload = this.#uploads.get(id);
    if (!upload) return;
    if (!upload.isReady) throw new HandrailError("protocol-violation", "nothing to finish");
    this.#requests.begin(id, this.#finishing(id, upload, sha256));
  }

  *#finishing(id: number, upload: Upload, sha256: Uint8Array): Work {
    try {
      yield* this.#desk.pace.ready();
      const version = yield* upload.finish(sha256, (facts) => this.#tell("file.saved", facts));
      this.#uploads.delete(id);
      this.#say({ type: "written", id, version });
    } catch (fault) {
      this.#failed(id, fault);
    }
  }

  /** Somebody else goes on with it: the part stays. */
  #taken(id: number): void {
    this.#requests.cancel(id);
    this.#uploads.get(id)?.[Symbol.dispose]();
    this.#uploads.delete(id);
    this.#requests.fail(id, new FileRefusal("busy"));
  }

  #failed(id: number, fault: unknown): void {
    this.#uploads.get(id)?.failed(fault);
    this.#uploads.delete(id);
    this.#requests.fail(id, fault);
  }

  #cancel(id: number): void {
    this.#requests.cancel(id);
    this.#uploads.get(id)?.abandon();
    this.#uploads.delete(id);
  }

  *#change(asked: Change): Work {
    const { id } = asked;
    yield* this.#desk.pace.ready();
    const tally = { count: 0, sizeBytes: 0 };
    const { parts, clock } = this.#desk;
    const done = (event: string, facts: Facts) => this.#tell(event, facts);
    const turns = change(asked, { parts, tally, done });
    let toldAt = clock.now();
    try {
      for (let turn = turns.next(); !turn.done; turn = turns.next()) {
        if (clock.now() - toldAt >= progressMs) {
          toldAt = clock.now();
          this.#say({ type: "progress", id, ...tally });
        }
        yield turn.value;
      }
    } finally {
      turns.return();
    }
    this.#say({ type: "done", id, ...tally });
  }

  #tell(event: string, facts: Facts): void {
    this.#desk.pace.reportNow(this.#lane, event, facts);
  }

  #say(message: FilesWriteCustomerMessage): void {
    this.#lane.send(filesWriteCustomerMessage.encode(message));
  }
}
