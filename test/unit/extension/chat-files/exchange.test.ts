import { createHash, randomBytes } from "node:crypto";
import { queryObjects } from "node:v8";
import { Channel, chatFileMessage, type ChatFileMessage } from "@handrail/protocol";
import { expect, it } from "vitest";
import { Arrival } from "../../../../extension/chat-files/exchange.ts";

const exchange = { signal: new AbortController().signal, progress: () => undefined };

it("a file that comes in many small pieces takes no more memory than the file", async () => {
  const content = randomBytes(20_000);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const file = { name: "log.txt", sizeBytes: content.length, sha256 };
  const arrival = new Arrival(7, file);
  const channel = new Channel(2, "chat-file", () => undefined);
  const taken = arrival.take(channel, exchange);
  const hear = (message: ChatFileMessage) =>
    channel.listener.message?.(chatFileMessage.encode(message));
  const before = queryObjects(Uint8Array, { format: "count" });
  for (const byte of content.subarray(1)) hear({ type: "piece", bytes: Uint8Array.of(byte) });
  expect(queryObjects(Uint8Array, { format: "count" }) - before).toBeLessThan(1000);
  channel.listener.closed?.("customer-away", "");
  await expect(taken).rejects.toMatchObject({ code: "customer-away" });
});

it("a file goes on where it was, and is what was announced", async () => {
  const content = randomBytes(1000);
  const sha256 = createHash("sha256").update(content).digest("hex");
  const arrival = new Arrival(7, { name: "log.txt", sizeBytes: content.length, sha256 });
  const half = (bytes: Uint8Array) => {
    const channel = new Channel(2, "chat-file", () => undefined);
    const taken = arrival.take(channel, exchange);
    channel.listener.message?.(chatFileMessage.encode({ type: "piece", bytes }));
    return { channel, taken };
  };
  const first = half(content.subarray(0, 400));
  first.channel.listener.closed?.("customer-away", "");
  await expect(first.taken).rejects.toMatchObject({ code: "customer-away" });
  const { taken } = half(content.subarray(400));
  const came = await taken;
  expect("bytes" in came && content.equals(came.bytes)).toBe(true);
});
