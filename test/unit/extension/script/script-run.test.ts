import {
  Channel,
  type ErrorCode,
  frameTypes,
  resetFrame,
  scriptConsoleMessage,
  scriptCustomerMessage,
  type ScriptCustomerMessage,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import { followRun } from "../../../../extension/script/script-run.ts";

/** A run that is followed; the test is the customer's client. */
function follow(signal = new AbortController().signal) {
  const channel = new Channel(1, "script", () => undefined);
  channel.accept();
  const heard: string[] = [];
  const output = (stream: string, bytes: Uint8Array) =>
    void heard.push(`${stream} ${Buffer.from(bytes).toString()}`);
  const end = followRun(channel, { output }, signal);
  end.catch(() => undefined);
  const sent = () => {
    const messages = [];
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.DATA) messages.push(scriptConsoleMessage.decode(frame.payload));
    }
    return messages;
  };
  const says = (message: ScriptCustomerMessage) =>
    channel.listener.message?.(scriptCustomerMessage.encode(message));
  const resets = (code: ErrorCode) => channel.receive(resetFrame(1, code), 0);
  return { channel, heard, end, sent, says, resets };
}

const bytes = new TextEncoder().encode("hello");

it("hands on what the script writes, and how it ended", async () => {
  const { says, heard, end } = follow();
  says({ type: "started", program: "/bin/sh" });
  says({ type: "stdout", bytes });
  says({ type: "stderr", bytes });
  says({ type: "ended", code: 3, durationMs: 20, why: 0 });
  expect(await end).toEqual({ code: 3, durationMs: 20, why: "exited" });
  expect(heard).toEqual(["stdout hello", "stderr hello"]);
});

it("cancels, and waits for the last words", async () => {
  const stop = new AbortController();
  const { says, sent, heard, end } = follow(stop.signal);
  stop.abort();
  expect(sent()).toEqual([{ type: "cancel" }]);
  says({ type: "stdout", bytes });
  says({ type: "ended", code: -15, durationMs: 20, why: 1 });
  expect(await end).toMatchObject({ code: -15, why: "cancelled" });
  expect(heard).toEqual(["stdout hello"]);
});

it("says why nothing is known of the end, as when the line was lost for good", async () => {
  const lost = follow();
  lost.channel.lost("unavailable");
  await expect(lost.end).rejects.toMatchObject({ code: "unavailable" });
  const revoked = follow();
  revoked.resets("customer-refused");
  await expect(revoked.end).rejects.toMatchObject({ code: "customer-refused" });
});

it.each([
  ["nonsense", new Uint8Array([99])],
  [
    "an end of no kind",
    scriptCustomerMessage.encode({ type: "ended", code: 0, durationMs: 0, why: 9 }),
  ],
])("ends with a client that says %s", async (_, message) => {
  const { channel, end } = follow();
  channel.listener.message?.(message);
  await expect(end).rejects.toMatchObject({ code: "protocol-violation" });
});
