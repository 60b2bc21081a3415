import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { openSocket } from "../../../support/party.ts";
import { Relay } from "../../../support/relay.ts";

let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start();
  relay.account("ann");
});
afterAll(() => relay[Symbol.asyncDispose]());

const hello = JSON.stringify({
  role: "console",
  versions: [1],
  program: { name: "test", version: "1", platform: "test" },
  accessToken: "ann",
});

async function openWith(options: { greeted: boolean }): Promise<WebSocket> {
  const socket = openSocket(relay.url);
  await once(socket, "open");
  if (!options.greeted) return socket;
  socket.send(hello);
  await once(socket, "message");
  return socket;
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

/** Sends a request as it is, and gives the first line of the answer. */
async function statusOf(request: string): Promise<string> {
  const socket = await raw();
  socket.write(request);
  const [answer] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return answer.toString().split("\r\n")[0] ?? "";
}

async function raw(): Promise<TLSSocket> {
  const socket = connect({ port: relay.port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  return socket;
}

const headers = {
  Host: "x",
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Protocol": "chat, handrail",
};

function request(
  changes: Partial<Record<keyof typeof headers, string>>,
  line = "GET /link",
): string {
  const lines = Object.entries({ ...headers, ...changes }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return `${line} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
}

describe("the handshake", () => {
  it("answers with the key of the RFC and our subprotocol, without extensions", async () => {
    const socket = await raw();
    socket.write(request({}));
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    const text = answer.toString();
    expect(text).toContain("101 Switching Protocols");
    expect(text).toContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    expect(text).toContain("Sec-WebSocket-Protocol: handrail");
    expect(text).not.toContain("Extensions");
  });

  it("refuses what is not an upgrade to a link", async () => {
    expect(await statusOf(request({ "Sec-WebSocket-Version": "8" }))).toContain("426");
    expect(await statusOf(request({ "Sec-WebSocket-Key": "short" }))).toContain("400");
    expect(await statusOf(request({ "Sec-WebSocket-Protocol": "chat" }))).toContain("400");
    expect(await statusOf(request({}, "GET /elsewhere"))).toContain("404");
    expect(await statusOf(request({}, "POST /link"))).toContain("405");
  });

  it("takes bytes that come together with the request", async () => {
    const socket = await raw();
    const payload = Buffer.from(hello);
    const frame = Buffer.alloc(8 + payload.length);
    frame.set([0x81, 0x80 | 126]);
    frame.writeUInt16BE(payload.length, 2);
    payload.copy(frame, 8);
    socket.write(Buffer.concat([Buffer.from(request({})), frame]));
    let answer = "";
    for await (const chunk of socket) {
      answer += String(chunk);
      if (answer.includes("welcome")) break;
    }
    expect(answer).toContain('"answer":"welcome"');
  });
});

describe("the socket", () => {
  it("refuses compression, which the client offers", async () => {
    const socket = await openWith({ greeted: false });
    expect(socket.extensions).toBe("");
    socket.terminate();
  });

  it("answers pings with what they carry", async () => {
    const socket = await openWith({ greeted: true });
    socket.ping("are you there?");
    const [data] = (await once(socket, "pong")) as [Buffer];
    expect(data.toString()).toBe("are you there?");
    socket.terminate();
  });

  it("takes a hello in fragments", async () => {
    const socket = await openWith({ greeted: false });
    socket.send(hello.slice(0, 10), { fin: false });
    socket.send(hello.slice(10));
    const [data] = (await once(socket, "message")) as [Buffer];
    expect(data.toString()).toContain("welcome");
    socket.terminate();
  });

  it("follows a close with the same code", async () => {
    const socket = await openWith({ greeted: true });
    socket.close(4000, "enough");
    expect(await closeCode(socket)).toBe(4000);
  });

  it.each([
    ["a hello that is too long", (s: WebSocket) => s.send("x".repeat(20_000)), 4413],
    ["a hello that is not JSON", (s: WebSocket) => s.send("hello"), 4400],
    ["a hello without a role", (s: WebSocket) => s.send('{"versions":[1]}'), 4400],
    ["a frame before the welcome", (s: WebSocket) => s.send(Buffer.of(0, 0)), 4400],
  ])("closes for %s", async (_what, act, code) => {
    const socket = await openWith({ greeted: false });
    const closed = closeCode(socket);
    act(socket);
    expect(await closed).toBe(code);
  });

  it.each([
    ["text after the welcome", (s: WebSocket) => s.send("more"), 4400],
    ["a frame that is too long", (s: WebSocket) => s.send(Buffer.alloc(17_000)), 4413],
    ["an unknown type of frame", (s: WebSocket) => s.send(Buffer.of(77, 0)), 4400],
    ["an empty frame", (s: WebSocket) => s.send(Buffer.alloc(0)), 4400],
    [
      "an acknowledgement of what was never sent",
      (s: WebSocket) => s.send(Buffer.of(9, 0, 99)),
      4400,
    ],
    ["a channel number of ours", (s: WebSocket) => s.send(openFrame(2)), 4400],
    ["JSON that is no control message", (s: WebSocket) => s.send(Buffer.from("\0\0{}")), 4400],
  ])("closes for %s", async (_what, act, code) => {
    const socket = await openWith({ greeted: true });
    const closed = closeCode(socket);
    act(socket);
    expect(await closed).toBe(code);
  });

  it("closes for what breaks the WebSocket protocol itself", async () => {
    const socket = await openWith({ greeted: true });
    const closed = closeCode(socket);
    // ws masks whatever it sends, so the bytes go past it.
    bareOf(socket).write(Buffer.of(0x82, 0x01, 0x00));
    expect(await closed).toBe(1002);
  });
});

function openFrame(channel: number): Buffer {
  return Buffer.concat([Buffer.of(3, channel), Buffer.from('{"kind":"screen","lsid":""}')]);
}

/** The TLS socket under a WebSocket. */
function bareOf(socket: WebSocket): TLSSocket {
  return Reflect.get(socket, "_socket") as TLSSocket;
}
