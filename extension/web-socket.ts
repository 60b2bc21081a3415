import { WebSocket, WebSocketServer } from "ws";

/** The one door to the `ws` package: it is bundled, as VS Code brings no such thing. */
export { WebSocket, WebSocketServer };

/**
 * A binary message as a plain `Uint8Array`: `ws` gives buffers in one of three forms, and VS Code
 * hands a `Buffer` to a webview as JSON.
 */
export function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  const buffer = Array.isArray(data) ? Buffer.concat(data) : data;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
