import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Clock } from "../clock.ts";
import { LineError, toLineError } from "./line-error.ts";
import { askTunnel, endOf, proxyFor } from "./proxy.ts";
import { distrustOf, tlsOptions, type Trust } from "./trust.ts";

/** Where a line leads; with `trust` it is one of TLS. */
export interface LineEnd {
  readonly host: string;
  readonly port: number;
  readonly trust?: Trust | undefined;
}

/** How a line is opened, and how long it is wanted. */
export interface LineWay {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The file with the machine's proxy, for lines that go by it; others lead directly. */
  readonly proxyFile?: string | undefined;
}

const connectWithinMs = 10_000;

/** Reaches another server, and makes sure of its certificate before a byte is sent. @throws LineError */
export async function openSocket(end: LineEnd, way: LineWay): Promise<Socket> {
  const proxy = await proxyFor(end.host, way.proxyFile);
  if (!proxy) return reached(end, () => socketTo(end), way);
  const tunnel = await openTunnel(proxy, end, way);
  if (!end.trust) return tunnel;
  const { host, trust } = end;
  return reached(end, () => connectTls({ ...tlsOptions(host, trust), socket: tunnel }), way);
}

/** Reaches a host by way of a proxy, as if it were reached itself. @throws LineError `proxy` */
export async function openTunnel(
  proxy: URL,
  end: { readonly host: string; readonly port: number },
  way: LineWay,
): Promise<Socket> {
  const near = endOf(proxy);
  const late = new AbortController();
  const timer = way.clock.after(connectWithinMs, () => late.abort());
  try {
    const socket = await reached(near, () => socketTo(near), way);
    return await askTunnel(socket, end, AbortSignal.any([way.signal, late.signal]));
  } catch (cause) {
    throw way.signal.aborted ? new LineError("lost") : new LineError("proxy", { cause });
  } finally {
    timer[Symbol.dispose]();
  }
}

/** Resolves when a socket is connected, and its certificate trusted. */
function reached(
  { trust }: Pick<LineEnd, "trust">,
  open: () => Socket,
  { clock, signal }: LineWay,
): Promise<Socket> {
  const socket = open();
  socket.setKeepAlive(true, 30_000);
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      const error = toLineError(cause);
      // Whoever takes the connection and ends it in the handshake has another language.
      const isDeaf = trust !== undefined && error.fault === "lost";
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
    socket.once(trust ? "secureConnect" : "connect", () => {
      const distrust = trust && distrustOf(socket, trust);
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
