import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { isSameSecret } from "../auth/secret.ts";
import { makeTypedCode, normaliseTypedCode } from "../auth/typed-code.ts";
import type { Identity } from "../certificate/identity.ts";

/** How long a bundle is offered, ms. */
export const offeredForMs = 15 * 60_000;
const codeGroups = 4;

/** What is offered, and where. */
export interface Offer {
  readonly name: string;
  readonly content: Buffer;
  readonly identity: Identity;
  readonly address: string;
  readonly port: number;
  /** Told of the code, as soon as the bundle can be fetched at `/CODE`. */
  readonly tell: (code: string) => void;
}

/**
 * Offers a bundle over HTTPS in the place of a server that does not run, to whoever reads the code at
 * the machine. Resolves when the signal comes. @throws Error when the port cannot be had
 */
export async function offerBundle(offer: Offer, signal: AbortSignal): Promise<void> {
  const { address, content, identity, name, port, tell } = offer;
  const code = makeTypedCode(codeGroups);
  const server = createServer(
    { key: identity.privateKey, cert: identity.certificate, requestTimeout: 60_000 },
    (request, response) => {
      const typed = normaliseTypedCode((request.url ?? "").slice(1));
      if (request.method !== "GET" || !isSameSecret(typed, normaliseTypedCode(code))) {
        response.writeHead(404, { "content-type": "text/plain" });
        return void response.end("Type the address as the appliance's console shows it.\n");
      }
      response.writeHead(200, {
        "content-type": "application/gzip",
        "content-length": content.length,
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      });
      response.end(content);
    },
  );
  // Slow readers and strangers are bounded: nothing else is served meanwhile.
  server.maxConnections = 100;
  await listen(server, port, address);
  tell(code);
  if (!signal.aborted) await once(signal, "abort");
  server.closeAllConnections();
  server.close();
}

/** An address that the machine does not have is one of the reasons for a bundle: then at every one. */
async function listen(server: Server, port: number, address: string): Promise<void> {
  try {
    await once(server.listen(port, address), "listening");
  } catch (error) {
    if (!isAddressWrong(error)) throw error;
    await once(server.listen(port), "listening");
  }
}

function isAddressWrong(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code !== "EADDRINUSE" && code !== "EACCES";
}
