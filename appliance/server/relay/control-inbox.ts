import { decodeText, type Frame, frameTypes, HandrailError } from "@handrail/protocol";

/** Most bytes of a control message from a peer, in pieces of a kilobyte at least. */
const maxMessageBytes = 256 * 1024;
const maxParts = maxMessageBytes / 1024;
const maxMessagesPerBeat = 2000;

/** Puts a peer's control messages together, within bounds. */
export class ControlInbox {
  #parts: Uint8Array[] = [];
  #sizeBytes = 0;
  #messages = 0;

  /** Called about once a second: as many messages may come again. */
  beat(): void {
    this.#messages = 0;
  }

  /**
   * Takes a DATA or DATA_MORE frame of the control channel; gives the message that it completes.
   * @throws HandrailError `frame-too-large`, `protocol-violation`, `too-many-attempts`
   */
  take({ type, payload }: Frame): string | undefined {
    this.#sizeBytes += payload.length;
    if (this.#sizeBytes > maxMessageBytes) {
      throw new HandrailError("frame-too-large", "control message too large");
    }
    this.#parts.push(payload);
    if (this.#parts.length > maxParts) {
      throw new HandrailError("protocol-violation", "control message in too many parts");
    }
    if (type === frameTypes.DATA_MORE) return undefined;
    const text = decodeText(Buffer.concat(this.#parts, this.#sizeBytes));
    this.#parts = [];
    this.#sizeBytes = 0;
    if (++this.#messages > maxMessagesPerBeat) {
      throw new HandrailError("too-many-attempts", "too many control messages");
    }
    return text;
  }
}
