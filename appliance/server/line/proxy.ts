import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { Socket } from "node:net";
import { bareHost } from "./host-name.ts";
import { LineError } from "./line-error.ts";
import { privateAddress } from "./private-address.ts";

/** The address in the text of the machine's file for it; "" for none. */
export function proxyIn(text: string): string {
  return /Proxy "([^"]*)"/.exec(text)?.[1] ?? "";
}

/**
 * The proxy that leads to a host, as that file has it now; undefined where it is reached directly: there
 * is no proxy, or the host is inside a private network. A host that only the proxy knows is outside.
 */
export async function proxyFor(host: string, file: string | undefined): Promise<URL | undefined> {
  const proxy = file === undefined ? null : URL.parse(addressIn(file));
  if (proxy === null) return undefined;
  const inside = await privateAddress(host).catch(() => undefined);
  return inside === undefined ? proxy : undefined;
}

function addressIn(file: string): string {
  try {
    return proxyIn(readFileSync(file, "utf8"));
  } catch {
    // No file, no proxy: so it is on a machine where none was set.
    return "";
  }
}

/** As `LineEnd`, of one that is trusted as the public authorities say. */
interface ProxyEnd {
  readonly host: string;
  readonly port: number;
  readonly trust?: { readonly by: "authorities" };
}

/** Where the proxy itself is reached. */
export function endOf({ hostname, port, protocol }: URL): ProxyEnd {
  const isSecure = protocol === "https:";
  const place = { host: bareHost(hostname), port: Number(port || 80) };
  if (!isSecure) return place;
  return { ...place, port: Number(port || 443), trust: { by: "authorities" } };
}

/**
 * Has the proxy at the other end of a socket connect it to a host. Source: RFC 9110 section 9.3.6.
 * @throws LineError `proxy` when it does not; what comes of the signal is the caller's
 */
export function askTunnel(
  socket: Socket,
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const asking = request({
      method: "CONNECT",
      path: authority,
      headers: { host: authority },
      createConnection: () => socket,
      signal,
    });
    asking.once("connect", ({ statusCode = 0 }, tunnel: Socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        const cause = new Error(`the proxy answered ${statusCode}`);
        socket.destroy();
        return reject(new LineError("proxy", { cause }));
      }
      if (head.length > 0) tunnel.unshift(head);
      resolve(tunnel);
    });
    // Whoever answers without a tunnel is no proxy that knows CONNECT.
    asking.once("response", () => asking.destroy(new Error("the proxy knows no CONNECT")));
    asking.once("error", (cause) => reject(new LineError("proxy", { cause })));
    asking.end();
  });
}
