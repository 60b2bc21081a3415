import { type IncomingMessage, request } from "node:http";
import { bareHost } from "./host-name.ts";
import { LineError } from "./line-error.ts";
import { type LineWay, openSocket } from "./open-socket.ts";
import type { Trust } from "./trust.ts";

/** A question over HTTP. */
export interface HttpQuestion {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Whose certificate is trusted, where the URL is of HTTPS. */
  readonly trust: Trust;
}

/** Whoever says nothing for so long has gone. */
const silenceMs = 60_000;

/**
 * Asks another server, over a connection of its own. The answer's body is still to be read; nobody is
 * followed to another address.
 * @throws LineError
 */
export async function askOver(
  { method, url, headers, body, trust }: HttpQuestion,
  line: LineWay,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const end = {
    host: bareHost(url.hostname),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    ...(isSecure ? { trust } : {}),
  };
  const socket = await openSocket(end, line);
  return new Promise((resolve, reject) => {
    const asking = request({
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, "content-length": body?.length ?? 0 },
      createConnection: () => socket,
      signal: line.signal,
      timeout: silenceMs,
    });
    asking.once("response", resolve);
    asking.once("timeout", () => asking.destroy(new LineError("timeout")));
    asking.on("error", reject);
    asking.end(body);
  });
}
