import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadIdentity } from "../../../../appliance/server/certificate/identity.ts";
import { Outbox } from "../../../../appliance/server/relay/outbox.ts";
import { poll } from "../../../support/poll.ts";

let folder: string;
let server: Server;
const served: TLSSocket[] = [];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-outbox-"));
  const { certificate, privateKey } = await loadIdentity(folder, "127.0.0.1");
  server = createServer({ cert: certificate, key: privateKey }, (socket) => {
    socket.on("error", () => socket.destroy());
    served.push(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** A link whose every byte is its mark, and what its peer has seen. */
class MarkedLink {
  readonly outbox: Outbox;
  readonly socket: TLSSocket;
  readonly peer: TLSSocket;
  receivedBytes = 0;
  /** Bytes of others that arrived here. */
  strangeBytes = 0;
  readonly #mark: number;

  constructor(mark: number, ends: { socket: TLSSocket; peer: TLSSocket }) {
    this.#mark = mark;
    this.socket = ends.socket;
    this.peer = ends.peer;
    this.outbox = new Outbox(ends.socket, () => undefined);
    this.peer.on("error", () => this.peer.destroy());
    this.peer.on("data", (bytes: Buffer) => {
      this.receivedBytes += bytes.length;
      for (const byte of bytes) if (byte !== mark) this.strangeBytes++;
    });
  }

  say(sizeBytes: number): void {
    this.outbox.claim(sizeBytes).fill(this.#mark);
  }

  end(): void {
    this.socket.destroy();
    this.peer.destroy();
  }
}

async function newLink(mark: number): Promise<MarkedLink> {
  const { port } = server.address() as { port: number };
  const before = served.length;
  const peer = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(peer, "secureConnect");
  const socket = await poll("the server has its end", () => served[before]);
  return new MarkedLink(mark, { socket, peer });
}

/** The ways in which a line goes while much of it has not been sent. */
const endings: readonly ((link: MarkedLink) => void)[] = [
  ({ socket }) => socket.destroy(),
  ({ socket }) => socket.destroy(new Error("a fault")),
  ({ peer }) => peer.destroy(),
  ({ socket }) => socket.end(),
  ({ peer }) => peer.end(),
];

describe("memory that links share one after the other", () => {
  it("never carries a byte of one to another, however lines stand still and end", async () => {
    const links: MarkedLink[] = [];
    for (let mark = 1; mark <= 24; mark++) links.push(await newLink(mark));
    const seen: MarkedLink[] = [...links];
    let nextMark = 25;
    for (let round = 0; round < 60; round++) {
      for (const [at, link] of links.entries()) {
        if ((round + at) % 5 === 0) link.peer.pause();
        if ((round + at) % 5 === 3) link.peer.resume();
        // Several pieces in a turn, some larger than a slab, some to a line that has gone.
        for (const size of [1, 700, 16_384, 50_000]) link.say(size);
        if ((round + at) % 11 === 0) link.say(200_000);
      }
      // In the middle of a turn, with what was claimed in it not yet handed on.
      const victim = round % links.length;
      endings[round % endings.length]?.(links[victim] as MarkedLink);
      await new Promise((resolve) => setImmediate(resolve));
      const fresh = await newLink(nextMark++);
      seen.push(fresh);
      links[victim] = fresh;
    }
    for (const { peer } of links) peer.resume();
    const isAllThere = () => links.every(({ outbox }) => outbox.bytes === 0);
    await poll("all was sent", isAllThere, 20_000);
    for (const link of seen) link.end();
    expect(seen.map(({ strangeBytes }) => strangeBytes)).toEqual(seen.map(() => 0));
    expect(seen.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0)).toBeGreaterThan(2e7);
  });
});
