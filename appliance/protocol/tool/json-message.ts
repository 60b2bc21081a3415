import type { z } from "zod";
import { decodeText, encodeText } from "../codec/struct.ts";
import { HandrailError } from "../error.ts";

/** Writes and reads the messages of a channel that carries JSON. */
export interface JsonMessage<T> {
  encode(message: T): Uint8Array;
  /** @throws HandrailError `protocol-violation` */
  decode(bytes: Uint8Array): T;
}

/** JSON messages of one shape. */
export function jsonMessage<T>(shape: z.ZodType<T>): JsonMessage<T> {
  return {
    encode: (message) => encodeText(JSON.stringify(message)),
    decode: (bytes) => {
      try {
        return shape.parse(JSON.parse(decodeText(bytes)));
      } catch (cause) {
        throw new HandrailError("protocol-violation", "not a message of this channel", { cause });
      }
    },
  };
}
