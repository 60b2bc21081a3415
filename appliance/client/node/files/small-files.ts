import {
  childPath,
  type FilesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  isName,
  isPath,
  type PutResult,
  type SmallUpload,
} from "@handrail/protocol";
import { hash as hashWhole, randomBytes } from "node:crypto";
import { closeSync, writeSync } from "node:fs";
import { BatchReport } from "../../core/files/batch-report.ts";
import type { Lane } from "../../core/files/lane.ts";
import type { Work } from "../../core/files/rounds.ts";
import type { Desk } from "./desk.ts";
import { pathOf, sha256 } from "./disk.ts";
import { FileRefusal, refusalOf } from "./fault.ts";
import { mustHold, placeAt, putInPlace, type Replaced } from "./placing.ts";
import { savedFacts } from "./upload.ts";

type Put = Extract<FilesWriteConsoleMessage, { type: "put" }>;
type Say = (message: FilesWriteCustomerMessage) => void;

const nothing = new Uint8Array(0);
/** Results in one answer. */
const pageResults = 128;

/** Writes small files into a folder, one after the other. */
export class SmallFiles {
  readonly #put: Put;
  readonly #lane: Lane;
  readonly #desk: Desk;
  readonly #batch: BatchReport;

  constructor(put: Put, lane: Lane, desk: Desk) {
    this.#put = put;
    this.#lane = lane;
    this.#desk = desk;
    this.#batch = new BatchReport(put.folder, sha256);
  }

  /** Writes all, and answers with what became of each. */
  *work(say: Say): Work {
    const { id, files } = this.#put;
    let results: PutResult[] = [];
    let first = 0;
    try {
      for (const [i, file] of files.entries()) {
        results.push(yield* this.#outcome(file));
        if (this.#batch.isFull) yield* this.#tell();
        if (results.length >= pageResults) {
          say({ type: "put", id, first, results });
          results = [];
          first = i + 1;
        }
        yield undefined;
      }
      yield* this.#tell();
      say({ type: "put", id, first, results });
    } finally {
      const rest = this.#batch.take();
      if (rest) this.#desk.pace.reportNow(this.#lane, "files.saved", rest);
    }
  }

  *#tell(): Work {
    const row = this.#batch.take();
    if (row) yield* this.#desk.pace.report(this.#lane, "files.saved", row);
  }

  *#outcome(file: SmallUpload): Work<PutResult> {
    try {
      if (!isName(file.name)) throw new FileRefusal("bad-path");
      const path = childPath(this.#put.folder, file.name);
      if (!isPath(path)) throw new FileRefusal("name-too-long");
      return yield* this.#write(pathOf(path), file);
    } catch (fault) {
      return { outcome: refusalOf(fault).error, version: nothing, sha256: nothing };
    }
  }

  *#write(path: Buffer, file: SmallUpload): Work<PutResult> {
    const { content, name } = file;
    const wishes = { ...file, isDurable: this.#put.isDurable };
    const place = placeAt(path);
    mustHold(place, wishes);
    const { parts } = this.#desk;
    const partPath = parts.pathIn(place.folder, randomBytes(16).toString("hex"));
    const descriptor = parts.create(partPath);
    const after = { sizeBytes: content.length, sha256: hashWhole("sha256", content, "buffer") };
    let isPlaced = false;
    try {
      for (let done = 0; done < content.length;) done += writeSync(descriptor, content, done);
      const placed = (replaced: Replaced) => {
        isPlaced = true;
        parts.placed(partPath);
        // What was there before is worth a row of its own.
        if (replaced || this.#put.files.length === 1) {
          const row = savedFacts(path, after, replaced);
          this.#desk.pace.reportNow(this.#lane, "file.saved", row);
        } else this.#batch.add(name, after.sizeBytes, after.sha256);
      };
      yield* this.#desk.pace.ready();
      const part = { descriptor, path: partPath };
      const version = yield* putInPlace(part, place, wishes, placed);
      return { outcome: "ok", version, sha256: after.sha256 };
    } finally {
      closeSync(descriptor);
      if (!isPlaced) parts.remove(partPath);
    }
  }
}
