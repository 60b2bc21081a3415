import {
  type ClipboardGetMessage,
  clipboardGetMessage,
  clipboardGotMessage,
  maxFollowingBytes,
} from "@handrail/protocol";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ClipboardFromCustomer } from "../../../../../appliance/client/core/clipboard/from-customer.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";
import { HeldClipboard, ToolTrial } from "./customer-end.ts";

function begin() {
  const clipboard = new HeldClipboard();
  const clock = new FakeClock();
  const tool = new ClipboardFromCustomer(clipboard, clockOf(clock));
  const use = () =>
    new ToolTrial(tool, "clipboard-from-customer", (bytes) => clipboardGotMessage.decode(bytes));
  const trial = use();
  const wish = (message: ClipboardGetMessage) => trial.hear(clipboardGetMessage.encode(message));
  return { clipboard, clock, tool, use, trial, wish };
}

/** Everything that is due has happened. */
async function settled(trial: { pump(): void }): Promise<void> {
  for (let turns = 0; turns < 10; turns++) {
    await turn();
    trial.pump();
  }
}

describe("the customer's clipboard", () => {
  it("is given when it is asked for, and reported by its size and hash before it goes", async () => {
    const { clipboard, trial, wish } = begin();
    clipboard.copy("what was copied");
    wish({ type: "get", ask: 3 });
    await trial.until("it comes", (said) => said.some(({ type }) => type === "piece"));
    expect(trial.said).toEqual([
      { type: "begin", ask: 3, generation: 2, format: "text", sizeBytes: 15 },
      { type: "piece", bytes: new Uint8Array(Buffer.from("what was copied")) },
    ]);
    expect(trial.reported).toEqual([
      [
        "clipboard-from-customer.given",
        {
          ...{ format: "text", sizeBytes: 15, sha256: "hash of what was copied" },
          isAutomatic: false,
        },
      ],
    ]);
  });

  it.each(["empty", "format", "secret", "too-large", "too-slow", "failed"] as const)(
    "is answered with the reason when there is none: %s",
    async (none) => {
      const { clipboard, trial, wish } = begin();
      clipboard.reading = { none };
      wish({ type: "get", ask: 1 });
      await trial.until("it is answered", (said) => said.length === 1);
      expect(trial.said).toEqual([{ type: "refused", ask: 1, reason: none }]);
    },
  );

  it("goes by itself only while it is followed, and not what was copied before", async () => {
    const { clipboard, clock, trial, wish } = begin();
    clipboard.copy("before");
    clock.advance(1000);
    wish({ type: "follow", known: 0 });
    await settled(trial);
    expect(trial.said).toEqual([]);
    clipboard.copy("during");
    clock.advance(1000);
    await trial.until("it comes", (said) => said.length === 2);
    expect(trial.said[0]).toMatchObject({ type: "begin", ask: 0, generation: 3 });
    expect(trial.reported[0]?.[1]["isAutomatic"]).toBe(true);
    wish({ type: "rest" });
    clipboard.copy("after");
    clock.advance(1000);
    await settled(trial);
    expect(trial.said.length).toBe(2);
    // Whoever comes back gets what it has missed, once.
    wish({ type: "follow", known: 3 });
    await trial.until("it comes", (said) => said.length === 4);
    wish({ type: "follow", known: 4 });
    await settled(trial);
    expect(trial.said.length).toBe(4);
  });

  it("does not go by itself when it is a secret, and waits to be asked for when it is large", async () => {
    const { clipboard, clock, trial, wish } = begin();
    wish({ type: "follow", known: 0 });
    clipboard.copy("");
    clipboard.reading = { none: "secret" };
    clock.advance(1000);
    await settled(trial);
    expect(trial.said).toEqual([]);
    clipboard.copy("x".repeat(maxFollowingBytes + 1));
    clock.advance(1000);
    await trial.until("it is told", (said) => said.length === 1);
    expect(trial.said).toEqual([{ type: "refused", ask: 0, reason: "large" }]);
  });

  it("is not followed for a while when a program copies thousands of times", async () => {
    const { clipboard, clock, trial, wish } = begin();
    wish({ type: "follow", known: 0 });
    for (let batch = 0; batch < 20; batch++) clipboard.copy(`bomb ${batch}`, 500);
    await trial.until("it is told", (said) => said.length > 0);
    clock.advance(2000);
    await settled(trial);
    expect(trial.said).toEqual([{ type: "refused", ask: 0, reason: "too-often" }]);
    expect(trial.reported).toEqual([["clipboard-from-customer.refused", { because: "too-often" }]]);
    expect(clipboard.reads).toBe(0);
    clock.advance(30_000);
    await trial.until("the last one comes", (said) => said.length === 3);
  });

  it("is not read faster than a person asks", async () => {
    const { clipboard, trial, wish } = begin();
    clipboard.copy("text");
    for (let ask = 1; ask <= 500; ask++) wish({ type: "get", ask });
    await trial.until("all are answered", (said) => said.length === 510);
    expect(clipboard.reads).toBe(10);
    const refused = trial.said.filter((each) => each.type === "refused");
    expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["too-often"]));
  });

  it("goes nowhere any more once the channel has gone", async () => {
    const { clipboard, clock, trial, wish, tool } = begin();
    wish({ type: "follow", known: 0 });
    clipboard.copy("x".repeat(1_000_000));
    clock.advance(1000);
    trial.channel.lost("unavailable");
    await settled(trial);
    expect(trial.reported).toEqual([]);
    tool[Symbol.dispose]();
    expect(clipboard.isDisposed).toBe(true);
  });
});
