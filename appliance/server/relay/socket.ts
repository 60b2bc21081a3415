import type { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { isUtf8 } from "node:buffer";
import { type ErrorCode, errorCatalogue, type Frame, maxHelloBytes } from "@handrail/protocol";
import { answerHandshake } from "./handshake.ts";
import { MessageParser, opcodes, UnreadableError } from "./message-parser.ts";

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
 * The appliance's end of a WebSocket, written for forwarding: a frame goes out as one small buffer
 * of WebSocket header and frame header, then its payload as it is. Ping and close are answered
 * here. Everything that one turn of the event loop writes goes to TLS together.
 */
export class LinkSocket {
  readonly address: string;
  readonly #socket: Socket;
  readonly #parser: MessageParser;
  #listener: SocketListener | undefined;
  #isCorked = false;
  #isClosing = false;
  #closeSeen: { code: number; reason: string } | undefined;
  readonly #written = () => {
    if (this.#socket.writableLength < lowWaterBytes && !this.#isClosing) this.#listener?.drained();
  };

  constructor(socket: Socket, listener: SocketListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.address = socket.remoteAddress ?? "";
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
    return this.#socket.writableLength;
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
    const payload = Buffer.from(text);
    this.#cork();
    this.#socket.write(webSocketHeader(opcodes.TEXT, payload.length, 0));
    this.#socket.write(payload);
  }

  /** Sends a frame; its payload must not change afterwards. */
  sendFrame(frame: Frame): void {
    if (this.#isClosing) return;
    const { channel, payload } = frame;
    const idBytes = varintBytes(channel);
    const header = webSocketHeader(opcodes.BINARY, 1 + idBytes + payload.length, 1 + idBytes);
    let at = header.length - 1 - idBytes;
    header[at++] = frame.type;
    for (let rest = channel; at < header.length; rest >>>= 7) {
      header[at] = at === header.length - 1 ? rest : (rest & 0x7f) | 0x80;
      at++;
    }
    this.#cork();
    if (payload.length === 0) {
      this.#socket.write(header, this.#written);
      return;
    }
    this.#socket.write(header);
    this.#socket.write(payload, this.#written);
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
    this.#cork();
    this.#socket.write(webSocketHeader(opcode, payload.length, 0));
    this.#socket.write(payload);
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
    this.#socket.write(webSocketHeader(opcodes.CLOSE, payload.length, 0));
    this.#socket.end(payload);
    this.#socket.setTimeout(closeWithinMs, () => this.#socket.destroy());
    this.#socket.resume();
  }

  #gone(): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#isClosing = true;
    listener?.closed(this.#closeSeen?.code ?? abnormalCode, this.#closeSeen?.reason ?? "");
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#socket.cork();
    process.nextTick(uncork, this.#socket, this);
  }

  /** Called by `uncork` at the end of the turn. */
  uncorked(): void {
    this.#isCorked = false;
  }
}

function uncork(socket: Socket, owner: LinkSocket): void {
  owner.uncorked();
  socket.uncork();
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

/** A header for `length` bytes of payload, with `extra` bytes behind it for the caller to fill. */
function webSocketHeader(opcode: number, length: number, extra: number): Buffer {
  const size = length < 126 ? 2 : length < 65536 ? 4 : 10;
  const header = Buffer.allocUnsafe(size + extra);
  header[0] = 0x80 | opcode;
  if (size === 2) {
    header[1] = length;
  } else if (size === 4) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    header.writeUInt32BE(length >>> 0, 6);
  }
  return header;
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
