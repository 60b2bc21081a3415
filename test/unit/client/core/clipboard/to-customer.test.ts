import { clipboardSendMessage, clipboardSentMessage, encodeText } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { ClipboardToCustomer } from "../../../../../appliance/client/core/clipboard/to-customer.ts";
import { FakeClock } from "../../../../support/fake-clock.ts";
import { clockOf } from "../edges.ts";
import { HeldClipboard, ToolTrial } from "./customer-end.ts";

function begin() {
  const clipboard = new HeldClipboard();
  const clock = new FakeClock();
  const tool = new ClipboardToCustomer(clipboard, clockOf(clock));
  const use = () =>
    new ToolTrial(tool, "clipboard-to-customer", (bytes) => clipboardSentMessage.decode(bytes));
  return { clipboard, clock, tool, use, trial: use() };
}

function send(trial: { hear(message: Uint8Array): void }, copy: number, text: string): void {
  const bytes = encodeText(text);
  const begun = { type: "begin", copy, format: "text", sizeBytes: bytes.length } as const;
  trial.hear(clipboardSendMessage.encode(begun));
  trial.hear(clipboardSendMessage.encode({ type: "piece", bytes: bytes.subarray(0, 2) }));
  trial.hear(clipboardSendMessage.encode({ type: "piece", bytes: bytes.subarray(2) }));
}

describe("what a representative sends", () => {
  it("is placed, answered and reported by its size and hash, never its content", async () => {
    const { clipboard, trial } = begin();
    send(trial, 7, "secret words");
    await trial.until("it is answered", (said) => said.length === 1);
    expect(trial.said).toEqual([{ type: "placed", copy: 7 }]);
    expect(clipboard.placed).toEqual([{ format: "text", bytes: encodeText("secret words") }]);
    const detail = { format: "text", sizeBytes: 12, sha256: "hash of it" };
    expect(trial.reported).toEqual([["clipboard-to-customer.placed", detail]]);
    expect(JSON.stringify(trial.reported)).not.toContain("secret");
  });

  it("is answered as refused when the clipboard cannot be used", async () => {
    const { clipboard, trial } = begin();
    clipboard.isBroken = true;
    send(trial, 1, "text");
    await trial.until("it is answered", (said) => said.length === 1);
    expect(trial.said).toEqual([{ type: "refused", copy: 1, reason: "failed" }]);
    expect(trial.reported[0]?.[0]).toBe("clipboard-to-customer.refused");
  });

  it("ends its channel when it is a bomb: said to be huge, or not what was said", () => {
    const bombs = [
      { type: "begin", copy: 1, format: "png", sizeBytes: 0xffff_ffff },
      { type: "piece", bytes: new Uint8Array(10) },
    ] as const;
    const codes = bombs.map((bomb) => {
      const { trial, clipboard } = begin();
      trial.hear(clipboardSendMessage.encode(bomb));
      trial.pump();
      expect(clipboard.placed).toEqual([]);
      expect(trial.reported.map(([event]) => event)).toEqual(["clipboard-to-customer.refused"]);
      return [trial.ended, trial.reported[0]?.[1]["because"]];
    });
    expect(codes).toEqual([
      ["clipboard-too-large", "too-large"],
      ["protocol-violation", "protocol-violation"],
    ]);
  });

  it("ends its channel when it comes again and again, and may come again later", async () => {
    const { clipboard, clock, trial, use } = begin();
    for (let copy = 1; copy <= 11; copy++) send(trial, copy, `copy ${copy}`);
    trial.pump();
    expect(trial.ended).toBe("too-many-attempts");
    expect(trial.reported.at(-1)?.[1]).toEqual({ because: "too-often" });
    clock.advance(2000);
    const again = use();
    send(again, 12, "later");
    await again.until("it is placed", (said) => said.length === 1);
    expect(clipboard.placed.at(-1)?.bytes).toEqual(encodeText("later"));
  });

  it("comes from four consoles at a time at most", () => {
    const { use, trial } = begin();
    const others = [use(), use(), use()];
    expect(() => use()).toThrow();
    others[0]?.channel.lost("unavailable");
    use();
    trial.hear(new Uint8Array([9]));
    use();
    expect(() => use()).toThrow();
  });
});
