import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadIdentity } from "../../../../appliance/server/certificate/identity.ts";
import { TicketKeys } from "../../../../appliance/server/http/ticket-keys.ts";
import { applianceValues } from "../../../../appliance/server/store/appliance-values.ts";
import { openStore, type Store } from "../../../../appliance/server/store/database.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const hour = 3_600_000;

let store: Store;
let clock: FakeClock;
beforeEach(() => {
  store = openStore(":memory:");
  clock = new FakeClock();
});
afterEach(() => store[Symbol.dispose]());

function newKeys(use: (keys: Buffer) => void = () => undefined): TicketKeys {
  return new TicketKeys({ values: applianceValues(store), clock, use });
}

describe("the keys of TLS tickets", () => {
  it("outlive a restart, for twelve hours in all", () => {
    const first = newKeys();
    clock.advance(11 * hour);
    first[Symbol.dispose]();
    const second = newKeys();
    expect(second.current).toEqual(first.current);
    second[Symbol.dispose]();
    clock.advance(2 * hour);
    using third = newKeys();
    expect(third.current).not.toEqual(first.current);
    expect(third.current).toHaveLength(48);
  });

  it("are made anew while the appliance runs", () => {
    const used: Buffer[] = [];
    using keys = newKeys((made) => used.push(made));
    const first = keys.current;
    clock.advance(36 * hour + 1);
    expect(used).toHaveLength(3);
    expect(new Set([first, ...used].map((each) => each.toString("hex"))).size).toBe(4);
    expect(keys.current).toEqual(used.at(-1));
  });

  it("are not kept for longer because the clock was set back", () => {
    const first = newKeys();
    first[Symbol.dispose]();
    clock.jumpTo(clock.now() - 1000 * hour);
    using second = newKeys();
    expect(second.current).not.toEqual(first.current);
  });
});

describe("a client with a ticket", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-tickets-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function listen(keys: TicketKeys): Promise<Server> {
    const { certificate, privateKey } = await loadIdentity(folder, "127.0.0.1");
    const server = createServer({ cert: certificate, key: privateKey, ticketKeys: keys.current });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  /** Connects, and gives the ticket for the next time. */
  async function visit(
    server: Server,
    version: "TLSv1.2" | "TLSv1.3",
    session?: Buffer,
  ): Promise<{ ticket: Buffer; isResumed: boolean }> {
    const { port } = server.address() as AddressInfo;
    const versions = { minVersion: version, maxVersion: version };
    const options = { host: "127.0.0.1", port, rejectUnauthorized: false, ...versions };
    const socket = connect({ ...options, ...(session ? { session } : {}) });
    const ticket = once(socket, "session") as Promise<[Buffer]>;
    await once(socket, "secureConnect");
    // In TLS 1.3 the ticket comes after the handshake, to whoever reads.
    socket.resume();
    const isResumed = socket.isSessionReused();
    // Who goes on with a ticket gets no other.
    const kept = isResumed ? session : undefined;
    const result = { ticket: kept ?? (await ticket)[0], isResumed };
    socket.destroy();
    return result;
  }

  it.each(["TLSv1.2", "TLSv1.3"] as const)("of %s resumes after a restart", async (version) => {
    const firstKeys = newKeys();
    const first = await listen(firstKeys);
    const { ticket } = await visit(first, version);
    first.close();
    firstKeys[Symbol.dispose]();
    clock.advance(hour);
    using keys = newKeys();
    const second = await listen(keys);
    expect((await visit(second, version, ticket)).isResumed).toBe(true);
    second.close();
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "of %s made with keys of before is greeted as new, and can resume again",
    async (version) => {
      using keys = newKeys((made) => server.setTicketKeys(made));
      const server: Server = await listen(keys);
      const { ticket } = await visit(server, version);
      expect((await visit(server, version, ticket)).isResumed).toBe(true);
      clock.advance(12 * hour);
      const again = await visit(server, version, ticket);
      expect(again.isResumed).toBe(false);
      expect((await visit(server, version, again.ticket)).isResumed).toBe(true);
      server.close();
    },
  );
});
