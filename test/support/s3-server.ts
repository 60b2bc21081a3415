import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Issued } from "./authority.ts";
import { signatureFault } from "./s3-signature.ts";

/** As much of s3rver as is used; it comes without types. */
interface S3rver {
  configureBuckets(): Promise<unknown>;
  callback(): RequestListener;
}
type Make = new (options: {
  directory: string;
  silent: boolean;
  allowMismatchedSignatures: boolean;
  vhostBuckets: boolean;
  configureBuckets: readonly { name: string; configs: readonly string[] }[];
}) => S3rver;

/**
 * A server that speaks S3, has one bucket and listens here only. It checks signatures, which s3rver
 * leaves undone for those of version 4.
 */
export class S3Server implements AsyncDisposable {
  readonly bucket = "backups";
  readonly accessKey = "S3RVER";
  readonly secret = "known to the server and the appliance";
  readonly endpoint: string;
  /** Every question so far, as `PUT /backups/name?partNumber=1`. */
  readonly asked: string[] = [];
  /** Questions that fit it are cut instead of being answered. */
  cuts: RegExp | undefined;
  readonly #server: Server;
  readonly #folder: string;

  static async start(tls?: Issued & { readonly chain: string }): Promise<S3Server> {
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-s3-"));
    const require = createRequire(import.meta.url);
    const Made = require("s3rver") as Make;
    const served = new Made({
      directory: folder,
      silent: true,
      allowMismatchedSignatures: false,
      vhostBuckets: false,
      configureBuckets: [{ name: "backups", configs: [] }],
    });
    await served.configureBuckets();
    const server = tls
      ? createSecureServer({ cert: tls.certificate + tls.chain, key: tls.key })
      : createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new S3Server({ server, folder, isSecure: tls !== undefined, answer: served.callback() });
  }

  private constructor(made: {
    server: Server;
    folder: string;
    isSecure: boolean;
    answer: RequestListener;
  }) {
    const { server, folder, isSecure, answer } = made;
    this.#server = server;
    this.#folder = folder;
    const { port } = server.address() as AddressInfo;
    this.endpoint = `${isSecure ? "https" : "http"}://127.0.0.1:${port}`;
    server.on("request", (request, response) => {
      const question = `${request.method} ${request.url}`;
      this.asked.push(question);
      const fault = signatureFault(request, this);
      if (this.cuts?.test(question)) request.socket.destroy();
      else if (fault === undefined) answer(request, response);
      else response.writeHead(403).end(`<Error><Code>${fault}</Code></Error>`);
    });
  }

  /** The names of the whole objects. */
  async objects(): Promise<string[]> {
    const names = await readdir(path.join(this.#folder, this.bucket), { recursive: true });
    return names
      .filter((name) => name.endsWith("._S3rver_object"))
      .map((name) => name.slice(0, -"._S3rver_object".length));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
