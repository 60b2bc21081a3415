import {
  Channel,
  closeFrame,
  frameTypes,
  resetFrame,
  systemAnswer,
  systemRequest,
} from "@handrail/protocol";
import { beforeEach, expect, it } from "vitest";
import { SnapshotTool } from "../../../../appliance/client/core/snapshot.ts";
import { SystemTool } from "../../../../appliance/client/core/system.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { poll } from "../../../support/poll.ts";

let channel: Channel;
let reported: [event: string, detail: Readonly<Record<string, string | number | boolean>>][];
beforeEach(async () => {
  channel = new Channel(2, "snapshot", () => undefined);
  reported = [];
  const source = { read: async () => ({ facts: {}, lists: [] }) };
  const tool = new SnapshotTool(new SystemTool(source, () => 5));
  tool.use({ channel, by: "Ann", report: (...told) => void reported.push(told) });
  channel.accept();
  for (const [place, category] of (["computer", "memory"] as const).entries()) {
    channel.listener.message?.(systemRequest.encode({ id: place + 1, category }));
  }
  const answers: number[] = [];
  await poll("both are answered", () => {
    for (let frame = channel.next(0); frame; frame = channel.next(0)) {
      if (frame.type === frameTypes.DATA) answers.push(systemAnswer.decode(frame.payload).id);
    }
    return answers.length === 2;
  });
});

it("says what was kept once it is kept, and nothing of it before", () => {
  expect(reported).toEqual([]);
  channel.receive(closeFrame(2), 0);
  expect(reported).toEqual([["snapshot.kept", { categories: "computer memory" }]]);
});

it("says nothing of what was not kept", () => {
  channel.receive(resetFrame(2, "disk-full"), 0);
  expect(reported).toEqual([]);
});

it("is told to the customer by the names of what is in it", () => {
  const facts = { categories: "computer memory" };
  expect(texts.en.deeds["snapshot.kept"]?.(facts)).toBe(
    "Kept with this session how your computer is now: Computer, Memory",
  );
  expect(texts.fr.deeds["snapshot.kept"]?.(facts)).toBe(
    "A gardé avec cette session l’état de votre ordinateur : Ordinateur, Mémoire",
  );
});
