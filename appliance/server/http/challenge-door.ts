import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Challenges } from "../certificate/acme/challenges.ts";

/** The protocol in which a directory looks whose a name is. Source: RFC 8737 section 6.2. */
const protocol = "acme-tls/1";
/** The same as a client offers it: behind its length (RFC 7301 section 3.1). */
const offered = Buffer.from(`${String.fromCharCode(protocol.length)}${protocol}`);
const recordHeaderBytes = 5;
const maxRecordBytes = recordHeaderBytes + 16 * 1024;
/** How long a client may take for the first thing that it says. */
const helloMs = 10_000;

/**
 * While an order runs, leads those who speak acme-tls/1 to the certificate of the proof. Node
 * chooses a certificate before it knows the protocol; so what a client says first is looked at and
 * given back. Everybody else, and everybody at other times, goes where they went before.
 */
export function openChallengeDoor(server: Server, challenges: Challenges): void {
  const door = createServer({
    ALPNProtocols: [protocol],
    minVersion: "TLSv1.2",
    handshakeTimeout: helloMs,
    SNICallback: (name, done) => done(null, challenges.tlsContext(name)),
  });
  // The handshake has said it all.
  door.on("secureConnection", (socket: TLSSocket) => socket.end());
  door.on("tlsClientError", (_error, socket) => socket.destroy());
  const usual = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const goOn = () => usual.forEach((each) => void each.call(server, socket));
    if (!challenges.hasTls) return goOn();
    void readHello(socket).then((hello) => {
      if (!hello) return void socket.destroy();
      socket.unshift(hello);
      if (hello.includes(offered)) door.emit("connection", socket);
      else goOn();
    });
  });
}

/** The first record that a client sends (RFC 8446 section 5.1); undefined when none comes. */
function readHello(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let read = Buffer.alloc(0);
    const finish = (hello: Buffer | undefined) => {
      clearTimeout(timer);
      socket.off("readable", take).off("close", cut).off("error", cut);
      resolve(hello);
    };
    const cut = () => finish(undefined);
    const take = () => {
      const piece: unknown = socket.read();
      if (piece instanceof Buffer) read = Buffer.concat([read, piece]);
      if (isWhole(read)) finish(read);
    };
    const timer = setTimeout(cut, helloMs);
    socket.on("readable", take).on("close", cut).on("error", cut);
  });
}

function isWhole(read: Buffer): boolean {
  if (read.length < recordHeaderBytes) return false;
  const recordBytes = recordHeaderBytes + read.readUInt16BE(3);
  return read.length >= Math.min(recordBytes, maxRecordBytes);
}
