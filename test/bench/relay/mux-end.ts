import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import {
  type Channel,
  encodeFrame,
  linkPath,
  linkSubprotocol,
  Mux,
  type OpenRequest,
  welcomeShape,
} from "@handrail/protocol";
import { WebSocket, WebSocketServer } from "ws";

const lowWaterBytes = 64 * 1024;

/** A channel that the peer has opened. */
type Opened = (request: OpenRequest, channel: Channel) => void;

/**
 * Connects as the customer's client does: TLS 1.3, masks of zero, no compression. With a hello it
 * waits for the welcome first; without one, frames come at once.
 */
export async function connectMux(url: string, hello: object | undefined, opened: Opened) {
  const socket = new WebSocket(new URL(linkPath, url.replace(/^https/, "wss")), linkSubprotocol, {
    rejectUnauthorized: false,
    minVersion: "TLSv1.3",
    perMessageDeflate: false,
    // What no mask is needed for: see the uplink of the client.
    generateMask: (mask: Buffer) => mask.fill(0),
  });
  const mux = carry(socket, "connecting", { opened, isGreeted: hello === undefined });
  await once(socket, "open");
  if (hello) socket.send(JSON.stringify(hello));
  return mux;
}

/** A TLS server at whose links a mux answers: the far end behind a proxy that knows no frames. */
export async function serveMux(
  pair: { key: string; cert: string },
  connected: (mux: Mux) => void,
): Promise<number> {
  const server = createServer({ ...pair, minVersion: "TLSv1.3" });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    connected(carry(socket, "accepting", { opened: () => undefined, isGreeted: true }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A listening TCP server's address is never a path.
  return (server.address() as AddressInfo).port;
}

/** Joins a mux to its socket. */
function carry(
  socket: WebSocket,
  side: "connecting" | "accepting",
  options: { opened: Opened; isGreeted: boolean },
): Mux {
  const mux = new Mux({
    side,
    now: () => performance.now(),
    wake: () => queueMicrotask(pump),
    control: () => undefined,
    opened: options.opened,
  });
  let { isGreeted } = options;
  function pump(): void {
    while (isGreeted && socket.readyState === WebSocket.OPEN) {
      if (socket.bufferedAmount >= lowWaterBytes) return;
      const frame = mux.pull();
      if (!frame) return;
      socket.send(encodeFrame(frame), pump);
    }
  }
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) return mux.receive(data);
    const answer = welcomeShape.parse(JSON.parse(data.toString("utf8")));
    if (answer.answer === "refused") throw new Error(`the link was refused: ${answer.code}`);
    isGreeted = true;
    pump();
  });
  return mux;
}
