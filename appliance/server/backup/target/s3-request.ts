import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { S3Target } from "@handrail/protocol/upkeep";
import { AwsV4Signer } from "aws4fetch";
import { askOver } from "../../line/ask-over.ts";
import type { LineWay } from "../../line/open-socket.ts";
import { s3Error } from "./s3-error.ts";
import { TargetError, toTargetError } from "./target-error.ts";

/** What is asked of an S3 server. */
export interface S3Question {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** The whole name of an object; the bucket itself when absent. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** An answer whose status says that it went well; its body is still to be read. */
export type S3Answer = IncomingMessage;

/** Longest text of an answer that is read, and of a refusal, bytes. */
const maxTextBytes = 4 * 1024 * 1024;
const maxRefusalBytes = 64 * 1024;

/** Asks one S3 server, each question over a connection of its own. */
export class S3Requester {
  readonly #target: S3Target;
  readonly #secret: string;
  readonly #line: LineWay;

  constructor(target: S3Target, secret: string, line: LineWay) {
    this.#target = target;
    this.#secret = secret;
    this.#line = line;
  }

  /**
   * Asks, signed by AWS Signature Version 4 with the hash of the body in it, so that the server
   * refuses a body that was changed on its way.
   * @throws TargetError
   */
  async ask(question: S3Question): Promise<S3Answer> {
    const answer = await this.#send(question).catch((error: unknown) => {
      throw toTargetError(error);
    });
    const { statusCode = 0 } = answer;
    if (statusCode >= 200 && statusCode < 300) return answer;
    throw s3Error(
      statusCode,
      question.method === "HEAD" ? "" : await textOf(answer, maxRefusalBytes),
    );
  }

  /** Asks, and reads the answer as text. @throws TargetError */
  async askText(question: S3Question): Promise<string> {
    return textOf(await this.ask(question));
  }

  async #send(question: S3Question): Promise<S3Answer> {
    const { url, headers } = await this.#sign(question);
    const { trust } = this.#target;
    const { method, body } = question;
    return askOver({ method, url, headers, body, trust }, this.#line);
  }

  async #sign({ method, key, query = {}, body = Buffer.alloc(0) }: S3Question) {
    const { endpoint, bucket, region, accessKey } = this.#target;
    const url = new URL(endpoint);
    const parts = [bucket, ...(key === undefined ? [] : key.split("/"))];
    url.pathname = `/${parts.map(encodeURIComponent).join("/")}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      headers: { "x-amz-content-sha256": createHash("sha256").update(body).digest("hex") },
      accessKeyId: accessKey,
      secretAccessKey: this.#secret,
      service: "s3",
      region,
      datetime: new Date(this.#line.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ""),
    });
    const signed = await signer.sign();
    return { url: signed.url, headers: Object.fromEntries(signed.headers) };
  }
}

/** @throws TargetError */
async function textOf(answer: S3Answer, maxBytes = maxTextBytes): Promise<string> {
  let left = maxBytes;
  answer.on("data", (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) answer.destroy(new TargetError("rejected"));
  });
  return text(answer).catch((error: unknown) => {
    throw toTargetError(error);
  });
}
