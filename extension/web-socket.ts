import { WebSocket, WebSocketServer } from "ws";

/** The one door to the `ws` package: it is bundled, as VS Code brings no such thing. */
export { WebSocket, WebSocketServer };

/** A binary message as plain bytes; `ws` gives buffers in one of three forms. */
export function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
