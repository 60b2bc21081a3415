import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { linkPath, linkSubprotocol } from "@handrail/protocol";

/** Source: RFC 6455 section 1.3. */
const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * Answers a request to upgrade to a link (RFC 6455 section 4.2), or refuses it with an HTTP status
 * and ends the socket: at once, for the peer may keep its end open for ever. Extensions are never agreed to: the streams are compressed already.
 * Returns whether the socket now speaks WebSocket.
 */
export function answerHandshake(request: IncomingMessage, socket: Duplex): boolean {
  const refusal = refusalOf(request);
  if (refusal) {
    socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
      socket.destroy(),
    );
    return false;
  }
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1")
    .update(key + acceptGuid)
    .digest("base64");
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${linkSubprotocol}\r\n\r\n`,
  );
  return true;
}

function refusalOf(request: IncomingMessage): string | undefined {
  const { headers } = request;
  const path = (request.url ?? "").split("?", 1)[0];
  if (path !== linkPath) return "404 Not Found";
  // Only pages say where they come from, and no page has business here: one that people are led to
  // could guess session keys from each of their addresses.
  if (headers.origin !== undefined) return "403 Forbidden";
  if (request.method !== "GET") return "405 Method Not Allowed\r\nAllow: GET";
  if (headers.upgrade?.toLowerCase() !== "websocket") return "400 Bad Request";
  if (headers["sec-websocket-version"] !== "13") {
    return "426 Upgrade Required\r\nSec-WebSocket-Version: 13";
  }
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "")) return "400 Bad Request";
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((p) => p.trim());
  return offered.includes(linkSubprotocol) ? undefined : "400 Bad Request";
}
