import {
  type Channel,
  type ChatFile,
  chatFileMessage,
  type ChatFileMessage,
  type ErrorCode,
  HandrailError,
  sendFilePieces,
  toHandrailError,
} from "@handrail/protocol";
import type { ToolHost, ToolUse } from "../tools.ts";
import type { ChatFileBook } from "./book.ts";
import type { ChatFileHost, OpenFile } from "./host.ts";
import { type EndUse, Receipt } from "./receipt.ts";

/** Files on their way at a time, both ways. */
const maxUses = 8;

/** One file on its way. */
interface Use extends ToolUse {
  readonly end: EndUse;
  /** Aborted when it is over. */
  readonly signal: AbortSignal;
}

/** Takes and gives the files that the conversation has announced. */
export class ChatFileTool implements ToolHost {
  readonly #book: ChatFileBook;
  readonly #host: ChatFileHost;
  readonly #receipts = new Map<number, Receipt>();
  #uses = 0;

  constructor(book: ChatFileBook, host: ChatFileHost) {
    this.#book = book;
    this.#host = host;
    book.taker = (seq) => this.#receipts.get(seq)?.take();
  }

  use(use: ToolUse): void {
    if (this.#uses >= maxUses) throw new Error("too many files at a time");
    this.#uses++;
    const { channel } = use;
    // What is written goes at the pace of the disk.
    channel.consumesAtOnce = false;
    const stop = new AbortController();
    let receipt: Receipt | undefined;
    let hasBegun = false;
    let gone: (() => void) | undefined;
    const over = (code: ErrorCode | undefined): void => {
      if (stop.signal.aborted) return;
      this.#uses--;
      stop.abort();
      receipt?.closed(channel, code);
      gone?.();
    };
    // A channel does not tell of one's own reset.
    const end: EndUse = (code, reason) => {
      channel.reset(code, reason);
      over(code);
    };
    channel.listener = {
      message: (bytes) => {
        try {
          const message = chatFileMessage.decode(bytes);
          if (message.type === "piece") receipt?.piece(channel, message.bytes, bytes.length);
          else channel.consume(bytes.length);
          if (hasBegun) return;
          hasBegun = true;
          receipt = this.#begin(message, { ...use, end, signal: stop.signal });
          const way = message.type === "offer" ? "to-customer" : "from-customer";
          if (!stop.signal.aborted) gone = this.#book.goes(use.by, way);
        } catch (error) {
          const { code, message } = toHandrailError(error);
          end(code, message);
        }
      },
      closed: over,
    };
  }

  [Symbol.dispose](): void {
    this.#book.taker = () => undefined;
    for (const receipt of this.#receipts.values()) receipt.stop();
  }

  /** The first word on a channel says what it is for. */
  #begin(first: ChatFileMessage, use: Use): Receipt | undefined {
    if (first.type === "offer") return this.#offered(first.seq, use);
    if (first.type !== "take") throw new HandrailError("protocol-violation", "nothing was begun");
    const given = this.#book.given(first.seq);
    if (!given) throw new HandrailError("not-found", "no such file is given");
    void this.#give({ ...first, ...given }, use);
    return undefined;
  }

  #offered(seq: number, { channel, report, end }: Use): Receipt | undefined {
    const file = this.#book.offered(seq);
    const known = this.#receipts.get(seq);
    if (known?.isSaved) {
      // The line went before the console was told.
      channel.send(chatFileMessage.encode({ type: "saved" }));
      return undefined;
    }
    if (!file || known?.isOver) throw new HandrailError("not-found", "no such file is announced");
    const receipt = known ?? new Receipt({ seq, file, host: this.#host, book: this.#book });
    this.#receipts.set(seq, receipt);
    receipt.offered({ channel, report, end });
    return receipt;
  }

  async #give(
    { seq, fromByte, file, path }: { seq: number; fromByte: number; file: ChatFile; path: string },
    { channel, report, signal }: Use,
  ): Promise<void> {
    const refuse = (reason: "gone" | "changed"): void => {
      report("chat-file.refused", { name: file.name, because: reason });
      channel.send(chatFileMessage.encode({ type: "refused", reason }));
    };
    try {
      const opened = await this.#host.open(path);
      const isWhole = await giveAll(
        opened,
        { channel, fromByte, sizeBytes: file.sizeBytes },
        signal,
      );
      if (signal.aborted) return;
      if (!isWhole) return refuse("changed");
      report("chat-file.given", { ...file });
      this.#book.tell(seq, { how: "given" });
    } catch (error) {
      // It was there when it was chosen.
      if (!signal.aborted) refuse(toHandrailError(error).code === "conflict" ? "changed" : "gone");
    }
  }
}

/** Whether all of it went, of a file that is still as large as it was. */
async function giveAll(
  opened: OpenFile,
  { channel, ...part }: { channel: Channel; fromByte: number; sizeBytes: number },
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (opened.sizeBytes !== part.sizeBytes) return false;
    return await sendFilePieces(channel, { ...part, read: opened.read }, signal);
  } finally {
    await opened.close();
  }
}
