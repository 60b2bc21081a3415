import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isUtf8 } from "node:buffer";
import { type ErrorCode, errorCatalogue, type Frame, maxHelloBytes } from "@handrail/protocol";
import { answerHandshake } from "./handshake.ts";
import { MessageParser, opcodes, UnreadableError } from "./message-parser.ts";
import { Outbox } from "./outbox.ts";

/** What a link's socket tells. Nothing is told after `closed`. */
export interface SocketListener {
  text(text: string): void;
  /** One binary message: a frame. The bytes may be kept, and are nobody else's. */
  frame(bytes: Buffer): void;
  /** What was written has gone to the system, down to less than `lowWaterBytes`. */
  drained(): void;
  /** Taking what the peer sent went wrong here; it is for the listener to end the line. */
  fault(error: unknown): void;
  /** `code`: the peer's close code, or 1006 when the line was cut (RFC 6455 section 7.1.5). */
  closed(code: number, reason: string): void;
}

/** A writer hands the socket more only while less than this is buffered. */
export const lowWaterBytes = 32 * 1024;
const closeWithinMs = 2000;
const maxReasonBytes = 123;
const abnormalCode = 1006;

/**
 * The appliance's end of a WebSocket, written for forwarding: both headers of a frame are written
 * in one go, in front of its payload. Ping and close are answered here. Everything that one turn of
 * the event loop sends goes to TLS together.
 */
export class LinkSocket {
  readonly address: string;
  readonly #socket: Socket;
  readonly #parser: MessageParser;
  readonly #outbox: Outbox;
  #listener: SocketListener | undefined;
  #isClosing = false;
  #closeSeen: { code: number; reason: string } | undefined;

  constructor(socket: Socket, listener: SocketListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.address = socket.remoteAddress ?? "";
    this.#outbox = new Outbox(socket, () => {
      if (this.bufferedBytes < lowWaterBytes && !this.#isClosing) this.#listener?.drained();
    });
    this.#parser = new MessageParser(maxHelloBytes, (opcode, payload) => {
      this.#take(opcode, payload);
    });
    socket.setTimeout(0);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#push(chunk));
    // The reason of an error is of no use to anyone: `close` follows it and is what counts.
    socket.on("error", () => socket.destroy());
    socket.on("end", () => socket.end());
    socket.on("close", () => this.#gone());
  }

  /** Bytes handed to the socket that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#outbox.bytes;
  }

  get isOpen(): boolean {
    return !this.#isClosing && this.#listener !== undefined;
  }

  /** Most bytes of a message from the peer from now on. */
  limitMessages(maxBytes: number): void {
    this.#parser.maxMessageBytes = maxBytes;
  }

  /** Who is told from now on. */
  listen(listener: SocketListener): void {
    if (this.#listener) this.#listener = listener;
  }

  sendText(text: string): void {
    this.#send(opcodes.TEXT, Buffer.from(text));
  }

  /** Sends a frame; its payload must not change in this turn. */
  sendFrame(frame: Frame): void {
    if (this.#isClosing) return;
    const { channel, payload } = frame;
    const length = 1 + varintBytes(channel) + payload.length;
    const out = this.#outbox.claim(headerBytes(length) + length);
    let at = writeHeader(out, opcodes.BINARY, length);
    out[at++] = frame.type;
    let rest = channel;
    for (; rest >= 0x80; rest >>>= 7) out[at++] = (rest & 0x7f) | 0x80;
    out[at++] = rest;
    out.set(payload, at);
  }

  /** Stops reading from the peer, until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Says why and ends the line; cut when the peer does not follow within 2 s. */
  close(code: ErrorCode | "done", reason = ""): void {
    this.#close(code === "done" ? 1000 : errorCatalogue[code].close, reason);
  }

  /** Cuts the line without a word: for a peer that is not there or does not listen. */
  cut(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  /** Takes bytes that came together with the upgrade request. */
  begin(head: Buffer): void {
    if (head.length > 0) this.#push(head);
  }

  #push(chunk: Buffer): void {
    if (this.#closeSeen) return;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      // Whatever one peer's bytes lead to must not take the others along.
      if (!(error instanceof UnreadableError)) return this.#listener?.fault(error);
      this.#closeSeen = { code: error.closeCode, reason: error.message };
      this.#close(error.closeCode, error.message);
    }
  }

  #take(opcode: number, payload: Buffer): void {
    switch (opcode) {
      case opcodes.BINARY:
        if (!this.#isClosing) this.#listener?.frame(payload);
        return;
      case opcodes.TEXT:
        if (!isUtf8(payload)) throw new UnreadableError(1007, "ill-formed UTF-8");
        if (!this.#isClosing) this.#listener?.text(payload.toString("utf8"));
        return;
      case opcodes.PING:
        return this.#answer(opcodes.PONG, payload);
      case opcodes.CLOSE:
        return this.#takeClose(payload);
    }
  }

  #answer(opcode: number, payload: Buffer): void {
    // A peer that asks without reading must not fill the memory with answers.
    if (this.#isClosing || this.bufferedBytes > lowWaterBytes) return;
    this.#send(opcode, payload);
  }

  #takeClose(payload: Buffer): void {
    if (payload.length === 1) throw new UnreadableError(1002, "ill-formed close");
    const code = payload.length === 0 ? 1005 : payload.readUInt16BE(0);
    const reason = payload.subarray(2);
    if (payload.length > 0 && !mayBeSent(code)) throw new UnreadableError(1002, "no such code");
    if (!isUtf8(reason)) throw new UnreadableError(1007, "ill-formed UTF-8");
    this.#closeSeen = { code, reason: reason.toString("utf8") };
    this.#close(payload.length === 0 ? 1000 : code, "");
  }

  #close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    const text = Buffer.from(reason).subarray(0, maxReasonBytes);
    const payload = Buffer.allocUnsafe(2 + text.length);
    payload.writeUInt16BE(code);
    text.copy(payload, 2);
    this.#send(opcodes.CLOSE, payload);
    this.#outbox.flush();
    this.#socket.end();
    this.#socket.setTimeout(closeWithinMs, () => this.#socket.destroy());
    this.#socket.resume();
  }

  #gone(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#isClosing = true;
    listener?.closed(this.#closeSeen?.code ?? abnormalCode, this.#closeSeen?.reason ?? "");
  }

  #send(opcode: number, payload: Buffer): void {
    const out = this.#outbox.claim(headerBytes(payload.length) + payload.length);
    out.set(payload, writeHeader(out, opcode, payload.length));
  }
}

/**
 * Makes a link's socket out of an upgrade request; undefined when it was refused and ended.
 * `head`: what came after the request. The listener is told from the next call of `begin` on.
 */
export function acceptSocket(
  request: IncomingMessage,
  socket: Duplex,
  listener: SocketListener,
): LinkSocket | undefined {
  if (!(socket instanceof Socket)) {
    socket.destroy();
    return undefined;
  }
  if (!answerHandshake(request, socket)) return undefined;
  return new LinkSocket(socket, listener);
}

/** How long the header is of a message of `length` bytes (RFC 6455 section 5.2). */
function headerBytes(length: number): number {
  return length < 126 ? 2 : length < 65536 ? 4 : 10;
}

/** Writes the header of a whole, unmasked message to the start of `out`; returns where it ends. */
function writeHeader(out: Buffer, opcode: number, length: number): number {
  out[0] = 0x80 | opcode;
  if (length < 126) return out.writeUInt8(length, 1);
  if (length < 65536) {
    out[1] = 126;
    return out.writeUInt16BE(length, 2);
  }
  out[1] = 127;
  out.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
  return out.writeUInt32BE(length >>> 0, 6);
}

function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 0x80; rest >>>= 7) count++;
  return count;
}

/** Close codes that may appear in a close frame (RFC 6455 section 7.4). */
function mayBeSent(code: number): boolean {
  return (
    (code >= 1000 && code <= 1003) ||
    (code >= 1007 && code <= 1014) ||
    (code >= 3000 && code < 5000)
  );
}
