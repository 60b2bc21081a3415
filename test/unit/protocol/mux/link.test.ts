import {
  beatFrame,
  type Frame,
  frameTypes,
  LinkMemory,
  maxRetainedBytes,
  readVarint,
  varintFrame,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { codeOf } from "../refusal.ts";

describe("the memory of a link", () => {
  it("keeps what was sent until the peer has acknowledged it, by whatever frame", () => {
    const memory = sent(4);
    memory.receiving(ack(1));
    memory.receiving(beatFrame("PING", 0, 2));
    memory.receiving(beatFrame("PONG", 0, 3));
    expect(memory.resume(3).map(({ payload }) => [...payload])).toEqual([[3]]);
  });

  it("does not keep beats and acknowledgements", () => {
    const memory = new LinkMemory();
    memory.sending(ack(5));
    memory.sending(beatFrame("PING", 0, 0));
    expect([memory.retainedBytes, memory.resume(0)]).toEqual([0, []]);
  });

  it("ignores an old acknowledgement", () => {
    const memory = sent(3);
    memory.receiving(ack(2));
    memory.receiving(ack(1));
    expect(memory.resume(2)).toHaveLength(1);
  });

  it("takes no acknowledgement of what was never sent", () => {
    expect(codeOf(() => sent(3).receiving(ack(4)))).toBe("protocol-violation");
  });

  it("asks for an acknowledgement every 64 frames", () => {
    const memory = new LinkMemory();
    const due = Array.from({ length: 130 }, () => {
      const isDue = memory.receiving(data(0));
      if (isDue) expect(readVarint(memory.acknowledgement())).toBe(memory.received);
      return isDue;
    });
    expect(due.flatMap((isDue, at) => (isDue ? [at + 1] : []))).toEqual([64, 128]);
  });

  it("asks for an acknowledgement every 64 KB", () => {
    const memory = new LinkMemory();
    const due = Array.from({ length: 4 }, () => memory.receiving(data(16 * 1024)));
    expect(due).toEqual([false, false, false, true]);
  });

  it("is full at its bound, and no longer once the peer acknowledges", () => {
    const memory = new LinkMemory();
    let count = 0;
    for (; !memory.isFull; count++) memory.sending(data(16 * 1024));
    expect(memory.retainedBytes).toBeGreaterThanOrEqual(maxRetainedBytes);
    memory.receiving(ack(count));
    expect([memory.isFull, memory.retainedBytes]).toEqual([false, 0]);
  });
});

function data(sizeBytes: number): Frame {
  return { type: frameTypes.DATA, channel: 0, payload: new Uint8Array(sizeBytes) };
}

function ack(received: number): Frame {
  return varintFrame(frameTypes.ACK, 0, received);
}

function sent(count: number): LinkMemory {
  const memory = new LinkMemory();
  for (let i = 0; i < count; i++) memory.sending({ ...data(1), payload: Uint8Array.of(i) });
  return memory;
}
