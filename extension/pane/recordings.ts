import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import {
  HandrailError,
  type Lsid,
  maxSnapshotBytes,
  systemSnapshot,
  type SystemSnapshot,
} from "@handrail/protocol";
import type * as vscode from "vscode";
import type { SignedIn } from "../site/account.ts";
import { ask, askBytes, askJson, type Guard, refusalOf } from "../site/https.ts";
import type { SiteAddress } from "../site/address.ts";

/** How long a list may take, ms. */
const listWithinMs = 30_000;
/** And a snapshot, which is longer. */
const snapshotWithinMs = 120_000;
/** As it is written, with what is around the answers, bytes. */
const maxSnapshotFileBytes = 2 * maxSnapshotBytes;

/** Which recording: a session's, or one of its shells by number. */
export interface RecordingAddress {
  readonly lsid: Lsid;
  readonly shell?: number | undefined;
}

/** A recorded shell, as the appliance lists it. */
export interface RecordedShell {
  readonly number: number;
  readonly startedAt: number;
  readonly title: string;
}

/** What downloads need of the account. */
export interface RecordingSource {
  readonly current: SignedIn | undefined;
  accessToken(): Promise<string>;
}

/**
 * Fetches recordings from the appliance into the extension's own folder. They show what was on a
 * customer's screen: a copy lives only while its editor is open, and what a crash left behind is
 * removed at the next start.
 */
export class Recordings {
  readonly #folder: string;
  readonly #source: RecordingSource;
  readonly #guardOf: (site: SiteAddress) => Guard;
  #isSwept = false;

  constructor(options: {
    folder: vscode.Uri;
    source: RecordingSource;
    guardOf: (site: SiteAddress) => Guard;
  }) {
    this.#folder = path.join(options.folder.fsPath, "recordings", String(process.pid));
    this.#source = options.source;
    this.#guardOf = options.guardOf;
  }

  /**
   * Fetches a recording; `progress` hears bytes and, where known, of how many.
   * Returns the copy's path: whoever asked removes it by `remove`.
   */
  async fetch(
    { lsid, shell }: RecordingAddress,
    progress: (receivedBytes: number, totalBytes: number | undefined) => void,
    signal: AbortSignal,
  ): Promise<string> {
    const current = this.#mustBeSignedIn();
    await this.#sweep();
    const what = shell === undefined ? "recording" : `shells/${shell}`;
    const response = await ask(current.site, this.#guardOf(current.site), {
      method: "GET",
      path: `/api/sessions/${lsid}/${what}`,
      headers: { authorization: `Bearer ${await this.#source.accessToken()}` },
      signal,
    });
    if (response.statusCode !== 200) {
      response.resume();
      throw refusalOf({ status: response.statusCode ?? 0, json: {} });
    }
    const totalBytes = Number(response.headers["content-length"]) || undefined;
    let receivedBytes = 0;
    response.on("data", (chunk: Buffer) => {
      receivedBytes += chunk.length;
      progress(receivedBytes, totalBytes);
    });
    const file = path.join(this.#folder, `${lsid}-${crypto.randomUUID()}`);
    await pipeline(response, createWriteStream(file, { flags: "wx", mode: 0o600 }), { signal });
    return file;
  }

  /** The shells of a session that were recorded, oldest first. */
  async shells(lsid: Lsid): Promise<readonly RecordedShell[]> {
    const current = this.#mustBeSignedIn();
    const answer = await askJson(current.site, this.#guardOf(current.site), {
      method: "GET",
      path: `/api/sessions/${lsid}/shells`,
      headers: { authorization: `Bearer ${await this.#source.accessToken()}` },
      signal: AbortSignal.timeout(listWithinMs),
    });
    if (answer.status !== 200) throw refusalOf(answer);
    const { shells } = answer.json;
    if (Array.isArray(shells) && shells.every(isRecordedShell)) return shells;
    throw new HandrailError("protocol-violation", "not a list of recorded shells");
  }

  /** The snapshot of a session's start. @throws HandrailError `not-found` when there is none */
  async startSnapshot(lsid: Lsid, signal: AbortSignal): Promise<SystemSnapshot> {
    const current = this.#mustBeSignedIn();
    const { status, bytes } = await askBytes(current.site, this.#guardOf(current.site), {
      method: "GET",
      path: `/api/sessions/${lsid}/snapshot`,
      headers: { authorization: `Bearer ${await this.#source.accessToken()}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(snapshotWithinMs)]),
      maxBytes: maxSnapshotFileBytes,
    });
    if (status !== 200) throw refusalOf({ status, json: {} });
    return systemSnapshot.decode(bytes);
  }

  #mustBeSignedIn(): SignedIn {
    const { current } = this.#source;
    if (current) return current;
    throw new HandrailError("not-authenticated", "not signed in");
  }

  async remove(file: string): Promise<void> {
    await rm(file, { force: true });
  }

  async dispose(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #sweep(): Promise<void> {
    if (this.#isSwept) return;
    this.#isSwept = true;
    const all = path.dirname(this.#folder);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(all)) {
      if (!isRunning(Number(name))) await rm(path.join(all, name), { recursive: true });
    }
  }
}

function isRecordedShell(value: unknown): value is RecordedShell {
  if (typeof value !== "object" || value === null) return false;
  const { number, startedAt, title } = value as Readonly<Record<string, unknown>>;
  const areNumbers = typeof number === "number" && typeof startedAt === "number";
  return areNumbers && typeof title === "string";
}

/** Other windows keep theirs: each has a folder named after its process. */
function isRunning(pid: number): boolean {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
