import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "./line-error.ts";
import { distrustOf, tlsOptions, type Trust } from "./trust.ts";

/** Where a line leads; with `trust` it is one of TLS. */
export interface LineEnd {
  readonly host: string;
  readonly port: number;
  readonly trust?: Trust | undefined;
}

const connectWithinMs = 10_000;

/** Reaches another server, and makes sure of its certificate before a byte is sent. @throws LineError */
export function openSocket(
  end: LineEnd,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Socket> {
  const socket = socketTo(end);
  socket.setKeepAlive(true, 30_000);
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const error = toLineError(cause);
      // Whoever takes the connection and ends it in the handshake has another language.
      const isDeaf = end.trust !== undefined && error.fault === "lost";
      late[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      reject(isDeaf ? new LineError("no-tls", { cause }) : error);
      socket.destroy();
    };
    const stop = () => fail(new LineError("lost"));
    const late = clock.after(connectWithinMs, () => fail(new LineError("timeout")));
    signal.addEventListener("abort", stop);
    const cut = () => fail(new LineError("lost"));
    socket.once("error", fail);
    socket.once("close", cut);
    socket.once(end.trust ? "secureConnect" : "connect", () => {
      const distrust = end.trust && distrustOf(socket, end.trust);
      if (distrust) return fail(distrust);
      late[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      socket.off("error", fail).off("close", cut);
      resolve(socket);
    });
  });
}

function socketTo({ host, port, trust }: LineEnd): Socket {
  if (!trust) return connectTcp({ host, port });
  return connectTls({ ...tlsOptions(host, trust), port });
}
