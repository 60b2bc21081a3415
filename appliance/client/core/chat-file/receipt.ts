import {
  type Channel,
  type ChatFile,
  ChatFileIntake,
  chatFileMessage,
  type ChatFileRefusal,
  type ErrorCode,
  toHandrailError,
} from "@handrail/protocol";
import type { ToolReport } from "../tools.ts";
import type { ChatFileBook } from "./book.ts";
import type { ChatFileHost, KeptPart } from "./host.ts";

/** Ends a use of a channel, from this end. */
export type EndUse = (code: ErrorCode, reason: string) => void;

/** A console that has the file, for now. */
interface Source {
  readonly channel: Channel;
  readonly report: ToolReport;
  readonly end: EndUse;
}

/**
 * A file of a representative on its way to this computer: nothing comes before the customer wants
 * it, and what has come is kept while the line is away, so that the rest follows.
 */
export class Receipt {
  readonly #seq: number;
  readonly #file: ChatFile;
  readonly #host: ChatFileHost;
  readonly #book: ChatFileBook;
  #source: Source | undefined;
  readonly #intake: ChatFileIntake;
  #part: Promise<KeptPart> | undefined;
  /** What is written, one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #percent = -1;
  #isOver = false;
  #isSaved = false;

  constructor(about: { seq: number; file: ChatFile; host: ChatFileHost; book: ChatFileBook }) {
    this.#seq = about.seq;
    this.#file = about.file;
    this.#host = about.host;
    this.#book = about.book;
    this.#intake = new ChatFileIntake(about.file);
  }

  /** Whether it has come, or will not. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it is on this computer. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** A console has the file; one that had it before has not any more. */
  offered(source: Source): void {
    this.#source?.end("conflict", "offered anew");
    this.#source = source;
    if (this.#book.wants(this.#seq)) this.take();
  }

  /** The customer wants it. */
  take(): void {
    const channel = this.#source?.channel;
    if (!channel) return;
    this.#part ??= this.#host.begin(this.#file);
    this.#part.then(
      () => {
        if (channel.isGone || this.#source?.channel !== channel) return;
        const fromByte = this.#intake.receivedBytes;
        channel.send(chatFileMessage.encode({ type: "take", seq: this.#seq, fromByte }));
        if (this.#intake.isWhole) this.#finishLater();
      },
      (error: unknown) => this.#failed(refusalOf(error)),
    );
  }

  /** @throws HandrailError `protocol-violation` for more than was announced or asked for */
  piece(channel: Channel, bytes: Uint8Array, messageBytes: number): void {
    if (this.#source?.channel !== channel) return;
    this.#intake.take(bytes);
    const percent = Math.floor((100 * this.#intake.receivedBytes) / this.#file.sizeBytes);
    const part = this.#part;
    this.#turn = this.#turn.then(async () => {
      if (this.#part !== part || !part) return;
      await (await part).write(bytes);
      channel.consume(messageBytes);
      if (percent === this.#percent) return;
      this.#percent = percent;
      this.#book.tell(this.#seq, { how: "saving", percent });
    });
    this.#turn.catch((error: unknown) => this.#failed(refusalOf(error)));
    if (this.#intake.isWhole) this.#finishLater();
  }

  /** The console has gone, or has taken it back. */
  closed(channel: Channel, code: ErrorCode | undefined): void {
    if (this.#source?.channel !== channel) return;
    this.#source = undefined;
    if (this.#isOver) return;
    // The line may come back, and with it the console that has the file.
    if (code !== undefined && code !== "cancelled") return;
    this.#over();
    this.#book.tell(this.#seq, { how: "withdrawn" });
  }

  /** Nothing more comes. */
  stop(): void {
    this.#over();
  }

  #finishLater(): void {
    this.#turn = this.#turn.then(() => this.#finish());
    this.#turn.catch((error: unknown) => this.#failed(refusalOf(error)));
  }

  async #finish(): Promise<void> {
    const part = await this.#part;
    if (!part || this.#isOver) return;
    const path = await part.finish();
    if (path === undefined) return this.#failed("changed");
    this.#isOver = true;
    this.#isSaved = true;
    const { sizeBytes, sha256 } = this.#file;
    const name = path.slice(path.lastIndexOf("/") + 1);
    this.#source?.report("chat-file.saved", { name, sizeBytes, sha256 });
    this.#source?.channel.send(chatFileMessage.encode({ type: "saved" }));
    this.#book.tell(this.#seq, { how: "saved", path });
  }

  #failed(reason: Exclude<ChatFileRefusal, "gone">): void {
    if (this.#isOver || !this.#part) return;
    this.#over();
    const { name } = this.#file;
    this.#source?.report("chat-file.refused", { name, because: reason });
    this.#source?.channel.send(chatFileMessage.encode({ type: "refused", reason }));
    this.#book.tell(this.#seq, { how: "failed", because: reason });
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#discard();
  }

  #discard(): void {
    const part = this.#part;
    this.#part = undefined;
    this.#turn = Promise.resolve();
    // What cannot be taken away has been reported as what it was.
    void part?.then((kept) => kept.discard()).catch(() => undefined);
  }
}

function refusalOf(error: unknown): "disk-full" | "failed" {
  return toHandrailError(error).code === "disk-full" ? "disk-full" : "failed";
}
