import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { linkPath, linkSubprotocol } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { administrator, Appliance } from "../support/appliance.ts";
import { connectConsole } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { accessToken, cookieOf } from "../support/signed-in.ts";

let appliance: Appliance;
beforeAll(async () => {
  const env = {
    // All of 127.0.0.0/8 is this machine: each address of it is a visitor of its own.
    HANDRAIL_ADDRESS: "0.0.0.0",
    HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "8",
    HANDRAIL_KEY_ATTEMPTS_PER_SITE: "20",
  };
  appliance = await Appliance.start({ env });
  await appliance.setUp();
});
afterAll(() => appliance[Symbol.asyncDispose]());

/** Connections that say nothing, and whether the appliance has closed them. */
class Silent implements Disposable {
  readonly sockets: Socket[] = [];
  closed = 0;

  add(socket: Socket): Socket {
    this.sockets.push(socket);
    socket.on("error", () => undefined).on("close", () => this.closed++);
    socket.resume();
    return socket;
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** A line on which the appliance waits for a hello. */
async function upgraded(silent: Silent, from: string): Promise<void> {
  const options = { host: "127.0.0.1", port: appliance.port, localAddress: from };
  const socket: TLSSocket = connectTls({ ...options, rejectUnauthorized: false });
  silent.add(socket);
  const answered = new Promise<void>((resolve) => {
    socket.once("data", () => resolve()).once("close", () => resolve());
  });
  socket.write(
    `GET ${linkPath} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      `Sec-WebSocket-Protocol: ${linkSubprotocol}\r\n\r\n`,
  );
  await answered;
}

function form(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}

async function tryKey(key: string, from: string): Promise<number> {
  return (await appliance.ask("/start", { form: form({ key }), from })).status;
}

describe("a code that a console shows", () => {
  it("cannot be guessed by answering it at once", async () => {
    const from = "127.0.1.1";
    const password = { step: "password", name: administrator.name };
    const signIn = form({ ...password, password: administrator.password });
    const headers = { cookie: cookieOf(await appliance.ask("/device", { form: signIn, from })) };
    const page = await appliance.ask("/device", { headers, from });
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const statuses: number[] = [];
    for (let i = 0; i < 10; i++) {
      const step = i % 2 === 0 ? "allow" : "refuse";
      const guess = form({ step, user_code: "BCDF-GHJK", csrf });
      statuses.push((await appliance.ask("/device", { form: guess, headers, from })).status);
    }
    expect(statuses).toEqual([...Array<number>(8).fill(404), 429, 429]);
  });
});

describe("customers with a key", () => {
  it("come in while ten others guess without pause", async () => {
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    const guessers = Array.from({ length: 10 }, (_, i) => `127.0.2.${i + 1}`);
    const refused = new Set<string>();
    for (let round = 0; round < 8; round++) {
      for (const from of guessers) {
        if ((await tryKey("0000000", from)) === 429) refused.add(from);
      }
    }
    expect(refused.size).toBe(guessers.length);
    for (let i = 1; i <= 5; i++) {
      expect(await tryKey("0000001", `127.0.3.${i}`)).toBe(404);
      const { key } = await console.key();
      expect(await tryKey(key, `127.0.3.${i}`)).toBe(303);
    }
  });
});

describe("whoever comes and says nothing", () => {
  it("has room for so many connections from one address, and holds up no other", async () => {
    using silent = new Silent();
    const options = { host: "127.0.0.1", port: appliance.port, localAddress: "127.0.4.1" };
    for (let i = 0; i < 1_050; i++) silent.add(connect(options));
    await poll("those beyond a thousand are closed", () => silent.closed >= 50);
    expect(silent.closed).toBe(50);
    expect((await appliance.ask("/", { from: "127.0.4.2" })).status).toBe(200);
    await poll("the others are closed too, after ten seconds", () => silent.closed === 1_050);
  });

  it("is not waited for with a hello, least of all when it comes many times", async () => {
    using silent = new Silent();
    for (let i = 0; i < 13; i++) {
      await Promise.all(Array.from({ length: 40 }, () => upgraded(silent, "127.0.5.1")));
    }
    // 500 have room; of those the first 64 have ten seconds, and the others four.
    await poll("most are closed", () => silent.closed >= 520 - 64, 9_000);
    await using console = await connectConsole(appliance.url, await accessToken(appliance));
    expect(console.welcome?.representative?.name).toBe(administrator.displayName);
  });
});
