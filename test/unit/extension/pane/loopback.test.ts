import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { isWebview, Loopback, type LoopbackSocket } from "../../../../extension/pane/loopback.ts";
import { poll } from "../../../support/poll.ts";

const webview = "vscode-webview://abc";

let loopback: Loopback;
let heard: Uint8Array[];
let opened: LoopbackSocket[];
let closed: number;

beforeEach(() => {
  loopback = new Loopback();
  heard = [];
  opened = [];
  closed = 0;
});
afterEach(() => loopback.dispose());

function offer() {
  return loopback.offer({
    opened: (socket) => opened.push(socket),
    message: (bytes) => heard.push(bytes),
    closed: () => closed++,
  });
}

async function connect(url: string, token: string, origin = webview): Promise<WebSocket> {
  const socket = new WebSocket(url, { origin });
  await once(socket, "open");
  socket.send(token);
  return socket;
}

async function closeCode(socket: WebSocket): Promise<unknown> {
  const [code] = (await once(socket, "close")) as unknown[];
  return code;
}

describe("the loopback", () => {
  it("carries bytes both ways untouched once the token was said", async () => {
    const { url, token } = await offer();
    const socket = await connect(url, token);
    await poll("the pane is there", () => opened.length === 1);
    const got = once(socket, "message");
    opened[0]?.send(Uint8Array.of(1, 2, 3));
    expect([...((await got) as [Buffer])[0]]).toEqual([1, 2, 3]);
    socket.send(Uint8Array.of(0, 9));
    await poll("the message arrived", () => heard.length === 1);
    expect([...(heard[0] ?? [])]).toEqual([0, 9]);
    socket.close();
    await poll("the end arrived", () => closed === 1);
  });

  it("lets nobody in with a token that is wrong, or is not text", async () => {
    const { url, token } = await offer();
    expect(await closeCode(await connect(url, `${token.slice(1)}x`))).toBe(4401);
    const binary = new WebSocket(url, { origin: webview });
    await once(binary, "open");
    binary.send(Buffer.from(token), { binary: true });
    expect(await closeCode(binary)).toBe(4401);
    expect(opened).toEqual([]);
  });

  it("takes a token once", async () => {
    const { url, token } = await offer();
    await connect(url, token);
    await poll("the first is in", () => opened.length === 1);
    expect(await closeCode(await connect(url, token))).toBe(4401);
    expect(opened).toHaveLength(1);
  });

  it("turns away pages of the open web before they can say anything", async () => {
    const { url } = await offer();
    const socket = new WebSocket(url, { origin: "https://evil.example" });
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toContain("401");
  });

  it("ends a pane that sends more than a pane ever does", async () => {
    const { url, token } = await offer();
    const socket = await connect(url, token);
    await poll("the pane is there", () => opened.length === 1);
    socket.send(new Uint8Array(128 * 1024));
    expect(await closeCode(socket)).not.toBe(1000);
    expect(heard).toEqual([]);
  });
});

it.each([
  ["vscode-webview://1a2b", true],
  ["https://1a2b.vscode-cdn.net", true],
  ["http://127.0.0.1:8080", true],
  ["https://vscode-cdn.net.evil.example", false],
  ["https://evil.example", false],
  ["null", false],
  [undefined, false],
])("an origin of %s is a webview's: %s", (origin, expected) => {
  expect(isWebview(origin)).toBe(expected);
});
