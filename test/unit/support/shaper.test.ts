import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { type LineQuality, Shaper } from "../../support/shaper.ts";

const fast: LineQuality = { upKbitPerSecond: 100_000, downKbitPerSecond: 100_000, rttMs: 0 };

interface Listener extends AsyncDisposable {
  port: number;
}

async function listen(serve: (socket: Socket) => void): Promise<Listener> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const echo = (): Promise<Listener> => listen((socket) => socket.pipe(socket));

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Sends, ends, and gathers what comes back until the other side ends. */
async function exchange(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = await dial(port);
  socket.end(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function counting(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes);
  for (let at = 0; at + 4 <= sizeBytes; at += 4) bytes.writeUInt32LE(at, at);
  return bytes;
}

describe("a shaped line", () => {
  test("carries every byte in order, both ways, and the end after the last of them", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, { ...fast, rttMs: 4 });
    const sent = counting(1_000_000);
    expect((await exchange(line.port, sent)).equals(sent)).toBe(true);
  });

  test("takes the time that the rate asks for", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, { ...fast, upKbitPerSecond: 2_000 });
    const startedAt = performance.now();
    await exchange(line.port, Buffer.alloc(50_000));
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(195);
    expect(tookMs).toBeLessThan(600);
  });

  test("takes the time that the distance asks for", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, { ...fast, rttMs: 120 });
    const startedAt = performance.now();
    await exchange(line.port, Buffer.from("ping"));
    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThan(119);
    expect(tookMs).toBeLessThan(400);
  });

  test("keeps a far line full", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, { ...fast, rttMs: 100 });
    const startedAt = performance.now();
    await exchange(line.port, Buffer.alloc(2_500_000));
    // 200 ms for the bytes, 100 ms for the way, and what a busy machine adds.
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  test("shares its rate among connections", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, { ...fast, upKbitPerSecond: 2_000 });
    const startedAt = performance.now();
    await Promise.all([1, 2].map(() => exchange(line.port, Buffer.alloc(25_000))));
    expect(performance.now() - startedAt).toBeGreaterThan(195);
  });

  test("lets a small message of one connection pass the bulk of another", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, {
      ...{ upKbitPerSecond: 4_000, downKbitPerSecond: 4_000, rttMs: 0 },
      queueBytes: 4_096,
    });
    const bulk = exchange(line.port, Buffer.alloc(400_000));
    await sleep(100);
    const startedAt = performance.now();
    await exchange(line.port, Buffer.from("ping"));
    const tookMs = performance.now() - startedAt;
    await bulk;
    // The bulk alone takes 800 ms.
    expect(tookMs).toBeLessThan(400);
  });

  test("holds the sender back when the receiver does not read", async () => {
    await using target = await listen((socket) => socket.pause());
    await using line = await Shaper.start(target.port, fast);
    const socket = await dial(line.port);
    socket.on("error", () => socket.destroy());
    const sizeBytes = 64_000_000;
    socket.write(Buffer.alloc(sizeBytes));
    await sleep(1_000);
    // Node counts what it could not yet hand to the system.
    expect(socket.writableLength).toBeGreaterThan(0);
    socket.destroy();
  });

  test("breaks what is under way when it is cut, and takes new connections", async () => {
    await using target = await echo();
    await using line = await Shaper.start(target.port, fast);
    const socket = await dial(line.port);
    const broken = expect(once(socket.resume(), "close")).rejects.toThrow("ECONNRESET");
    line.cut();
    await broken;
    expect(await exchange(line.port, Buffer.from("again"))).toEqual(Buffer.from("again"));
  });

  test("refuses as the target refuses", async () => {
    const target = await echo();
    await target[Symbol.asyncDispose]();
    await using line = await Shaper.start(target.port, fast);
    const socket = await dial(line.port);
    await expect(once(socket.resume(), "close")).rejects.toThrow("ECONNRESET");
  });
});
