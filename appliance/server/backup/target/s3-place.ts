import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { RemoteBackup, S3Target } from "@handrail/protocol/upkeep";
import type { LineWay } from "../../line/open-socket.ts";
import { isListed, type LocalFile, maxListed, type Place, type Told, tryName } from "./place.ts";
import { s3Error } from "./s3-error.ts";
import { S3Requester } from "./s3-request.ts";
import { TargetError, toTargetError } from "./target-error.ts";
import { elementsOf, textsOf } from "./xml.ts";

/** Bytes of a part; one is in memory at a time. S3 takes 5 MiB at least, but for the last. */
const partBytes = 8 * 1024 * 1024;
/** Parts of an upload at most: larger files have larger parts. */
const maxParts = 10_000;
/** Answers that a list of the bucket may come in, with 1,000 names each. */
const maxPages = 100;

/** A bucket of an S3 server. Nothing is asked before there is something to do. */
export function openS3Place(target: S3Target, secret: string, line: LineWay): Place {
  return new S3Place(target, new S3Requester(target, secret, line));
}

class S3Place implements Place {
  readonly #prefix: string;
  readonly #requester: S3Requester;

  constructor({ prefix }: S3Target, requester: S3Requester) {
    this.#prefix = prefix;
    this.#requester = requester;
  }

  async list(): Promise<RemoteBackup[]> {
    const found: RemoteBackup[] = [];
    const query: Record<string, string> = { "list-type": "2" };
    query["prefix"] = `${this.#prefix}handrail-`;
    for (let page = 1; ; page++) {
      const xml = await this.#requester.askText({ method: "GET", query });
      const described = elementsOf(xml, "Contents").map((each) => this.#describe(each));
      found.push(...described.filter(isListed));
      if (found.length > maxListed) throw new TargetError("rejected");
      if (textsOf(xml, "IsTruncated")[0] !== "true") break;
      const [next = ""] = textsOf(xml, "NextContinuationToken");
      if (next === "" || page === maxPages) throw new TargetError("rejected");
      query["continuation-token"] = next;
    }
    return found.sort((a, b) => (a.name < b.name ? 1 : -1));
  }

  async send({ name, path: from, sizeBytes }: LocalFile, told: Told): Promise<void> {
    const key = this.#prefix + name;
    await this.#clear(key);
    const begun = await this.#requester.askText({ method: "POST", key, query: { uploads: "" } });
    const [uploadId] = textsOf(begun, "UploadId");
    if (uploadId === undefined) throw new TargetError("rejected");
    try {
      await using file = await open(from, "r");
      const parts = await this.#parts(file, { key, uploadId, sizeBytes, told });
      await this.#complete(key, uploadId, parts);
    } catch (error) {
      // What stays of it after a break, the next try clears away.
      const query = { uploadId };
      await this.#requester.askText({ method: "DELETE", key, query }).catch(() => undefined);
      throw toTargetError(error);
    }
    const { headers } = await this.#requester.ask({ method: "HEAD", key });
    if (Number(headers["content-length"]) === sizeBytes) return;
    await this.remove(name);
    throw new TargetError("lost");
  }

  async fetch({ name, sizeBytes }: RemoteBackup, to: string, told: Told): Promise<void> {
    const answer = await this.#requester.ask({ method: "GET", key: this.#prefix + name });
    let doneBytes = 0;
    const count = new Transform({
      transform(piece: Buffer, _encoding, done) {
        doneBytes += piece.length;
        if (doneBytes > sizeBytes) return done(new TargetError("lost"));
        told(doneBytes);
        done(undefined, piece);
      },
    });
    try {
      await pipeline(answer, count, createWriteStream(to, { flags: "wx", mode: 0o600 }));
      if (doneBytes !== sizeBytes) throw new TargetError("lost");
    } catch (error) {
      await rm(to, { force: true });
      throw toTargetError(error);
    }
  }

  async remove(name: string): Promise<void> {
    await this.#requester.askText({ method: "DELETE", key: this.#prefix + name });
  }

  async try(): Promise<void> {
    const key = `${this.#prefix}${tryName}-${randomBytes(6).toString("hex")}`;
    await this.#requester.askText({ method: "PUT", key, body: Buffer.from("Handrail\n") });
    await this.#requester.askText({ method: "DELETE", key });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #describe(contents: string): RemoteBackup {
    const [key = ""] = textsOf(contents, "Key");
    const [size] = textsOf(contents, "Size");
    const [at = ""] = textsOf(contents, "LastModified");
    const name = key.startsWith(this.#prefix) ? key.slice(this.#prefix.length) : "";
    return { name, sizeBytes: Number(size ?? NaN), madeAt: Date.parse(at) || 0 };
  }

  /** Gives up uploads of that file that were cut, as by a power failure: they cost room. */
  async #clear(key: string): Promise<void> {
    const query = { uploads: "", prefix: key };
    // Servers that do not list them clear them away by rules of their own.
    const xml = await this.#requester.askText({ method: "GET", query }).catch((error: unknown) => {
      const { fault } = toTargetError(error);
      if (fault === "rejected" || fault === "no-right" || fault === "lost") return "";
      throw error;
    });
    for (const upload of elementsOf(xml, "Upload")) {
      const [uploadId] = textsOf(upload, "UploadId");
      if (uploadId === undefined || textsOf(upload, "Key")[0] !== key) continue;
      await this.#requester.askText({ method: "DELETE", key, query: { uploadId } });
    }
  }

  async #parts(
    file: FileHandle,
    about: { key: string; uploadId: string; sizeBytes: number; told: Told },
  ): Promise<string[]> {
    const { key, uploadId, sizeBytes, told } = about;
    const size = Math.max(partBytes, Math.ceil(sizeBytes / maxParts));
    const buffer = Buffer.alloc(Math.min(size, sizeBytes));
    const tags: string[] = [];
    for (let at = 0; at < sizeBytes; at += size) {
      const body = await readExactly(file, buffer.subarray(0, Math.min(size, sizeBytes - at)), at);
      const query = { partNumber: String(tags.length + 1), uploadId };
      const answer = await this.#requester.ask({ method: "PUT", key, query, body });
      answer.resume();
      tags.push(String(answer.headers.etag ?? ""));
      told(at + body.length);
    }
    return tags;
  }

  async #complete(key: string, uploadId: string, tags: readonly string[]): Promise<void> {
    const parts = tags.map((tag, index) => {
      const etag = tag.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
      return `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`;
    });
    const body = Buffer.from(
      `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`,
    );
    const query = { uploadId };
    const said = await this.#requester.askText({ method: "POST", key, query, body });
    // It may begin to answer well and fail then: the status stays 200.
    if (elementsOf(said, "Error").length > 0) throw s3Error(500, said);
  }
}

async function readExactly(file: FileHandle, into: Buffer, at: number): Promise<Buffer> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await file.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) throw new TargetError("not-found");
    done += bytesRead;
  }
  return into;
}
