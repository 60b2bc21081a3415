import { type StreamChannel } from "../pane/contract.ts";

/** Where surface messages come from and answers go to. */
export interface Transport {
  /** Sends one viewer or input message; lost when the transport is closed or not open yet. */
  send(channel: StreamChannel, message: Uint8Array): void;
  close(): void;
}

/** Who hears a transport. */
export interface TransportListener {
  /** One surface message; the bytes belong to the listener. */
  received(message: Uint8Array): void;
  /** The transport is gone, and not because it was closed here. */
  lost(reason: string): void;
}

/** The host's loopback socket. Messages sent before it is open wait for it. */
export function socketTransport(
  offer: { url: string; token: string },
  listener: TransportListener,
): Transport {
  const socket = new WebSocket(offer.url);
  socket.binaryType = "arraybuffer";
  const early: Uint8Array<ArrayBuffer>[] = [];
  let isClosed = false;
  socket.onopen = () => {
    socket.send(offer.token);
    for (const message of early.splice(0)) socket.send(message);
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer && !isClosed) listener.received(new Uint8Array(data));
  };
  socket.onclose = ({ code, reason }) => {
    if (!isClosed) listener.lost(`socket closed: ${code} ${reason}`);
    isClosed = true;
  };
  return {
    send: (channel, message) => {
      const framed = frame(channel, message);
      if (socket.readyState === WebSocket.OPEN) socket.send(framed);
      else if (socket.readyState === WebSocket.CONNECTING) early.push(framed);
    },
    close: () => {
      isClosed = true;
      socket.close();
    },
  };
}

function frame(channel: StreamChannel, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(1 + message.length);
  framed[0] = channel;
  framed.set(message, 1);
  return framed;
}

/** The way by messages of the page: what arrives is put in by its owner. */
export function messageTransport(
  send: (channel: StreamChannel, message: Uint8Array) => void,
): Transport {
  let isClosed = false;
  return {
    send: (channel, message) => {
      if (!isClosed) send(channel, message);
    },
    close: () => {
      isClosed = true;
    },
  };
}
