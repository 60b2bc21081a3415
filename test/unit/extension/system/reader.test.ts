import {
  Channel,
  HandrailError,
  systemAnswer,
  systemCategories,
  frameTypes,
  resetFrame,
  systemRequest,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import { readAll } from "../../../../extension/system/reader.ts";

/** A computer at the other end of the channel. `answer`: what it says to a request. */
function computer(answer: (id: number) => unknown) {
  const asked: string[] = [];
  const wake = () => queueMicrotask(pump);
  const channel: Channel = new Channel(1, "system", wake);
  let isClosed = false;
  function pump(): void {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.CLOSE) isClosed = true;
      if (frame.type !== frameTypes.DATA) continue;
      const { id, category } = systemRequest.decode(frame.payload);
      asked.push(category);
      channel.listener.message?.(new TextEncoder().encode(JSON.stringify(answer(id))));
    }
  }
  channel.receive(
    { type: frameTypes.ACCEPT, channel: 1, payload: Uint8Array.of(0xff, 0xff, 0x7f) },
    0,
  );
  return { channel, asked, isClosed: () => isClosed };
}

const report = { facts: {}, lists: [] };
const begins = () => undefined;
const { signal } = new AbortController();

it("asks for every category in turn, and closes the channel", async () => {
  const { channel, asked, isClosed } = computer((id) =>
    id === 2
      ? { answer: "failed", id, reason: "unavailable" }
      : { answer: "report", id, takenAt: 1, report },
  );
  const told: string[] = [];
  const readings = await readAll(channel, { begins: (each) => told.push(each), signal });
  expect(readings.map(({ category }) => category)).toEqual(systemCategories);
  expect(readings[1]?.answer.answer).toBe("failed");
  expect(asked).toEqual(systemCategories);
  expect(told).toEqual(systemCategories);
  await Promise.resolve();
  expect(isClosed()).toBe(true);
});

it("refuses an answer to another question, and what is none", async () => {
  const another = computer(() => ({ answer: "report", id: 9, takenAt: 1, report }));
  const none = computer(() => "hello");
  for (const { channel } of [another, none]) {
    await expect(readAll(channel, { begins, signal })).rejects.toMatchObject({
      code: "protocol-violation",
    });
  }
});

it("says why the channel ended", async () => {
  const { channel } = computer(() => undefined);
  const reading = readAll(channel, { begins: () => undefined, signal });
  channel.receive(resetFrame(1, "customer-refused", "no"), 0);
  await expect(reading).rejects.toMatchObject({ code: "customer-refused" });
});

it("stops when the person has had enough", async () => {
  const stop = new AbortController();
  const { channel } = computer((id) => {
    stop.abort(new HandrailError("cancelled", "by the person"));
    return systemAnswer.encode({ answer: "failed", id, reason: "too-slow" });
  });
  const reading = readAll(channel, { begins, signal: stop.signal });
  await expect(reading).rejects.toMatchObject({ code: "cancelled" });
});
