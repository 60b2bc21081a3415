import { HandrailError, toHandrailError } from "../error.ts";
import type { Channel } from "../mux/channel.ts";
import { systemAnswer, systemCategories, type SystemCategory, systemRequest } from "./system.ts";
import type { SystemReading } from "./system-snapshot.ts";

/** What is told and heard while a computer is read. */
export interface SystemReadOptions {
  /** A category is about to be read. */
  readonly begins: (category: SystemCategory) => void;
  readonly signal: AbortSignal;
  /** Which, in that order; every one when absent. */
  readonly categories?: readonly SystemCategory[];
  /** Most bytes of all answers together; none when absent. */
  readonly maxBytes?: number;
}

/**
 * Reads categories on a channel of kind `system` or `snapshot`, one after the other. The channel is
 * left open.
 * @throws HandrailError why the channel ended; the signal's reason; `frame-too-large` beyond `maxBytes`
 */
export function readSystem(
  channel: Channel,
  { begins, signal, categories = systemCategories, maxBytes = Infinity }: SystemReadOptions,
): Promise<readonly SystemReading[]> {
  const readings: SystemReading[] = [];
  let sizeBytes = 0;
  let stop: () => void = () => undefined;
  const reading = new Promise<readonly SystemReading[]>((resolve, reject) => {
    stop = () => reject(toHandrailError(signal.reason));
    const ask = (): void => {
      const category = categories[readings.length];
      if (!category) return resolve(readings);
      begins(category);
      channel.send(systemRequest.encode({ id: readings.length + 1, category }));
    };
    channel.listener = {
      message: (bytes) => {
        try {
          sizeBytes += bytes.length;
          if (sizeBytes > maxBytes) throw new HandrailError("frame-too-large", "too much is told");
          readings.push(readingOf(bytes, categories, readings.length));
          ask();
        } catch (error) {
          reject(toHandrailError(error));
        }
      },
      closed: (code) => reject(new HandrailError(code ?? "unavailable", "the channel ended")),
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    else ask();
  });
  return reading.finally(() => {
    signal.removeEventListener("abort", stop);
    channel.listener = {};
  });
}

/** The answer to the question of that place, from 0. @throws HandrailError `protocol-violation` */
function readingOf(
  bytes: Uint8Array,
  categories: readonly SystemCategory[],
  place: number,
): SystemReading {
  const answer = systemAnswer.decode(bytes);
  const category = categories[place];
  if (category && answer.id === place + 1) return { category, answer };
  throw new HandrailError("protocol-violation", "an answer to another question");
}
