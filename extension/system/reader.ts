import {
  type Channel,
  HandrailError,
  systemAnswer,
  systemCategories,
  systemRequest,
  toHandrailError,
} from "@handrail/protocol";
import type { Reading } from "./snapshot.ts";

/** What is told and heard while a computer is read. */
export interface ReadOptions {
  /** A category is about to be read. */
  readonly begins: (category: Reading["category"]) => void;
  readonly signal: AbortSignal;
  /** Which, in that order; every one when absent. */
  readonly categories?: readonly Reading["category"][];
}

/**
 * Reads categories on a channel of kind `system`, one after the other, and closes it.
 * @throws HandrailError why the channel ended; the signal's reason
 */
export function readAll(
  channel: Channel,
  { begins, signal, categories = systemCategories }: ReadOptions,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  let stop: () => void = () => undefined;
  const reading = new Promise<readonly Reading[]>((resolve, reject) => {
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
    channel.close();
  });
}

/** The answer to the question of that place, from 0. @throws HandrailError `protocol-violation` */
function readingOf(
  bytes: Uint8Array,
  categories: readonly Reading["category"][],
  place: number,
): Reading {
  const answer = systemAnswer.decode(bytes);
  const category = categories[place];
  if (category && answer.id === place + 1) return { category, answer };
  throw new HandrailError("protocol-violation", "an answer to another question");
}
