import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeIndex } from "../../packer/release/channel.ts";
import { Authority } from "./authority.ts";
import type { Signer } from "./release.ts";

/** A web server with a certificate of an authority of its own, and the folder of a release channel. */
export class ReleaseChannel implements AsyncDisposable {
  /** What lies there is served as it is. */
  readonly folder: string;
  readonly url: string;
  /** PEM of the authority that its certificate is trusted by. */
  readonly ca: string;
  /** What was asked for, as `index.json` or `a.hrupdate bytes=100-`, oldest first. */
  readonly asked: string[] = [];
  /** The next answers with a bundle end after so many bytes each, without a word. */
  readonly cuts: number[] = [];
  /** Whether it knows the answers that begin in the middle. */
  knowsRanges = true;
  /** While it is set, answers with a bundle wait for it in their middle. */
  hold: Promise<void> | undefined;
  readonly #server: Server;

  static async start(): Promise<ReleaseChannel> {
    using authority = new Authority();
    const { certificate, key } = authority.issue({ host: "127.0.0.1" });
    const folder = await mkdtemp(path.join(tmpdir(), "handrail-channel-"));
    await mkdir(path.join(folder, "releases"));
    const server = createServer({ cert: certificate + authority.intermediate, key });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ReleaseChannel(server, path.join(folder, "releases"), authority.root);
  }

  private constructor(server: Server, folder: string, ca: string) {
    this.#server = server;
    this.folder = folder;
    this.ca = ca;
    // A listening TCP server's address is never a path.
    const { port } = server.address() as AddressInfo;
    this.url = `https://127.0.0.1:${port}/releases/`;
    server.on("request", (request, response: ServerResponse) => {
      const name = (request.url ?? "").replace(/^\/releases\//, "");
      const { range } = request.headers;
      this.asked.push(range === undefined ? name : `${name} ${range}`);
      this.#answer(response, name, range).catch(() => response.writeHead(404).end());
    });
  }

  /** As an administrator names it. */
  get named(): { url: string; trust: { by: "ca"; ca: string } } {
    return { url: this.url, trust: { by: "ca", ca: this.ca } };
  }

  /** Signs what lies there now. */
  async publish({ privateFile }: Signer): Promise<void> {
    await writeIndex(this.folder, privateFile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await rm(path.dirname(this.folder), { recursive: true, force: true });
  }

  async #answer(response: ServerResponse, name: string, range: string | undefined): Promise<void> {
    const file = path.join(this.folder, name);
    const { size } = await stat(file);
    const from = this.knowsRanges && range !== undefined ? Number(/\d+/.exec(range)?.[0]) : 0;
    const content = (await readFile(file)).subarray(from);
    const headers = { "content-length": content.length };
    if (from === 0) response.writeHead(200, headers);
    else {
      response.writeHead(206, { ...headers, "content-range": `bytes ${from}-${size - 1}/${size}` });
    }
    if (!name.endsWith(".hrupdate")) return void response.end(content);
    await this.#sendBundle(response, content);
  }

  async #sendBundle(response: ServerResponse, content: Buffer): Promise<void> {
    const cut = this.cuts.shift();
    if (cut !== undefined) {
      response.write(content.subarray(0, cut), () => response.destroy());
      return;
    }
    const middle = Math.floor(content.length / 2);
    response.write(content.subarray(0, middle));
    await this.hold;
    response.end(content.subarray(middle));
  }
}
