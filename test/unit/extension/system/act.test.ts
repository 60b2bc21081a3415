import { Channel, frameTypes, resetFrame, systemActRequest } from "@handrail/protocol";
import { expect, it } from "vitest";
import { act } from "../../../../extension/system/act.ts";

const { signal } = new AbortController();
const stop = { act: "stop", service: "cups" } as const;

/** A computer at the other end of the channel. `answer`: what it says. */
function computer(answer: (wanted: unknown) => unknown) {
  let isClosed = false;
  const channel: Channel = new Channel(1, "system-act", () => queueMicrotask(pump));
  function pump(): void {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.CLOSE) isClosed = true;
      if (frame.type !== frameTypes.DATA) continue;
      const { wanted } = systemActRequest.decode(frame.payload);
      channel.listener.message?.(new TextEncoder().encode(JSON.stringify(answer(wanted))));
    }
  }
  const payload = Uint8Array.of(0xff, 0xff, 0x7f);
  channel.receive({ type: frameTypes.ACCEPT, channel: 1, payload }, 0);
  return { channel, isClosed: () => isClosed };
}

it("has it done, says what came of it, and closes the channel", async () => {
  let asked: unknown;
  const { channel, isClosed } = computer((wanted) => {
    asked = wanted;
    return { id: 1, outcome: "done", said: "" };
  });
  expect(await act(channel, stop, { signal })).toMatchObject({ outcome: "done" });
  expect(asked).toEqual(stop);
  await Promise.resolve();
  expect(isClosed()).toBe(true);
});

it.each([
  ["nonsense", { id: 1, outcome: "perhaps", said: "" }],
  ["the answer to another question", { id: 2, outcome: "done", said: "" }],
])("takes %s for a breach of the protocol", async (_what, answer) => {
  const { channel } = computer(() => answer);
  await expect(act(channel, stop, { signal })).rejects.toMatchObject({
    code: "protocol-violation",
  });
});

it("says why the channel was ended", async () => {
  const channel = new Channel(1, "system-act", () => undefined);
  const done = act(channel, stop, { signal });
  channel.receive(resetFrame(1, "customer-refused"), 0);
  await expect(done).rejects.toMatchObject({ code: "customer-refused" });
});
