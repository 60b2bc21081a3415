import { createHash } from "node:crypto";
import {
  type Channel,
  type ChatFile,
  ChatFileIntake,
  type ChatFileMessage,
  chatFileMessage,
  type ChatFileRefusal,
  HandrailError,
  sendFilePieces,
  toHandrailError,
} from "@handrail/protocol";

/** How far a file has come, bytes. */
export type OnProgress = (doneBytes: number) => void;

/** A use of a channel: when to give up, and whom to tell how far it is. */
export interface Exchange {
  readonly signal: AbortSignal;
  readonly progress: OnProgress;
}

/**
 * Offers a file on a `chat-file` channel until the customer has saved it, and closes the channel.
 * Resolves to nothing when it is saved, or to why it is not.
 * @throws HandrailError why the channel ended; the signal's reason
 */
export function offerFile(
  channel: Channel,
  { seq, bytes }: { seq: number; bytes: Uint8Array },
  { signal, progress }: Exchange,
): Promise<ChatFileRefusal | undefined> {
  const over = new AbortController();
  const send = async (fromByte: number): Promise<void> => {
    const read = async (from: number, maxBytes: number) => bytes.subarray(from, from + maxBytes);
    const sizeBytes = bytes.length;
    await sendFilePieces(channel, { sizeBytes, fromByte, read, sent: progress }, over.signal);
  };
  const answer = answerOf<ChatFileRefusal | undefined>(channel, signal, (said, settle) => {
    if (said.type === "take" && said.seq === seq) void send(said.fromByte);
    else if (said.type === "saved") settle(undefined);
    else if (said.type === "refused") settle(said.reason);
    else throw new HandrailError("protocol-violation", `${said.type} of what was offered`);
  });
  channel.send(chatFileMessage.encode({ type: "offer", seq }));
  return answer.finally(() => over.abort());
}

/** A file of the customer's that comes, over as many channels as it takes. */
export class Arrival {
  readonly file: ChatFile;
  readonly #seq: number;
  readonly #intake: ChatFileIntake;
  readonly #bytes: Uint8Array;

  constructor(seq: number, file: ChatFile) {
    this.#seq = seq;
    this.file = file;
    this.#intake = new ChatFileIntake(file);
    // Pieces may be small and many.
    this.#bytes = new Uint8Array(file.sizeBytes);
  }

  /**
   * Takes what is missing on a `chat-file` channel, and closes it. Resolves to what the file holds,
   * which is what was announced, or to why it does not come.
   * @throws HandrailError why the channel ended; the signal's reason
   */
  take(
    channel: Channel,
    { signal, progress }: Exchange,
  ): Promise<{ bytes: Uint8Array } | { refused: ChatFileRefusal }> {
    const answer = answerOf<{ bytes: Uint8Array } | { refused: ChatFileRefusal }>(
      channel,
      signal,
      (said, settle) => {
        if (said.type === "refused") return settle({ refused: said.reason });
        if (said.type !== "piece") throw new HandrailError("protocol-violation", "no piece");
        const at = this.#intake.receivedBytes;
        this.#intake.take(said.bytes);
        this.#bytes.set(said.bytes, at);
        progress(this.#intake.receivedBytes);
        if (this.#intake.isWhole) settle(this.#whole());
      },
    );
    const fromByte = this.#intake.receivedBytes;
    channel.send(chatFileMessage.encode({ type: "take", seq: this.#seq, fromByte }));
    // Of an empty file nothing comes.
    if (!this.#intake.isWhole) return answer;
    channel.close();
    return Promise.race([answer, Promise.resolve(this.#whole())]);
  }

  #whole(): { bytes: Uint8Array } | { refused: ChatFileRefusal } {
    const bytes = this.#bytes;
    const isIt = createHash("sha256").update(bytes).digest("hex") === this.file.sha256;
    return isIt ? { bytes } : { refused: "changed" };
  }
}

/** Waits for the answer on a channel, which is closed then. */
function answerOf<T>(
  channel: Channel,
  signal: AbortSignal,
  heard: (said: ChatFileMessage, settle: (answer: T) => void) => void,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const stop = () => {
    channel.reset("cancelled");
    reject(toHandrailError(signal.reason));
  };
  channel.listener = {
    message: (bytes) => {
      try {
        heard(chatFileMessage.decode(bytes), resolve);
      } catch (error) {
        const { code, message } = toHandrailError(error);
        channel.reset(code, message);
        reject(toHandrailError(error));
      }
    },
    closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  return promise.finally(() => {
    signal.removeEventListener("abort", stop);
    channel.close();
  });
}
